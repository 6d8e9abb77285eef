import Conversion
import XCTest

final class CatalogueTests: XCTestCase {
  func testFormats_FromPNG_AreJPEGAndPNG() {
    XCTAssertEqual(Catalogue.standard.formats(from: .png), [.png, .jpeg])
    XCTAssertEqual(Catalogue.standard.sources, [.png, .jpeg])
    XCTAssertEqual(Catalogue.standard.pairs.count, 4)
    XCTAssertNotNil(Catalogue.standard.converter(from: .jpeg, to: .png))
  }
}
