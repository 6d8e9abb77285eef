import Conversion
import Formats
import TestSupport
import XCTest

/// PDF documents made of PDF documents: each option once, and several in one go.
final class PDFWorkTests: XCTestCase {
  private func only(_ made: [PDFTrial.Made], file: StaticString = #filePath, line: UInt = #line) throws -> SeenPDF {
    XCTAssertEqual(made.count, 1, file: file, line: line)
    return try SeenPDF(try XCTUnwrap(made.first).bytes)
  }

  func testMerge_WithPagesOfEachFile_TakesThose() throws {
    let trial = try PDFTrial()
    let sources = [SamplePDF.numbered(3, "First").bytes, SamplePDF.numbered(2, "Other").bytes]
    let made = try only(trial.make(sources, ["merge": "true", "merge_pages": "3,1;z"]))
    XCTAssertEqual(try made.texts, ["First 3", "First 1", "Other 2"])
    XCTAssertEqual(try made.complaints(), "")
    XCTAssertEqual(trial.failure(sources, ["merge": "true", "merge_pages": "1"])?.code, .unsupportedConversion)
  }

  func testRotate_OfChosenPages_TurnsThoseAlone() throws {
    let made = try only(PDFTrial().make(SamplePDF.numbered(3).bytes, ["rotate": "90", "rotate_pages": "2-z"]))
    XCTAssertEqual(try ["1", "2", "3"].map { try made.info("Page    \($0) rot") }, ["0", "90", "90"])
  }

  func testPermissions_AreThoseAskedFor() throws {
    let asked = [
      "owner_password": "o", "permit_print": "low", "permit_modify": "form", "permit_copy": "false",
      "permit_annotate": "false",
    ]
    let made = try only(PDFTrial().make(SamplePDF.numbered(1).bytes, asked))
    let told = try made.info("Encrypted") ?? ""
    XCTAssertTrue(told.contains("print:yes copy:no change:no addNotes:no algorithm:AES-256"), told)
    let shown = try made.run("qpdf", "--show-encryption").text
    for line in ["print high resolution: not allowed", "modify forms: allowed", "modify other: not allowed"] {
      XCTAssertTrue(shown.contains(line), "\(line) in \(shown)")
    }
  }

  func testFlattenAndOptimizeImages_ChangeWhatAPageHolds() throws {
    var form = SamplePDF.numbered(1)
    form.catalogue =
      "/AcroForm << /Fields [7 0 R] /DA (/F 12 Tf 0 g) /DR << /Font << /F 3 0 R >> >> /NeedAppearances true >>"
    form.pages[0].entries = "/Annots [7 0 R]"
    form.others = [
      "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Filled) /DA (/F 12 Tf 0 g) /Rect [100 10 190 30] >>"
    ]
    let made = try only(PDFTrial().make(form.bytes, ["flatten": "true"]))
    XCTAssertEqual(try made.texts, ["Page 1 Filled"])
    XCTAssertEqual(try made.info("Form"), "none")
    let noise = SamplePDF.withNoise(side: 300).bytes
    let small = try PDFTrial().make(noise, ["optimize_images": "true"])
    XCTAssertTrue(String(decoding: small[0].bytes, as: UTF8.self).contains("/DCTDecode"))
  }

  func testCompact_IsSmaller() throws {
    let source = SamplePDF.numbered(50).bytes
    let made = try PDFTrial().make(source, ["compact": "true"])
    XCTAssertLessThan(made[0].bytes.count, source.count / 2)
    XCTAssertEqual(try SeenPDF(made[0].bytes).pageCount, 50)
  }

  func testStamp_StandsOnThePagesThatItIsFor() throws {
    let trial = try PDFTrial()
    var source = SamplePDF.numbered(4, height: 400)
    source.pages[2].turn = 90
    let made = try only(
      trial.make(source.bytes, ["stamp_text": "Geprüft – 5 €", "stamp_pages": "2-3", "stamp_position": "top-right"]))
    XCTAssertEqual(try made.texts.map { $0.contains("Geprüft – 5 €") }, [false, true, true, false])
    XCTAssertEqual(try made.complaints(), "")
    for below in ["true", "false"] {
      let diagonal = try only(
        trial.make(source.bytes, ["stamp_text": "Draft", "stamp_diagonal": "true", "stamp_below": below]))
      XCTAssertEqual(try diagonal.pageCount, 4)
    }
  }

  /// The box of a word on a page, in points from the upper left corner.
  private func box(_ seen: SeenPDF, _ word: String) throws -> [Double] {
    let text = try Shell.run("pdftotext", "-cropbox", "-bbox", seen.path, "-").text
    let line = try XCTUnwrap(text.split(separator: "\n").first { $0.contains(">\(word)<") }, text)
    return line.split(separator: "\"").compactMap { Double($0) }
  }

