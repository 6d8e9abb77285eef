import DataFormats
import XCTest

final class XMLParserTests: XCTestCase {
  private func events(_ bytes: [UInt8], entities: [String: String] = [:]) throws -> [XMLEvent] {
    let parser = XMLParser(ByteFeed(bytes), entities: entities)
    var events: [XMLEvent] = []
    while let event = try parser.next() { events.append(event) }
    return events
  }

  private func events(_ text: String, entities: [String: String] = [:]) throws -> [XMLEvent] {
    try events(Array(text.utf8), entities: entities)
  }

  private func sentence(_ text: String) -> String? {
    do {
      _ = try events(text)
      return nil
    } catch { return (error as? DataFault)?.sentence ?? "\(error)" }
  }

  func testParser_TellsEverythingInOrder() throws {
    let text = """
      <?xml version="1.0"?><!DOCTYPE p:a SYSTEM "none.dtd"><?go now?>
      <p:a x='1 &lt; "2"' y="a&#10;b\tc"> t&amp;&#x1F600; <!--c--><![CDATA[<&]]><b/></p:a>
      """
    let attributes = [XMLAttribute("x", "1 < \"2\""), XMLAttribute("y", "a\nb c")]
    XCTAssertEqual(attributes["y"], "a\nb c")
    XCTAssertNil(attributes["z"])
    XCTAssertEqual(
      try events(text),
      [
        .doctype(name: "p:a"), .instruction(target: "go", data: "now"), .start(name: "p:a", attributes: attributes),
        .text(" t&😀 "), .comment("c"), .cdata("<&"), .start(name: "b", attributes: []), .end(name: "b"),
        .end(name: "p:a"),
      ])
  }

  func testParser_MakesLineEndsOfOneKind() throws {
    let start = XMLEvent.start(name: "a", attributes: [.init("b", "1 2")])
    XCTAssertEqual(try events("<a b='1\r\n2'>x\r\ny\rz&#13;</a>"), [start, .text("x\ny\nz\r"), .end(name: "a")])
  }

  func testParser_ReadsEveryEncodingByMarkOrDeclaration() throws {
    func declared(_ name: String) -> [UInt8] { Array("<?xml version='1.0' encoding='\(name)'?><a>".utf8) }
    let wide = "<?xml version='1.0' encoding='UTF-16'?><a>é€😀</a>".utf16
    let little = wide.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = wide.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let documents: [([UInt8], String)] = [
      (declared("utf-8") + Array("é€😀</a>".utf8), "é€😀"), ([0xEF, 0xBB, 0xBF] + Array("<a>é</a>".utf8), "é"),
      ([0xFF, 0xFE] + little, "é€😀"), ([0xFE, 0xFF] + big, "é€😀"), (little, "é€😀"), (big, "é€😀"),
      (declared("ISO-8859-1") + [0xE9] + Array("</a>".utf8), "é"),
      (declared("windows-1252") + [0x80, 0xE9] + Array("</a>".utf8), "€é"),
      (declared("US-ASCII") + Array("e</a>".utf8), "e"),
    ]
    for (bytes, text) in documents { XCTAssertEqual(try events(bytes)[1], .text(text)) }
  }

  func testParser_RefusesBytesThatAreNotOfTheEncoding() {
    func declared(_ name: String, _ bytes: UInt8...) -> [UInt8] {
      Array("<?xml version='1.0' encoding='\(name)'?><a>".utf8) + bytes + Array("</a>".utf8)
    }
    let documents: [[UInt8]] = [
      declared("UTF-8", 0xC0, 0x80), declared("UTF-8", 0xED, 0xA0, 0x80), declared("UTF-8", 0xEF, 0xBF, 0xBF),
      declared("US-ASCII", 0xE9), declared("windows-1252", 0x81), declared("UTF-16", 0x41), declared("koi8-r", 0x41),
      [0xFF, 0xFE, 0x3C, 0, 0x00, 0xD8, 0x3E, 0], [0xFE, 0xFF] + declared("UTF-8", 0x41), [0xEF, 0xBB], [0xFF],
      [0, 0, 0, 0x3C],
    ]
    for bytes in documents { XCTAssertThrowsError(try events(bytes)) { XCTAssertTrue($0 is DataFault) } }
  }

  func testParser_ReadsNamesOfTheFifthEdition() throws {
    for name in ["ʹa", "\u{1F600}", "a·", "ሀ", ":", "_", "a.-1"] {
      XCTAssertEqual(try events("<\(name)/>").last, .end(name: name))
    }
    for name in ["1a", "-a", ".", "·a", "a×", "\u{2190}"] { XCTAssertNotNil(sentence("<\(name)/>"), name) }
  }

  func testParser_RefusesWhatIsNotWellFormed() {
    let documents = [
      "", "  ", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>t", "<a/>&#32;", "<a b/>", "<a b=1/>", "<a b='1'c='2'/>",
      "<a b='<'/>",
      "<a b='1' b='2'/>", "<a>]]></a>", "<a>&#0;</a>", "<a>&#xFFFE;</a>", "<a>&#;</a>", "<a>&lt</a>", "<a>& </a>",
      "<a>\u{1}</a>",
      "<a><!-- -- --></a>", "<a><!--a---></a>", "<a><![CDATA[</a>", "<![CDATA[]]><a/>", "<a><?XmL x?></a>",
      " <?xml version='1.0'?><a/>",
      "<?xml version='2.0'?><a/>", "<?xml encoding='utf-8'?><a/>",
      "<?xml version='1.0' standalone='no' encoding='utf-8'?><a/>",
      "<?xml version='1.0' standalone='maybe'?><a/>", "<?xml version='1.0'encoding='utf-8'?><a/>", "< a/>", "<a ></a",
      "</a>", "<a/ >",
      "<a><!DOCTYPE a></a>", "<!DOCTYPE a><!DOCTYPE a><a/>", "<!doctype a><a/>", "<a>&#x110000;</a>",
      "<a>&#99999999999999999999;</a>",
    ]
    for document in documents { XCTAssertNotNil(sentence(document), document) }
  }

  func testParser_SaysWhereAndWhat() {
    XCTAssertEqual(sentence("<a>\n é<b></c>"), "line 2, column 8: </b> is expected, not </c>")
    XCTAssertEqual(sentence("<a>\n\u{7}</a>"), "line 2, column 1: the character U+0007 is not allowed in XML 1.0")
    XCTAssertEqual(sentence("<a b=c>"), "line 1, column 6: a value in quotes is expected, not 'c'")
    XCTAssertEqual(
      sentence("<a>&nbsp;</a>"),
      "line 1, column 10: the entity &nbsp; is not expanded here; only lt, gt, amp, apos, quot and &#…; are")
  }

  func testParser_ResolvesTheCallersEntities() throws {
    XCTAssertEqual(
      try events("<a b='&x;'>&x;</a>", entities: ["x": "<&"])[0], .start(name: "a", attributes: [.init("b", "<&")]))
    XCTAssertEqual(try events("<a>&x;</a>", entities: ["x": "<&"])[1], .text("<&"))
  }

  func testParser_SkipsAnElement() throws {
    let parser = XMLParser(ByteFeed(Array("<a><b><b/>t</b><c/></a>".utf8)))
    _ = try parser.next()
    _ = try parser.next()
    XCTAssertEqual(parser.depth, 2)
    try parser.skipElement()
    XCTAssertEqual(try parser.next(), .start(name: "c", attributes: []))
    try parser.skipElement()
    XCTAssertEqual(try parser.next(), .end(name: "a"))
  }
}
