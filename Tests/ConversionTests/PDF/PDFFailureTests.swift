import Conversion
import Formats
import TestSupport
import XCTest

/// Why a document is not converted, in words that help.
final class PDFFailureTests: XCTestCase {
  private func check(
    _ failure: ConversionFailure?, _ code: ConversionFailure.Code, _ word: String, file: StaticString = #filePath,
    line: UInt = #line
  ) {
    XCTAssertEqual(failure?.code, code, failure?.message ?? "", file: file, line: line)
    XCTAssertTrue(failure?.message.contains(word) ?? false, failure?.message ?? "", file: file, line: line)
  }

  func testDamagedDocuments_AreToldAsSuch() throws {
    let trial = try PDFTrial()
    let whole = SamplePDF.numbered(2).bytes
    let broken: [[UInt8]] = [
      Array("%PDF-1.7 nothing".utf8), Array("%PDF-1.7\n".utf8) + [UInt8](repeating: 0xA5, count: 4000),
      Array(whole.prefix(120)),
    ]
    for source in broken {
      for target in [Format.png, .jpeg, .svg, .eps, .ps, .txt, .html, .json, .pdf] {
        check(trial.failure([source], to: target), .damagedFile, "damaged")
      }
      for asked in [["stamp_text": "x"], ["compress": "ebook"], ["split": "true"]] {
        check(trial.failure([source], asked), .damagedFile, "damaged")
      }
      check(trial.failure([source], ["extract_images": "true"], to: .png), .damagedFile, "damaged")
    }
  }

  func testPasswords_AreAskedForByEveryTarget_AndOpen() throws {
    let trial = try PDFTrial()
    let words = ["user_password": "öffne \"dich\" \\", "owner_password": "own"]
    let locked = try trial.make(SamplePDF.withPictures.bytes, words)[0].bytes
    for target in [Format.png, .tiff, .jpeg, .svg, .eps, .ps, .html, .json] {
      check(trial.failure([locked], to: target), .passwordRequired, "missing or wrong")
      check(trial.failure([locked], ["password": "other"], to: target), .passwordRequired, "missing or wrong")
      for password in ["öffne \"dich\" \\", "own"] {
        XCTAssertFalse(try trial.make(locked, ["password": password], to: target).isEmpty, target.name)
      }
    }
    let images = try trial.make(locked, ["password": "own", "extract_images": "true"], to: .png)
    XCTAssertEqual(images.count, 2)
    XCTAssertEqual(try trial.make(SamplePDF.numbered(1).bytes, ["password": "not needed"], to: .png).count, 1)
  }

  func testPages_ThatAreNotThereOrTooMany_AreTold() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.numbered(3).bytes
    for target in [Format.png, .svg, .txt, .html] {
      check(
        trial.failure([source], ["pages": "2,4"], to: target), .unsupportedConversion,
        "the document has 3 pages, so there is no page 4")
    }
    check(trial.failure([source], ["pages": "4"]), .unsupportedConversion, "does not have the pages")
    check(
      trial.failure([source], ["stamp_text": "x", "stamp_pages": "9"]), .unsupportedConversion, "there is no page 9")
    let long = SamplePDF.numbered(501).bytes
    check(trial.failure([long], to: .png), .unsupportedConversion, "has 501 pages, which are too many: at most 500")
    check(
      trial.failure([long], ["pages": "1-z,1"], to: .svg), .unsupportedConversion, "502 pages are asked for")
    XCTAssertEqual(try trial.make(long, ["pages": "501", "dpi": "20"], to: .png).count, 1)
    XCTAssertEqual(try trial.make(long, to: .txt).count, 1, "text has no such limit")
  }

  func testPages_ThatAreTooLarge_AreRefusedBeforeTheyAreDrawn() throws {
    var trial = try PDFTrial()
    trial.timeLimit = .seconds(20)
    var huge = SamplePDF.numbered(2)
    (huge.pages[1].width, huge.pages[1].height) = (9_000_000, 9_000_000)
    for target in [Format.png, .jpeg, .tiff, .html] {
      check(trial.failure([huge.bytes], to: target), .tooManyPixels, "page 2")
    }
    XCTAssertEqual(try trial.make(huge.bytes, ["width": "50"], to: .png).count, 2)
    let long = SamplePDF(pages: [.init(width: 1, height: 14_400)]).bytes
    check(trial.failure([long], ["width": "1000"], to: .png), .tooManyPixels, "14400000 pixels")
    trial.maxPixels = 10_000
    check(trial.failure([SamplePDF.numbered(1).bytes], to: .png), .tooManyPixels, "may have 10000 in all")
    trial.maxPixels = 60
    check(
      trial.failure([SamplePDF.withPictures.bytes], ["extract_images": "true"], to: .png), .tooManyPixels, "8 x 8")
  }

  func testOptionsThatDoNotGoTogether_AreToldByName() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.numbered(1).bytes
    for (asked, word) in [
      (["pdfa": "2b", "user_password": "x"], "pdfa does not go together"),
      (["permit_print": "none"], "permit_print holds only"), (["split": "true", "merge": "true"], "merge"),
      (["quality": "5"], "quality"), (["width": "5"], "width"),
    ] {
      check(trial.failure([source], asked), .unsupportedConversion, word)
    }
  }
}
