import DataFormats
import XCTest

final class XMLDoctypeTests: XCTestCase {
  private func attributes(_ subset: String, _ element: String) throws -> [XMLAttribute] {
    let parser = XMLParser(ByteFeed(Array("<!DOCTYPE a [\(subset)]>\(element)".utf8)))
    var found: [XMLAttribute] = []
    while let event = try parser.next() {
      if case .start(_, let attributes) = event { found += attributes }
    }
    return found
  }

  func testDoctype_IsReadOver() throws {
    let subset = """
      <!ELEMENT a (b, (c|d)*, e?)+><!ELEMENT b EMPTY><!ELEMENT c (#PCDATA|b)*><!ELEMENT d (#PCDATA)><?x y?><!-- ]> -->
      <!ENTITY e "&x; &#65; <"><!ENTITY % p SYSTEM "p"><!ENTITY u SYSTEM "u" NDATA n><!NOTATION n PUBLIC "-//n">
      <!ATTLIST a n NOTATION (n|m) #IMPLIED t (one|2) "one" i ID #REQUIRED>
      """
    XCTAssertEqual(try attributes(subset, "<a i='1'/>").map(\.name), ["i", "t"])
    let outside = XMLParser(ByteFeed(Array("<!DOCTYPE a PUBLIC \"-//x\" 'http://x/y.dtd'><a/>".utf8)))
    XCTAssertEqual(try outside.next(), .doctype(name: "a"))
  }

  func testDoctype_GivesDefaultsAndCollapsesTokens() throws {
    let subset =
      "<!ATTLIST a t NMTOKENS #IMPLIED c CDATA 'x  &lt;'><!ATTLIST a c CDATA 'later' d CDATA #FIXED '1' t CDATA ''>"
    XCTAssertEqual(
      try attributes(subset, "<a t='  p   q '/>"), [.init("t", "p q"), .init("c", "x  <"), .init("d", "1")])
  }

  func testDoctype_RefusesUseOfItsEntities() {
    for (subset, element) in [
      ("<!ENTITY e 'x'>", "<a>&e;</a>"), ("<!ENTITY e 'x'>", "<a b='&e;'/>"), ("<!ENTITY % e 'x'> %e;", "<a/>"),
      ("<!ENTITY e SYSTEM 'file:///etc/passwd'>", "<a>&e;</a>"), ("<!ENTITY e 'x'><!ATTLIST a b CDATA '&e;'>", "<a/>"),
    ] {
      XCTAssertThrowsError(try attributes(subset, element)) {
        XCTAssertEqual(($0 as? DataFault)?.kind, .unsupported)
        XCTAssertTrue(($0 as? DataFault)?.problem.contains("not expanded here") ?? false)
      }
    }
  }

  func testDoctype_RefusesWhatIsNotWellFormed() {
    for subset in [
      "<!ELEMENT a>", "<!ELEMENT a (b,c|d)>", "<!ELEMENT a (b>", "<!ELEMENT a ()>", "<!ELEMENT a (#PCDATA|b)>",
      "<!ELEMENT a EMPTY b>",
      "<!ATTLIST a b>", "<!ATTLIST a b CDATA>", "<!ATTLIST a b TEXT ''>", "<!ATTLIST a b CDATA '<'>",
      "<!ATTLIST a b () ''>",
      "<!ENTITY e>", "<!ENTITY e '%p;'>", "<!ENTITY e '& '>", "<!ENTITY e SYSTEM>", "<!ENTITY % e SYSTEM 'x' NDATA n>",
      "<!NOTATION n>", "<!NOTATION n PUBLIC '\u{7B}'>", "<!ELEMENTa EMPTY>", "<![IGNORE[]]>", "text", "<a/>",
      "<?xml version='1.0'?>",
    ] {
      XCTAssertThrowsError(try attributes(subset, "<a/>"), subset)
    }
  }

  func testDoctype_CannotMakeDocumentsGrow() {
    let value = String(repeating: "x", count: 1 << 20)
    let elements = String(repeating: "<b/>", count: 100)
    XCTAssertThrowsError(try attributes("<!ATTLIST b c CDATA '\(value)'>", "<a>\(elements)</a>")) {
      XCTAssertEqual(($0 as? DataFault)?.kind, .tooLarge)
    }
  }
}