  func testStamp_StandsWhereItIsAskedFor_OnTurnedAndCroppedPages() throws {
    let trial = try PDFTrial()
    for turn in [0, 90, 180, 270] {
      var source = SamplePDF.numbered(1, "Own", width: 400, height: 300)
      source.pages[0].turn = turn
      source.pages[0].entries = "/CropBox [50 30 350 230]"
      let (width, height) = turn % 180 == 0 ? (300.0, 200.0) : (200.0, 300.0)
      for position in ["top-left", "bottom-right", "center"] {
        let made = try only(
          trial.make(
            source.bytes, ["stamp_text": "Mark", "stamp_size": "20", "stamp_position": position]))
        let box = try box(made, "Mark")
        let centre = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        let places: [String: (x: Double, y: Double)] = [
          "top-left": (59, 45), "bottom-right": (width - 59, height - 45), "center": (width / 2, height / 2),
        ]
        let wanted = try XCTUnwrap(places[position])
        XCTAssertEqual(centre.0, wanted.x, accuracy: 6, "\(turn) \(position)")
        XCTAssertEqual(centre.1, wanted.y, accuracy: 8, "\(turn) \(position)")
      }
    }
  }

  func testPageNumbers_AreWritten() throws {
    let made = try only(
      PDFTrial().make(
        SamplePDF.numbered(3).bytes,
        ["page_numbers": "true", "page_number_format": "page-n-of-total", "first_number": "5", "pages": "3,1"]))
    XCTAssertEqual(try made.texts, ["Page 3 Page 5 of 6", "Page 1 Page 6 of 6"])
  }

  func testOverlay_GoesOntoChosenPages_AndBelow() throws {
    let trial = try PDFTrial()
    let mark = SamplePDF.numbered(1, "Mark").bytes
    for below in ["true", "false"] {
      let made = try only(
        trial.make(SamplePDF.numbered(3).bytes, ["stamp_pages": "2", "stamp_below": below], overlay: mark))
      XCTAssertEqual(try made.texts.map { $0.contains("Mark") }, [false, true, false])
    }
  }

  func testEverythingInOneGo_IsDone() throws {
    let trial = try PDFTrial()
    let asked = [
      "pages": "1-3", "rotate": "90", "rotate_pages": "1", "stamp_text": "Secret", "page_numbers": "true",
      "grayscale": "true", "user_password": "open", "owner_password": "own", "permit_copy": "false",
      "linearize": "true",
    ]
    let made = try trial.make(SamplePDF.numbered(5).bytes, asked)
    let seen = try SeenPDF(made[0].bytes)
    XCTAssertEqual(try seen.complaints(password: "open"), "")
    XCTAssertNotEqual(try seen.complaints(), "")
    let back = try only(trial.make(made[0].bytes, ["password": "open", "decrypt": "true"]))
    XCTAssertEqual(try back.texts.count, 3)
    XCTAssertTrue(try back.texts.allSatisfy { $0.contains("Secret") && $0.contains("Page") })
    let split = try trial.make(
      [SamplePDF.numbered(3).bytes], ["split": "true", "stamp_text": "x", "compress": "ebook"])
    XCTAssertEqual(split.map(\.label), ["1", "2", "3"])
    let both = try only(
      trial.make(
        [SamplePDF.numbered(1).bytes, SamplePDF.numbered(1).bytes],
        ["merge": "true", "page_numbers": "true", "compress": "screen"]))
    XCTAssertEqual(try both.texts, ["Page 1 1", "Page 1 2"])
  }

  func testProtection_StaysThroughStampsAndCompression_UnlessItIsTakenOff() throws {
    let trial = try PDFTrial()
    let locked = try trial.make(
      SamplePDF.numbered(2).bytes, ["user_password": "open", "owner_password": "own", "permit_copy": "false"])[0].bytes
    for asked in [["stamp_text": "x"], ["compress": "ebook"], ["stamp_text": "x", "grayscale": "true"]] {
      let made = try trial.make(locked, asked.merging(["password": "open"]) { $1 })
      let seen = try SeenPDF(made[0].bytes)
      XCTAssertNotEqual(try seen.complaints(), "", "\(asked)")
      XCTAssertEqual(try seen.complaints(password: "open"), "", "\(asked)")
      let free = try trial.make(locked, asked.merging(["password": "open", "decrypt": "true"]) { $1 })
      XCTAssertEqual(try SeenPDF(free[0].bytes).info("Encrypted"), "no", "\(asked)")
      XCTAssertEqual(trial.failure([locked], asked)?.code, .passwordRequired, "\(asked)")
    }
    let limited = try trial.make(SamplePDF.numbered(2).bytes, ["owner_password": "own", "permit_copy": "false"])[0]
      .bytes
    let stamped = try trial.make(limited, ["stamp_text": "x"])
    XCTAssertTrue(try SeenPDF(stamped[0].bytes).info("Encrypted")?.contains("copy:no") ?? false)
  }
}
