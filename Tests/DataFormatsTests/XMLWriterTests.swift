import DataFormats
import XCTest

final class XMLWriterTests: XCTestCase {
  private func written(_ value: DataValue, options: XMLWriter.Options = XMLWriter.Options()) throws -> String {
    var bytes: [UInt8] = []
    let drain = ByteDrain { bytes += $0 }
    var writer = XMLWriter(drain, options: options)
    try value.tell(&writer)
    try writer.finish()
    try drain.flush()
    let text = String(decoding: bytes, as: UTF8.self)
    let declaration = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    XCTAssertTrue(text.hasPrefix(declaration))
    return String(text.dropFirst(declaration.count))
  }

  private func string(_ text: String) -> DataValue { .scalar(.string(text)) }
  private func object(_ members: KeyValuePairs<String, DataValue>) -> DataValue {
    .object(members.map { DataValue.Member($0.key, $0.value) })
  }

  func testWriter_KeepsTheConventions() throws {
    let number = DataValue.scalar(.number("1.0"))
    XCTAssertEqual(try written(.scalar(.null)), "<root>\n <value></value>\n</root>")
    XCTAssertEqual(try written(object([:])), "<root></root>")
    XCTAssertEqual(try written(.array([])), "<root></root>")
    XCTAssertEqual(
      try written(.array([number, .scalar(.bool(true)), .array([number])])),
      "<root>\n <item>1.0</item>\n <item>true</item>\n <item>\n  <item>1.0</item>\n </item>\n</root>")
    XCTAssertEqual(
      try written(object(["a": .array([number, object(["b": string(" x")])]), "c": .array([]), "d": .scalar(.null)])),
      "<root>\n <a>1.0</a>\n <a>\n  <b> x</b>\n </a>\n <d></d>\n</root>")
    XCTAssertEqual(
      try written(object(["r": object(["@b": string("c"), "#text": string("t")])])),
      "<root>\n <r b=\"c\">t</r>\n</root>")
  }

  func testWriter_RepairsNames() throws {
    let names = ["a b", "1x", "é", "", "x-y.z", "$", "a:b", "xml:a", "日本", "😀", "-a"]
    let members = names.map { DataValue.Member($0, .scalar(.null)) }
    let expected = ["a_b", "_1x", "é", "field", "x-y.z", "_", "a_b", "xml:a", "日本", "_", "_-a"]
    XCTAssertEqual(
      try written(.object(members)), "<root>\n" + expected.map { " <\($0)></\($0)>\n" }.joined() + "</root>")
  }

  func testWriter_KeepsPrefixesThatAreDeclared() throws {
    let inner = object([
      "@xmlns:p": string("u"), "@p:x": string("1"), "@q:x": string("2"), "p:b": string(""), "q:b": string(""),
    ])
    XCTAssertEqual(
      try written(object(["p:a": inner, "p:c": string("")])),
      "<root>\n <p:a xmlns:p=\"u\" p:x=\"1\" q_x=\"2\">\n  <p:b></p:b>\n  <q_b></q_b>\n </p:a>\n <p_c></p_c>\n</root>")
    XCTAssertEqual(
      try written(object(["@xmlns:xml": string("u"), "@xmlns:p": string("")])),
      "<root xmlns_xml=\"u\" xmlns_p=\"\"></root>")
  }

  func testWriter_EscapesWhatAReaderWouldChange() throws {
    let text = string("<&>\"'\t\r\n")
    XCTAssertEqual(
      try written(object(["@a": text, "b": text])),
      "<root a=\"&lt;&amp;&gt;&quot;'&#9;&#13;&#10;\">\n <b>&lt;&amp;&gt;\"'\t&#13;\n</b>\n</root>")
  }

  func testWriter_TakesAttributesAndTextInAnyOrder() throws {
    let value = object([
      "#text": string("t"), "b": object(["c": string(""), "@d": string("1")]), "@e": string("2"), "@e ": string("3"),
    ])
    XCTAssertEqual(
      try written(value), "<root e=\"2\" e_=\"3\">\n <b d=\"1\">\n  <c></c>\n </b>\nt</root>")
    XCTAssertEqual(
      try written(object(["@a": .array([string("1")]), "#text": object([:])])),
      "<root>\n <_a>1</_a>\n <_text></_text>\n</root>")
  }

  func testWriter_RefusesAnAttributeFarBehindItsElementsStart() {
    let long = string(String(repeating: "x", count: 2 << 20))
    XCTAssertThrowsError(try written(object(["a": long, "@b": string("1")]))) {
      XCTAssertEqual(($0 as? DataFault)?.kind, .unsupported)
    }
  }

  func testWriter_RefusesWhatXMLCannotHold() {
    for text in ["\u{0}", "a\u{1F}", "\u{FFFE}", "\u{FFFF}"] {
      XCTAssertThrowsError(try written(string(text)))
      XCTAssertThrowsError(try written(object(["@a": string(text)])))
    }
    XCTAssertNoThrow(try written(string("\u{FFFD}\u{7F}\u{85}\u{10FFFF}")))
    var writer = XMLWriter(ByteDrain { _ in })
    XCTAssertNoThrow(try writer.scalar(.null))
    XCTAssertThrowsError(try writer.scalar(.null))
  }

  func testWriter_WritesWhatTheReaderReads() throws {
    let value = object([
      "a": .array([object(["@b": string("1"), "c": .scalar(.null), "#text": string("t")]), string("x")]),
      "d": string("é"),
    ])
    var tree = DataTree()
    let bytes = Array(("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + (try written(value))).utf8)
    try XMLReader().read(ByteFeed(bytes), into: &tree)
    XCTAssertEqual(tree.values, [value])
  }

  func testWriter_HasOptions() throws {
    var options = XMLWriter.Options()
    (options.rootName, options.itemName, options.attributePrefix, options.indent) = ("rows", "row", "-", 2)
    XCTAssertEqual(
      try written(.array([object(["-a": string("1"), "@b": string("2")])]), options: options),
      "<rows>\n  <row a=\"1\">\n    <_b>2</_b>\n  </row>\n</rows>")
  }
}
