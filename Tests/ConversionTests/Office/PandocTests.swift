import Basics
import Conversion
import Formats
import TestSupport
import XCTest

/// Texts and structured documents by pandoc; skipped where it is not.
final class PandocTests: XCTestCase {
  private let markdown = """
    # Grüße

    Zweites **fett** mit [Verweis](https://example.org/a).

    | a | b |
    |---|---|
    | 1 | 2 |

    - eins
    - zwei

    """

  private func bench(masked: ToolConfinement = []) throws -> OfficeBench {
    try OfficeBench(needing: ["pandoc"], masked: masked)
  }

  private func words(_ made: OfficeBench.Made, _ format: Format) throws -> String {
    switch format {
    case .docx: try made.read("unzip", "-p", "made", "word/document.xml")
    case .pptx: try made.read("unzip", "-p", "made", "ppt/slides/slide*.xml")
    case .odt: try made.read("unzip", "-p", "made", "content.xml")
    case .epub: try made.read("unzip", "-p", "made", "EPUB/text/ch*.xhtml")
    default: made.text
    }
  }

  func testMake_OfEveryPair_GivesADocumentThatASecondProgramReads() throws {
    let bench = try bench()
    var made: [Format: [UInt8]] = [.md: Array(markdown.utf8)]
    for to in [Format.docx, .html, .rst, .epub, .odt] {
      made[to] = try bench.make(Array(markdown.utf8), from: .md, to: to, by: "pandoc").first?.bytes
    }
    let maker = try XCTUnwrap(bench.catalogue.makers.first { $0.name == "pandoc" })
    var count = 0
    for offer in maker.offers {
      for (from, to) in (offer.from ?? []).flatMap({ from in offer.to.map { (from, $0) } }) {
        let results = try bench.make(try XCTUnwrap(made[from]), from: from, to: to, by: "pandoc")
        let text = try words(results[0], to)
        XCTAssertTrue(text.contains("Grüße") && text.contains("Zweites"), "\(from) to \(to): \(text.prefix(300))")
        count += 1
      }
    }
    XCTAssertEqual(count, 6 * 6 + 3)
  }

  func testMake_OfMarkdown_KeepsItsStructure() throws {
    let bench = try bench()
    let page = try bench.make(
      Array(markdown.utf8), from: .md, to: .html, ["toc": "true", "number_sections": "true"], by: "pandoc")[0].text
    XCTAssertTrue(page.contains("<title>Grüße</title>"), page)
    XCTAssertTrue(page.contains(#"<nav id="TOC""#), page)
    XCTAssertTrue(page.contains(#"<td>1</td>"#), page)
    let book = try bench.make(Array(markdown.utf8), from: .md, to: .epub, by: "pandoc")[0]
    XCTAssertTrue(try book.read("unzip", "-p", "made", "EPUB/content.opf").contains(">Grüße</dc:title>"))
    let docx = try bench.make(Array(markdown.utf8), from: .md, to: .docx, by: "pandoc")[0].bytes
    let back = try bench.make(docx, from: .docx, to: .md, by: "pandoc")[0].text
    XCTAssertTrue(back.hasPrefix("# Grüße\n\nZweites **fett** mit [Verweis](https://example.org/a)."), back)
    XCTAssertTrue(back.contains("| 1   | 2   |"), back)
  }

  func testMake_OfPictures_DescribesOrEmbedsThem() throws {
    let bench = try bench()
    let page = #"<p>vor <img alt="Bild" src="data:image/png;base64,\#(OfficeSamples.dot)"> nach</p>"#
    let docx = try bench.make(Array(page.utf8), from: .html, to: .docx, by: "pandoc")[0].bytes
    XCTAssertEqual(try bench.make(docx, from: .docx, to: .md, by: "pandoc")[0].text, "vor Bild nach\n")
    let whole = try bench.make(docx, from: .docx, to: .md, ["embed_images": "true"], by: "pandoc")[0].text
    XCTAssertTrue(whole.contains("data:image/png;base64,iVBOR"), whole)
    let html = try bench.make(docx, from: .docx, to: .html, by: "pandoc")[0].text
    XCTAssertTrue(html.contains("data:image/png;base64,iVBOR"), html)
  }

  func testMake_OfDamagedDocuments_FailsInWords() throws {
    let bench = try bench()
    for (format, bytes) in [(Format.docx, Array(OfficeSamples.docx().prefix(300))), (.epub, [1, 2, 3]), (.odt, [])] {
      let failure = bench.failure(bytes, from: format, to: .md, by: "pandoc")
      XCTAssertEqual(failure?.code, .damagedFile)
      XCTAssertEqual(failure?.message, "the document is damaged, or not one that pandoc reads")
    }
  }

  func testMake_OfTextsThatNameFilesOrPlaces_ReadsAndReachesNothing() throws {
    let canary = try Canary()
    let sources: [(Format, String)] = [
      (.md, "![a](\(canary.path)) ![b](\(canary.address)) <img src=\"\(canary.path)\">"),
      (
        .html,
        "<img src=\"file://\(canary.path)\"><img src=\"\(canary.address)\"><iframe src=\"\(canary.path)\"></iframe>"
      ),
      (
        .rst, ".. include:: \(canary.path)\n\n.. image:: \(canary.address)\n\n.. raw:: html\n   :file: \(canary.path)\n"
      ),
    ]
    for masked in [[], [.users, .network, .processes]] as [ToolConfinement] {
      let bench = try bench(masked: masked)
      for (from, text) in sources {
        for to in [Format.docx, .html, .epub, .odt, .md, .txt] where to != from {
          let made = try? bench.make(Array(text.utf8), from: from, to: to, by: "pandoc")
          for file in made ?? [] { XCTAssertFalse(try canary.isIn(file), "\(from) to \(to)") }
        }
      }
    }
    XCTAssertEqual(canary.visits, 0)
    let including = try bench().failure(
      Array(".. csv-table:: t\n   :file: /etc/hostname\n".utf8), from: .rst, to: .md, by: "pandoc")
    XCTAssertEqual(including?.message, "the text includes another file, which is not with it")
    // pandoc leaves this one out without a failure, and then nothing is left.
    let empty = try bench().failure(Array(".. include:: /etc/hostname\n".utf8), from: .rst, to: .md, by: "pandoc")
    XCTAssertEqual(empty?.code, .unsupportedConversion)
    XCTAssertEqual(empty?.message, "the document has nothing that could be kept in this format")
  }
}
