import Conversion
import Formats
import TestSupport
import XCTest

/// Documents that Ghostscript writes anew.
final class GhostscriptTests: XCTestCase {
  func testCompress_MakesPicturesSmaller_AndKeepsText() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.withNoise(side: 1600).bytes
    let sizes = try ["prepress", "ebook", "screen"].map { level in
      let made = try trial.make(source, ["compress": level])
      XCTAssertEqual(try SeenPDF(made[0].bytes).texts, ["noise"], level)
      return made[0].bytes.count
    }
    XCTAssertEqual(sizes, sizes.sorted(by: >))
    XCTAssertLessThan(sizes[2], source.count / 20)
  }

  func testTargetSize_IsKept_OrRefusedWithWhatHelps() throws {
    let trial = try PDFTrial()
    let source = SamplePDF.withNoise(side: 1600).bytes
    let screen = try trial.make(source, ["compress": "screen"])[0].bytes.count
    let made = try trial.make(source, ["target_size": "\(screen + 10_000)", "user_password": "x", "linearize": "true"])
    XCTAssertLessThanOrEqual(made[0].bytes.count, screen + 10_000)
    XCTAssertGreaterThan(made[0].bytes.count, screen / 2)
    let failure = trial.failure([source], ["target_size": "2000"])
    XCTAssertEqual(failure?.code, .outputTooLarge)
    XCTAssertTrue(failure?.message.contains("2000 bytes") ?? false, failure?.message ?? "")
    let small = SamplePDF.numbered(1).bytes
    let same = try trial.make(small, ["target_size": "100000"])
    XCTAssertEqual(try SeenPDF(same[0].bytes).info("Producer"), nil, "Ghostscript was not needed")
  }

  func testGrayscale_LeavesNoColour() throws {
    var source = SamplePDF.numbered(1)
    source.pages[0].drawing = "1 0 0 rg 0 0 200 100 re f"
    let trial = try PDFTrial()
    let grey = try trial.make(source.bytes, ["grayscale": "true"])
    let coloured = try trial.make(source.bytes, ["dpi": "72"], to: .pnm)
    let picture = try trial.make(grey[0].bytes, ["dpi": "72"], to: .pnm)
    XCTAssertFalse(isGrey(coloured[0].bytes))
    XCTAssertTrue(isGrey(picture[0].bytes))
  }

  /// True when all pixels of a PNM of three channels, 200 by 100, have no colour.
  private func isGrey(_ pnm: [UInt8]) -> Bool {
    let pixels = Array(pnm.suffix(200 * 100 * 3))
    for place in stride(from: 0, to: pixels.count - 2, by: 3) {
      let (red, green, blue) = (pixels[place], pixels[place + 1], pixels[place + 2])
      if red != green || red != blue { return false }
    }
    return true
  }

  func testArchival_HasItsMarksColoursAndFonts() throws {
    let trial = try PDFTrial()
    for (word, part, version) in [("1b", "1", "1.4"), ("2b", "2", "1.7"), ("3b", "3", "1.7")] {
      let made = try trial.make(SamplePDF.numbered(2).bytes, ["pdfa": word, "stamp_text": "archived"])
      let seen = try SeenPDF(made[0].bytes)
      XCTAssertEqual(try seen.info("PDF version"), version)
      XCTAssertEqual(try seen.info("Encrypted"), "no")
      let meta = try seen.run("pdfinfo", "-meta").text
      XCTAssertTrue(meta.contains("pdfaid:part='\(part)'") || meta.contains("<pdfaid:part>\(part)<"), meta)
      XCTAssertTrue(meta.contains("conformance='B'") || meta.contains("conformance>B<"), meta)
      let objects = try seen.run("qpdf", "--qdf", "--object-streams=disable", "--stream-data=uncompress").text
      XCTAssertTrue(
        objects.contains("GTS_PDFA1") || String(decoding: made[0].bytes, as: UTF8.self).contains("GTS_PDFA1"))
      let fonts = try seen.run("pdffonts").text.split(separator: "\n").dropFirst(2)
      XCTAssertFalse(fonts.isEmpty)
      XCTAssertTrue(fonts.allSatisfy { $0.contains(" yes ") }, fonts.joined(separator: "\n"))
      XCTAssertEqual(try seen.complaints(), "")
    }
  }

  func testVersion_IsTheOneAskedFor() throws {
    for version in ["1.3", "1.4", "1.7"] {
      let made = try PDFTrial().make(SamplePDF.numbered(1).bytes, ["pdf_version": version])
      XCTAssertEqual(try SeenPDF(made[0].bytes).info("PDF version"), version)
    }
  }

  func testPostScript_BecomesPDF_AndWhatComesOfIt() throws {
    let trial = try PDFTrial()
    let drawing = """
      %!PS-Adobe-3.0 EPSF-3.0
      %%BoundingBox: 50 50 150 110
      /Helvetica findfont 12 scalefont setfont 60 60 moveto (Drawn) show showpage
      %%EOF

      """
    let page = try trial.make(Array(drawing.utf8), from: .eps)
    XCTAssertEqual(try SeenPDF(page[0].bytes).info("Page    1 size"), "100 x 60 pts")
    XCTAssertEqual(try SeenPDF(page[0].bytes).texts, ["Drawn"])
    let picture = try trial.make(Array(drawing.utf8), ["dpi": "144"], from: .eps, to: .png)
    XCTAssertEqual(try PNGSides(picture[0].bytes), PNGSides(width: 200, height: 120))
    let text = try trial.make(Array(drawing.utf8), from: .eps, to: .txt)
    XCTAssertTrue(String(decoding: text[0].bytes, as: UTF8.self).contains("Drawn"))
    let two = "%!PS-Adobe-3.0\n/Helvetica findfont 12 scalefont setfont 9 9 moveto (One) show showpage showpage\n"
    XCTAssertEqual(try SeenPDF(try trial.make(Array(two.utf8), from: .ps)[0].bytes).pageCount, 2)
    XCTAssertEqual(trial.failure([Array("%!PS-Adobe-3.0\n(broken".utf8)], from: .ps)?.code, .damagedFile)
  }
}

/// The sides in the header of a PNG.
struct PNGSides: Equatable {
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init(_ bytes: [UInt8]) throws {
    try XCTSkipIf(bytes.count < 24, "no PNG")
    width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
    height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
  }
}
