import Formats
import Conversion
import XCTest

final class FormatTests: XCTestCase {
  func testNamed_WithNamesAliasesAndEndings_FindsTheFormat() {
    for name in ["jpeg", "jpg", "JPG", "jpe", ".jpg"] { XCTAssertEqual(Format.named(name), .jpeg, name) }
    XCTAssertEqual(Format.named("PNG"), .png)
    for name in ["", ".", "gift", "pn", "jpeg2000"] { XCTAssertNil(Format.named(name), name) }
  }

  func testAll_NamesAreUnique() {
    let names = Format.all.flatMap { [$0.name] + $0.aliases }
    XCTAssertEqual(Set(names).count, names.count)
  }
}
