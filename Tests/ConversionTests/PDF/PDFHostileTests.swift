import Basics
import Conversion
import Formats
import Glibc
import TestSupport
import XCTest

/// Documents that want more than to be shown: none reads, reaches or starts anything, and all of them end.
final class PDFHostileTests: XCTestCase {
  private static let layers: [ToolConfinement] = [[], [.users, .network, .processes]]

  /// Every way that a document is gone, with what came of it.
  private func everything(
    _ trial: PDFTrial, _ source: [UInt8], from: Format = .pdf, _ see: ([UInt8], String) -> Void
  ) {
    let ways: [([String: String], Format)] = [
      ([:], .png), ([:], .svg), ([:], .eps), ([:], .txt), ([:], .html), ([:], .json), ([:], .pdf),
      (["compress": "ebook"], .pdf), (["pdfa": "2b", "stamp_text": "x"], .pdf),
      (["flatten": "true", "compact": "true", "optimize_images": "true"], .pdf), (["extract_images": "true"], .png),
    ]
    for (asked, target) in ways where from == .pdf || asked.isEmpty && target != .json {
      do {
        for file in try trial.make(source, asked, from: from, to: target) { see(file.bytes, "\(target) \(asked)") }
      } catch let failure as ConversionFailure {
        XCTAssertNotEqual(failure.code, .internalError, "\(target) \(asked): \(failure)")
      } catch {
        XCTFail("\(error)")
      }
    }
  }

