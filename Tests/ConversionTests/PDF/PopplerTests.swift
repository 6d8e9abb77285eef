import Basics
import Conversion
import Formats
import TestSupport
import XCTest

/// What becomes of the pages of PDF documents.
final class PopplerTests: XCTestCase {
  private func sides(_ made: [PDFTrial.Made]) throws -> [PNGSides] { try made.map { try PNGSides($0.bytes) } }

  func testPictures_AreOneForEachPage_WithItsNumber() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.numbered(11).bytes
    let made = try trial.make(source, ["dpi": "36"], to: .png)
    XCTAssertEqual(made.map(\.label), (1...11).map { $0 < 10 ? "0\($0)" : "\($0)" })
    XCTAssertEqual(try sides(made), made.map { _ in PNGSides(width: 100, height: 50) })
    XCTAssertEqual(try trial.make(SamplePDF.numbered(1).bytes, to: .png).map(\.label), [nil])
    let some = try trial.make(source, ["dpi": "36", "pages": "z,2-3,2"], to: .png)
    XCTAssertEqual(some.map(\.label), ["11", "02", "03", "02-2"])
    let one = try trial.make(source, ["pages": "7"], to: .png)
    XCTAssertEqual(one.map(\.label), [nil])
    XCTAssertEqual(try sides(one), [PNGSides(width: 417, height: 209)], "150 pixels per inch")
  }

  func testPictures_TellHowFarTheyAre() throws {
    var trial = try PDFTrial()
    let told = Told()
    trial.progress = { told.percents.append($0) }
    _ = try trial.make(SamplePDF.numbered(30, width: 600, height: 800).bytes, to: .png)
    XCTAssertGreaterThan(told.percents.count, 2)
    XCTAssertEqual(told.percents, told.percents.sorted())
    XCTAssertTrue(told.percents.allSatisfy { (0...99).contains($0) })
  }

  private final class Told {
    var percents: [Int] = []
  }

  func testPictures_HaveTheSidesAskedFor() throws {
    let trial = try PDFTrial()
    var source = SamplePDF.numbered(3)
    source.pages[1].turn = 90
    source.pages[2].width = 100
    source.pages[2].height = 100
    let cases: [([String: String], [PNGSides])] = [
      (
        ["width": "100"],
        [.init(width: 100, height: 50), .init(width: 100, height: 200), .init(width: 100, height: 100)]
      ),
      (["height": "60"], [.init(width: 120, height: 60), .init(width: 30, height: 60), .init(width: 60, height: 60)]),
      (
        ["width": "100", "height": "80"],
        [.init(width: 100, height: 50), .init(width: 40, height: 80), .init(width: 80, height: 80)]
      ),
      (
        ["width": "100", "height": "80", "fit": "contain"],
        [.init(width: 100, height: 80), .init(width: 100, height: 80), .init(width: 100, height: 80)]
      ),
      (
        ["thumbnail": "50", "rotate": "90"],
        [.init(width: 25, height: 50), .init(width: 50, height: 25), .init(width: 50, height: 50)]
      ),
    ]
    for (asked, wanted) in cases {
      XCTAssertEqual(try sides(trial.make(source.bytes, asked, to: .png)), wanted, "\(asked)")
    }
  }

  func testMatrix_EveryTargetOfADocument_IsWhatItSays() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.numbered(2, "Seite").bytes
    let targets = trial.catalogue.formats(from: .pdf).filter { !Format.sums.contains($0) && $0 != .zip }
    for target in [Format.png, .jpeg, .tiff, .svg, .eps, .ps, .txt, .html, .json, .pdf, .bmp, .qoi] {
      XCTAssertTrue(targets.contains(target), target.name)
      let made = try trial.make(source, to: target)
      let whole: Set<Format> = [.pdf, .ps, .txt, .html, .json]
      XCTAssertEqual(made.count, whole.contains(target) ? 1 : 2, target.name)
      for file in made { XCTAssertTrue(Sniffer.type(of: Array(file.bytes.prefix(512))).may(be: target), target.name) }
    }
    let jpeg = try trial.make(
      source, ["dpi": "72", "quality": "40", "progressive": "true", "grayscale": "true"], to: .jpeg)
    let back = try trial.make(jpeg[1].bytes, from: .jpeg, to: .json)
    let facts = try JSONReader.parse(back[0].bytes)
    XCTAssertEqual(facts["width"]?.integer, 200)
    for target in [Format.eps, .ps] {
      let drawn = try trial.make(source, ["pages": "2"], to: target)
      let page = try trial.make(drawn[0].bytes, from: target, to: .pdf)
      XCTAssertEqual(try SeenPDF(page[0].bytes).info("Page    1 size"), "200 x 100 pts", target.name)
    }
    let tiff = try SeenPDF(try trial.make(source, ["dpi": "72"], to: .tiff)[0].bytes)
    XCTAssertEqual(try tiff.run("python3", "-c", PopplerTests.tiffSides).text, "200 100\n")
  }

  /// Reads the sides of a TIFF in the order of this machine.
  private static let tiffSides = """
    import struct, sys
    b = open(sys.argv[1], "rb").read()
    o = struct.unpack_from("<I", b, 4)[0]
    t = {}
    for i in range(struct.unpack_from("<H", b, o)[0]):
        tag, kind = struct.unpack_from("<HH", b, o + 2 + 12 * i)
        t[tag] = struct.unpack_from("<H" if kind == 3 else "<I", b, o + 10 + 12 * i)[0]
    print(t[256], t[257])
    """

  func testText_IsThatOfThePagesAskedFor() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.numbered(4, "Seite").bytes
    let made = try trial.make(source, ["pages": "4,2"], to: .txt)
    let words = String(decoding: made[0].bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    XCTAssertEqual(words, ["Seite", "4", "Seite", "2"])
    var wide = SamplePDF.numbered(1, "left")
    wide.pages[0].drawing = "BT /F 18 Tf 120 40 Td (right) Tj ET"
    let laid = try trial.make(wide.bytes, ["layout": "true"], to: .txt)
    XCTAssertTrue(String(decoding: laid[0].bytes, as: UTF8.self).contains("left 1 "), "columns stand side by side")
  }

  func testText_OfAPictureOrWithCharactersOfControl_IsToldOrCleaned() throws {
    let trial = try PDFTrial()
    let failure = trial.failure([SamplePDF(pages: [.init()]).bytes], to: .txt)
    XCTAssertEqual(failure?.code, .unsupportedConversion)
    XCTAssertTrue(failure?.message.contains("has no text") ?? false)
    XCTAssertTrue(trial.catalogue.formats(from: .eps).contains(.txt))
    var odd = SamplePDF.numbered(1, "a\\001\\002b")
    odd.others = [
      "<< /Length 186 >>\nstream\n/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange "
        + "2 beginbfchar <61> <0007> <62> <0062> endbfchar endcmap end\nendstream"
    ]
    odd.pages[0].entries =
      "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 7 0 R >> >> >>"
    let made = try trial.make(odd.bytes, to: .txt)
    XCTAssertFalse(made[0].bytes.contains { $0 < 9 }, "\(made[0].bytes)")
    XCTAssertTrue(String(decoding: made[0].bytes, as: UTF8.self).contains("b 1"))
  }

  func testPage_OfHTML_StandsAloneAndHasNoScripts() throws {
    let trial = try PDFTrial()
    var source = SamplePDF.numbered(3, "Text")
    let links = [
      "javascript:alert\\(1\\)", "JAVA\\tSCRIPT:alert\\(2\\)", "http://example.org/?a=1", "data:text/html,x",
      "x\\\" onclick=\\\"alert\\(3\\)",
    ]
    source.others = links.enumerated().map { index, link in
      "<< /Type /Annot /Subtype /Link /Rect [0 0 200 100] /A << /S /URI /URI (\(link)) >> >>"
    }
    for (index, number) in [0, 1, 2, 0, 1].enumerated() {
      source.pages[number].entries += index < 3 ? "/Annots [\(source.firstOther + index) 0 R " : ""
      source.pages[number].entries += index >= 3 ? "\(source.firstOther + index) 0 R " : ""
    }
    for index in source.pages.indices { source.pages[index].entries += "]" }
    let made = try trial.make(source.bytes, to: .html)
    let text = String(decoding: made[0].bytes, as: UTF8.self)
    for word in ["Text", "data:image/png;base64,", "href=\"http://example.org/?a=1\""] {
      XCTAssertTrue(text.contains(word), word)
    }
    XCTAssertFalse(text.lowercased().contains("alert("), "\(text.suffix(2000))")
    XCTAssertFalse(text.contains("data:text/html"))
    XCTAssertFalse(text.contains("<script"))
    XCTAssertFalse(text.contains("src=\"out"))
  }

  func testFacts_AreTold() throws {
    let trial = try PDFTrial()
    var source = SamplePDF.numbered(3)
    source.pages[2].turn = 90
    source.information = "/Title (A title\\nPages: 7) /Author (\\376\\377\\000\\344) /CreationDate (D:20200101120000Z)"
    let made = try trial.make(source.bytes, to: .json)
    let facts = try JSONReader.parse(made[0].bytes)
    XCTAssertEqual(facts["pages"]?.integer, 3)
    XCTAssertEqual(facts["created"]?.string, "2020-01-01T12:00:00Z")
    XCTAssertEqual(facts["author"]?.string, "ä")
    XCTAssertEqual(facts["title"]?.string, "A title")
    XCTAssertEqual(facts["encrypted"], .boolean(false))
    XCTAssertEqual(facts["sizes"]?.array?.count, 2)
    XCTAssertEqual(facts["sizes"]?[1]?["pages"]?.string, "3")
    XCTAssertEqual(facts["sizes"]?[1]?["height_points"]?.integer ?? 0, 200)
    XCTAssertEqual(facts["fonts"]?[0]?["name"]?.string, "Helvetica")
    XCTAssertEqual(facts["fonts"]?[0]?["type"]?.string, "Type 1")
    XCTAssertEqual(facts["fonts"]?[0]?["embedded"], .boolean(false))
    let limited = try trial.make(source.bytes, ["owner_password": "o", "user_password": "u", "permit_copy": "false"])
    let locked = try JSONReader.parse(trial.make(limited[0].bytes, ["password": "u"], to: .json)[0].bytes)
    XCTAssertEqual(locked["encrypted"], .boolean(true))
    XCTAssertEqual(trial.failure([limited[0].bytes], to: .json)?.code, .passwordRequired)
  }

  func testImages_AreTakenOutOnceEach() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.withPictures.bytes
    let made = try trial.make(source, ["extract_images": "true"], to: .png)
    XCTAssertEqual(try sides(made), [.init(width: 4, height: 4), .init(width: 8, height: 8)])
    XCTAssertEqual(made.map(\.label), ["1-1", "1-2"])
    let second = try trial.make(source, ["extract_images": "true", "pages": "2"], to: .jpeg)
    XCTAssertEqual(second.map(\.label), [nil])
    XCTAssertTrue(second[0].bytes.starts(with: [0xFF, 0xD8, 0xFF]))
    let none = trial.failure([SamplePDF.numbered(1).bytes], ["extract_images": "true"], to: .png)
    XCTAssertTrue(none?.message.contains("has no pictures") ?? false)
  }
}
