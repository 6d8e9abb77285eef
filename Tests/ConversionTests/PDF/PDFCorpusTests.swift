import Conversion
import Formats
import TestSupport
import XCTest

/// Documents of others: each way that they can go gives files or a sentence.
final class PDFCorpusTests: XCTestCase {
  private static let folder = "data/documents/markitdown/packages/markitdown/tests/test_files/"

  func testDocumentsOfOthers_HaveAVerdictOnEveryWay() throws {
    let trial = try PDFTrial()
    var made = 0
    for name in try Folder.names(in: Corpora.path(PDFCorpusTests.folder)) where name.hasSuffix(".pdf") {
      let source = try Corpora.bytes(PDFCorpusTests.folder + name)
      // A scan takes seconds for each picture, so only a short document goes everywhere.
      let targets =
        source.count < 10_000
        ? trial.catalogue.formats(from: .pdf).filter { $0 != .zip && !Format.sums.contains($0) }
        : [.png, .txt, .html, .json, .ps, .pdf]
      let ways: [([String: String], Format)] =
        targets.map { ([:], $0) } + [
          (["compress": "ebook"], .pdf), (["pdfa": "2b"], .pdf), (["stamp_text": "x", "page_numbers": "true"], .pdf),
          (["target_size": "60000"], .pdf), (["split": "true"], .pdf), (["flatten": "true", "compact": "true"], .pdf),
          (["extract_images": "true"], .png),
        ]
      for (asked, target) in ways {
        do {
          let files = try trial.make(source, asked, to: target)
          made += files.count
          if target == .pdf { XCTAssertEqual(try SeenPDF(files[0].bytes).complaints(), "", "\(name) \(asked)") }
        } catch let failure as ConversionFailure {
          XCTAssertTrue(
            [.unsupportedConversion, .outputTooLarge].contains(failure.code), "\(name) \(target) \(asked): \(failure)")
        }
      }
    }
    XCTAssertGreaterThan(made, 50)
  }
}