  func testActionsAndFiles_OfADocument_ReachNothing() throws {
    let directory = try TemporaryDirectory()
    let canary = try directory.file("canary.txt", Array("canary-4711".utf8))
    chmod(directory.path, 0o755)
    chmod(canary, 0o644)
    let server = try CanaryServer()
    let address = "http://127.0.0.1:\(server.port)/x"
    var source = SamplePDF.numbered(1)
    source.catalogue = """
      /OpenAction 7 0 R /AA << /WC 8 0 R /DS 9 0 R >> /Names << /JavaScript << /Names [(a) 8 0 R] >>
      /EmbeddedFiles << /Names [(f) 10 0 R] >> >> /AcroForm << /XFA 11 0 R /Fields [] >>
      """
    source.pages[0].entries = """
      /AA << /O 9 0 R >> /Annots [12 0 R 13 0 R 14 0 R]
      /Resources << /Font << /F 3 0 R >> /XObject << /X 15 0 R /Y 16 0 R >> >>
      """
    source.pages[0].drawing = "q 50 0 0 50 0 0 cm /X Do Q q 50 0 0 50 50 0 cm /Y Do Q"
    source.others = [
      "<< /S /Launch /F (\(canary)) /Unix << /F (/bin/sh) /P (-c 'cat \(canary)') >> >>",
      "<< /S /JavaScript /JS (app.launchURL\\('\(address)'\\); this.submitForm\\('\(address)'\\)) >>",
      "<< /S /URI /URI (\(address)) /Next << /S /GoToR /F << /FS /URL /F (\(address)) >> /D [0 /Fit] >> >>",
      "<< /Type /Filespec /F (\(canary)) /UF (\(canary)) >>",
      "<< /Length 62 >>\nstream\n<!DOCTYPE a [<!ENTITY x SYSTEM \"file://\(canary)\">]><a>&x;</a>\nendstream",
      "<< /Type /Annot /Subtype /Link /Rect [0 0 200 100] /A 7 0 R >>",
      "<< /Type /Annot /Subtype /Screen /Rect [0 0 9 9] /A << /S /Rendition /R << /S /MR /C << /S /MCD /D 10 0 R >> >> >> >>",
      "<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 20 20] /FS 10 0 R >>",
      "<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray /F (\(canary)) /Length 0 >>\nstream\n\nendstream",
      "<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Ref << /F << /FS /URL /F (\(address)) >> /Page 0 >> /F << /FS /URL /F (\(address)) >> /Length 0 >>\nstream\n\nendstream",
    ]
    for masked in PDFHostileTests.layers {
      var trial = try PDFTrial()
      trial.masked = masked
      var made = 0
      everything(trial, source.bytes) { bytes, way in
        made += 1
        XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains("canary-4711"), way)
      }
      XCTAssertGreaterThan(made, 7, "else this proves nothing")
      XCTAssertFalse(server.wasCalled)
    }
  }

  func testPostScript_ReadsWritesAndStartsNothing() throws {
    let directory = try TemporaryDirectory()
    let canary = try directory.file("canary.txt", Array("canary-4711".utf8))
    chmod(directory.path, 0o777)
    chmod(canary, 0o644)
    let tries = [
      "(\(canary)) (r) file 100 string readstring pop show", "(/etc/passwd) (r) file 100 string readstring pop show",
      "(%pipe%cat \(canary)) (r) file 100 string readstring pop show",
      "(\(directory.path)/planted) (w) file (x) writestring",
      "(%pipe%touch \(directory.path)/planted) (w) file closefile",
      "(\(canary)) deletefile", "(\(canary)) (\(directory.path)/planted) renamefile", "(\(canary)) run",
      "(/tmp/*) { show } 200 string filenameforall", "(HOME) getenv { show } if",
      "<< /OutputFile (\(directory.path)/planted) >> setpagedevice",
      "<< /OutputFile (%pipe%touch \(directory.path)/planted) >> setpagedevice",
      "systemdict /.forceput known { systemdict /SAFER false .forceput } if (\(canary)) (r) file 100 string readstring pop show",
      "null restore",
      "(x) << /LockSafetyParams false >> setuserparams (\(canary)) (r) file 100 string readstring pop show",
    ]
    for masked in PDFHostileTests.layers {
      var trial = try PDFTrial()
      trial.masked = masked
      var made = 0
      for attempt in tries {
        let source = """
          %!PS-Adobe-3.0 EPSF-3.0
          %%BoundingBox: 0 0 500 100
          /Helvetica findfont 10 scalefont setfont 10 10 moveto { \(attempt) } stopped (done) show showpage

          """
        for target in [Format.pdf, .txt] {
          guard let file = try? trial.make(Array(source.utf8), from: .eps, to: target).first else { continue }
          made += 1
          let text = String(decoding: file.bytes, as: UTF8.self) + (try SeenPDF(file.bytes).texts.joined())
          for word in ["canary-4711", "root:x:0"] { XCTAssertFalse(text.contains(word), "\(attempt): \(text)") }
        }
      }
      XCTAssertGreaterThan(made, 10, "else this proves nothing")
      XCTAssertEqual(try Folder.names(in: directory.path).filter { !$0.hasPrefix(".") }, ["canary.txt"])
    }
  }

  func testDocumentsWithoutEnd_EndWithAVerdict() throws {
    var trial = try PDFTrial()
    trial.timeLimit = .milliseconds(500)
    trial.mostBytes = 32 << 20
    for (name, source) in try PDFHostileTests.endless() {
      let start = Clock.readMonotonic()
      everything(trial, source) { _, _ in }
      let seconds = (Clock.readMonotonic() - start) / 1_000_000_000
      XCTAssertLessThan(seconds, 11 * 20, name)
    }
    let loops = ["{ } loop", "/a { a a } def a", "0 1 1e9 cvi { 1000000 string } for", "{ showpage } loop"]
    for loop in loops {
      let failure = trial.failure([Array("%!PS-Adobe-3.0\n\(loop)\n".utf8)], from: .ps)
      XCTAssertTrue(
        [.timeLimit, .memoryLimit, .damagedFile, .outputTooLarge].contains(failure?.code),
        "\(loop): \(failure?.message ?? "made")")
    }
  }

  private static func endless() throws -> [(name: String, bytes: [UInt8])] {
    var deep = SamplePDF.numbered(1)
    let first = deep.firstOther
    deep.others = (0..<20_000).map { "<< /Type /Pages /Kids [\(first + $0 + 1) 0 R] /Count 1 >>" }
    var tree = String(decoding: deep.bytes, as: UTF8.self)
    tree = tree.replacing("/Kids [5 0 R]", with: "/Kids [\(first) 0 R]")
    var ring = SamplePDF.numbered(1)
    ring.others = ["<< /Type /Pages /Kids [7 0 R 7 0 R 2 0 R] /Count 100000000 >>"]
    let rings = String(decoding: ring.bytes, as: UTF8.self).replacing(
      "/Kids [5 0 R] /Count 1", with: "/Kids [7 0 R 5 0 R] /Count 2000000000")
    var forms = SamplePDF.numbered(1)
    forms.pages[0].entries = "/Resources << /Font << /F 3 0 R >> /XObject << /X 7 0 R >> >>"
    forms.pages[0].drawing = "/X Do /X Do"
    forms.others = (0..<30).map { level in
      let next = level == 29 ? "0 0 9 9 re f" : "/X Do /X Do"
      return "<< /Type /XObject /Subtype /Form /BBox [0 0 200 100] /Resources << /XObject << /X \(8 + level) 0 R >> >> "
        + "/Length \(next.utf8.count) >>\nstream\n\(next)\nendstream"
    }
    var arrays = SamplePDF.numbered(1)
    arrays.information = "/Title " + String(repeating: "[", count: 200_000)
    var tiles = SamplePDF.numbered(1)
    tiles.pages[0].drawing = String(repeating: "q 1 0 0 1 0 0 cm ", count: 200_000)
    var picture = SamplePDF.numbered(1)
    picture.pages[0].entries = "/Resources << /Font << /F 3 0 R >> /XObject << /X 7 0 R >> >>"
    picture.pages[0].drawing = "q 100 0 0 100 0 0 cm /X Do Q"
    picture.others = [
      "<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceRGB "
        + "/Filter /ASCIIHexDecode /Length 1 >>\nstream\n>\nendstream"
    ]
    return [
      ("a deep tree", Array(tree.utf8)), ("a ring of pages", Array(rings.utf8)), ("2^30 forms", forms.bytes),
      ("deep arrays", arrays.bytes), ("deep states", tiles.bytes), ("a vast picture", picture.bytes),
      ("a bomb", try bomb()),
    ]
  }

  /// A page whose content is a gigabyte of blanks, packed twice.
  private static func bomb() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    let path = directory.path + "/bomb.pdf"
    let script = """
      import sys, zlib
      c = zlib.compressobj(9); s = b"".join(c.compress(b" " * (1 << 20)) for _ in range(1024)) + c.flush()
      s = zlib.compress(s, 9)
      o = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
           b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents 4 0 R >>",
           b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\\nstream\\n" % len(s) + s + b"\\nendstream"]
      b = b"%PDF-1.5\\n"; p = []
      for i, x in enumerate(o): p.append(len(b)); b += b"%d 0 obj\\n" % (i + 1) + x + b"\\nendobj\\n"
      t = len(b); b += b"xref\\n0 5\\n0000000000 65535 f \\n" + b"".join(b"%010d 00000 n \\n" % x for x in p)
      b += b"trailer\\n<< /Size 5 /Root 1 0 R >>\\nstartxref\\n%d\\n%%%%EOF\\n" % t
      open(sys.argv[1], "wb").write(b)
      """
    let result = try Shell.run("python3", "-c", script, path)
    try XCTSkipIf(result.code != 0, "python3 is not here: \(result.text)")
    return try Folder.bytes(of: path)
  }
}
