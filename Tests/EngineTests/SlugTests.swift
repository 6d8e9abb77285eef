import XCTest

@testable import Engine

final class SlugTests: XCTestCase {
  func testSlugs_ReadWell() {
    for (name, slug) in [
      ("Kunstdruckerei Müller & Söhne", "kunstdruckerei-mueller-soehne"), ("Straße 7", "strasse-7"),
      ("Café d’Été", "cafe-dete"), ("Mu\u{308}ller", "mueller"), ("ŁÓDŹ Sp. z o.o.", "lodz-sp-z-o-o"), ("文字", ""),
      (" --A--  b ", "a-b"), ("Århus Smørrebrød", "arhus-smoerrebroed"),
    ] { XCTAssertEqual(Slug.of(name), slug) }
    XCTAssertEqual(Slug.of(String(repeating: "ab-", count: 30)).utf8.count, 50)
  }
}
