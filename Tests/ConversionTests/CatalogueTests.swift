import Formats
import Conversion
import XCTest

final class CatalogueTests: XCTestCase {
  func testFormats_OfEverySource_AreTheSame() {
    let sources: [Format] = [.png, .jpeg, .bmp, .pnm, .pam, .qoi, .tga, .ico, .cur]
    let data: [Format] = [.json, .csv, .tsv, .xml, .yaml, .toml, .ndjson]
    XCTAssertEqual(Catalogue.standard.sources, sources + [.json, .html, .md, .txt] + data.dropFirst())
    let targets = sources + [.svg, .pdf, .json]
    let any: [Format] = [.zip, .md5, .sha1, .sha256, .sha512, .crc32]
    for source in sources { XCTAssertEqual(Catalogue.standard.formats(from: source), targets + any, source.name) }
    for source in data {
      XCTAssertEqual(Catalogue.standard.formats(from: source), [.pdf, .json] + any + data.dropFirst(), source.name)
    }
    XCTAssertEqual(Catalogue.standard.pairs.count, sources.count * targets.count + data.count * (data.count + 1) + 8)
    XCTAssertNotNil(Catalogue.standard.path(from: .jpeg, to: .png, options: ConversionOptions()))
    XCTAssertEqual(Catalogue.standard.formats(from: nil), any)
    XCTAssertEqual(Catalogue.standard.formats(from: .pdf), any)
  }
}
