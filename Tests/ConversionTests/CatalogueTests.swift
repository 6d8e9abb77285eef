import Formats
import Conversion
import XCTest

final class CatalogueTests: XCTestCase {
  func testFormats_OfEverySource_AreTheSame() {
    let sources: [Format] = [.png, .jpeg, .bmp, .pnm, .pam, .qoi, .tga, .ico, .cur]
    let data: [Format] = [.json, .csv, .tsv, .xml, .yaml, .toml, .ndjson]
    let offices: [Format] = [.docx, .xlsx, .pptx, .odt, .ods, .odp, .epub]
    XCTAssertEqual(
      Catalogue.standard.sources,
      sources + [.json, .zip] + offices + [.html, .md, .txt, .eml] + data.dropFirst() + [.tar, .gz, .tgz])
    let targets = sources + [.svg, .pdf, .json]
    let sums: [Format] = [.zip, .md5, .sha1, .sha256, .sha512, .crc32]
    let packs: [Format] = [.tar, .gz, .tgz]
    let any = sums + packs
    for source in sources { XCTAssertEqual(Catalogue.standard.formats(from: source), targets + any, source.name) }
    for source in data {
      let isTable = source == .csv || source == .tsv
      let texts: [Format] = isTable ? [.html, .md, .txt] : []
      let own: [Format] = [.pdf, .json] + sums + [.xlsx] + texts + data.dropFirst() + packs
      XCTAssertEqual(Catalogue.standard.formats(from: source), own, source.name)
    }
    let read: Set<Format> = [.html, .md, .txt, .json, .files]
    for source in offices {
      let sheets: [Format: [Format]] = [.xlsx: data, .ods: data + [.xlsx]]
      XCTAssertEqual(
        Set(Catalogue.standard.formats(from: source)).subtracting(any), read.union(sheets[source] ?? []), source.name)
    }
    let texts = [Format.html, .md].map { Catalogue.standard.formats(from: $0).count - any.count }
    XCTAssertEqual(texts, [3, 3])
    let archives: [Format] = [.zip, .tar, .tgz]
    for source in archives {
      let own = Set(Catalogue.standard.formats(from: source)).subtracting(any)
      XCTAssertEqual(own, [.json, .files], source.name)
    }
    XCTAssertEqual(
      Catalogue.standard.pairs.count { pair in pair.from.isRaster },
      sources.count * targets.count)
    XCTAssertNotNil(Catalogue.standard.path(from: .jpeg, to: .png, options: ConversionOptions()))
    XCTAssertEqual(Catalogue.standard.formats(from: nil), any)
    XCTAssertEqual(Catalogue.standard.formats(from: .pdf), any)
  }
}
