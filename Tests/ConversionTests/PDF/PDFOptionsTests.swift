import Formats
import XCTest

@testable import Conversion

/// What options of PDF documents may be, without a program.
final class PDFOptionsTests: XCTestCase {
  func testPageRanges_GiveTheNumbersAsQPDFDoes() throws {
    let cases: [(String, [Int])] = [
      ("1", [1]), ("z", [9]), ("r1", [9]), ("r9", [1]), ("2-4", [2, 3, 4]), ("4-2", [4, 3, 2]), ("z-r3", [9, 8, 7]),
      ("1,1,3-3", [1, 1, 3]), ("1-z", Array(1...9)),
    ]
    for (text, numbers) in cases {
      XCTAssertTrue(PageRanges.isOne(text), text)
      XCTAssertEqual(try PageRanges(text).numbers(of: 9), numbers, text)
    }
    for text in ["", "0", "-1", "1-", "1,,2", "a", "1 ", "r", "1-2-3", "z1", String(repeating: "1,", count: 600) + "1"]
    {
      XCTAssertFalse(PageRanges.isOne(text), text)
    }
  }

  func testPageRanges_OfPagesThatAreNotThere_SayHowManyThereAre() {
    for (text, count, word) in [("4", 3, "3 pages, so there is no page 4"), ("1-r2", 1, "1 page, so")] {
      XCTAssertThrowsError(try PageRanges(text).numbers(of: count)) { error in
        XCTAssertTrue("\(error)".contains(word), "\(error)")
      }
    }
    XCTAssertThrowsError(try PageRanges(String(repeating: "1-z,", count: 200) + "1").numbers(of: 100_000))
  }

  func testStampText_IsWhatTheStandardFontsHave() {
    for text in ["a", "Entwurf – geprüft", "50 €", "“Ålesund” ŒŽ…", String(repeating: "m", count: 200)] {
      XCTAssertNotNil(StampText(text), text)
    }
    for text in ["", " ", "日本", "Привет", "a\nb", "\u{7}", "e\u{301}", "😀", String(repeating: "m", count: 201)] {
      XCTAssertNil(StampText(text), text)
    }
    XCTAssertEqual(StampText("Aé€")?.bytes, [0x41, 0xE9, 0x80])
    XCTAssertEqual(StampText("AV")?.width ?? 0, 1.334, accuracy: 0.0001)
  }

  func testPageNumbering_WritesEachFormat() throws {
    let cases = [
      ("n", "4"), ("n/total", "4/13"), ("page-n", "Page 4"), ("page-n-of-total", "Page 4 of 13"), ("dashes", "- 4 -"),
      ("roman", "iv"),
    ]
    XCTAssertEqual(PageNumbering.formats.map(\.name), cases.map(\.0))
    for (format, text) in cases {
      let options = try ConversionOptions(["page_number_format": format, "first_number": "4"])
      let numbering = PageNumbering(options, pages: 10)
      XCTAssertEqual(String(decoding: numbering.text(of: 1).bytes, as: UTF8.self), text)
    }
  }

  func testPress_SearchesForTheBestLevelThatIsSmallEnough() throws {
    let press = try XCTUnwrap(PDFPress(ConversionOptions(["target_size": "100000"])))
    XCTAssertEqual(press.search([], before: 90_000), .best(nil))
    XCTAssertEqual(press.search([], before: 200_000), .next(2))
    XCTAssertEqual(press.search([50_000], before: 200_000), .next(0))
    XCTAssertEqual(press.search([50_000, 150_000], before: 200_000), .next(1))
    XCTAssertEqual(press.search([50_000, 150_000, 90_000], before: 200_000), .best(2))
    XCTAssertEqual(press.search([150_000], before: 200_000), .next(3))
    XCTAssertEqual(press.search([150_000, 140_000, 130_000], before: 200_000), PDFPress.Search.none)
    let grey = try XCTUnwrap(PDFPress(ConversionOptions(["grayscale": "true", "target_size": "100000"])))
    XCTAssertEqual(grey.search([], before: 90_000), .next(2), "it has to become grey all the same")
    XCTAssertNil(PDFPress(try ConversionOptions(["rotate": "90"])))
  }

  func testContradictions_AreToldByName() throws {
    let cases: [([String: String], String)] = [
      (["pdfa": "2b", "user_password": "x"], "no protection"), (["pdfa": "2b", "pdf_version": "1.4"], "pdf_version"),
      (["pdf_version": "1.4", "owner_password": "x"], "1.7"), (["permit_print": "none"], "permit_print holds only"),
      (["permit_copy": "false", "user_password": "x", "owner_password": "x"], "permit_copy holds only"),
      (["rotate_pages": "1"], "needs rotate"),
    ]
    for (texts, word) in cases {
      let problem = PDFWork.problem(try ConversionOptions(texts))
      XCTAssertTrue(problem?.contains(word) ?? false, "\(texts): \(problem ?? "none")")
    }
    XCTAssertNil(PDFWork.problem(try ConversionOptions(["permit_copy": "false", "owner_password": "x"])))
  }
}
