import DataFormats
import XCTest

final class TOMLWriterTests: XCTestCase {
  private func written(_ value: DataValue) throws -> String {
    var bytes: [UInt8] = []
    let drain = ByteDrain { bytes += $0 }
    var writer = TOMLWriter(drain)
    try value.tell(&writer)
    try writer.finish()
    try drain.flush()
    return String(decoding: bytes, as: UTF8.self)
  }

  private func number(_ text: String) -> DataValue { .scalar(.number(text)) }
  private func string(_ text: String) -> DataValue { .scalar(.string(text)) }
  private func object(_ members: KeyValuePairs<String, DataValue>) -> DataValue {
    .object(members.map { DataValue.Member($0.key, $0.value) })
  }

  func testWriter_MakesATableOfWhateverStandsAtTheTop() throws {
    XCTAssertEqual(try written(object([:])), "")
    XCTAssertEqual(try written(.scalar(.null)), "")
    XCTAssertEqual(try written(string("x")), "value = \"x\"\n")
    XCTAssertEqual(
      try written(.array([number("1"), .array([]), object(["a": string("b")])])), "items = [1, [], { a = \"b\" }]\n")
    XCTAssertEqual(
      try written(.array([object(["t": .scalar(.bool(true))]), object([:])])), "[[items]]\nt = true\n\n[[items]]\n")
  }

  func testWriter_PutsValuesBeforeTables() throws {
    let value = object([
      "a": object(["b": object(["c": number("1")]), "d": object([:])]), "e": number("1.10"), "n": .scalar(.null),
      "f g": .array([object(["h": object(["i": number("2")])]), object(["k": .array([object(["l": number("3")])])])]),
      "m": .array([number("1"), object(["o": .scalar(.null)])]),
    ])
    XCTAssertEqual(
      try written(value),
      """
      e = 1.10
      m = [1, {}]

      [a.b]
      c = 1

      [a.d]

      [["f g"]]

      ["f g".h]
      i = 2

      [["f g"]]

      [["f g".k]]
      l = 3

      """)
  }

  func testWriter_QuotesWhatIsNotBare() throws {
    let text = "\u{0}\u{8}\t\n\u{C}\r\u{1F}\"\\\u{7F}é😀"
    XCTAssertEqual(
      try written(object(["": string(text), "é": string(""), "1-a_B": string("'")])),
      #"""
      "" = "\u0000\b\t\n\f\r\u001F\"\\\u007Fé😀"
      "é" = ""
      1-a_B = "'"

      """#)
  }

  func testWriter_WritesWhatOnlyTOMLHas() throws {
    let moments = ["2026-01-02T03:04:05Z", "03:04:05", "not a moment"].map { DataValue.scalar(.moment($0)) }
    let floats = [DataScalar.infinity(negative: false), .infinity(negative: true), .notANumber].map {
      DataValue.scalar($0)
    }
    XCTAssertEqual(
      try written(object(["m": .array(moments), "f": .array(floats)])),
      "m = [2026-01-02T03:04:05Z, 03:04:05, \"not a moment\"]\nf = [inf, -inf, nan]\n")
  }

  func testWriter_RefusesNullsInArraysAndSeveralDocuments() throws {
    XCTAssertThrowsError(try written(.array([number("1"), .scalar(.null)]))) {
      XCTAssertEqual(($0 as? DataFault)?.kind, .unsupported)
    }
    var writer = TOMLWriter(ByteDrain { _ in })
    try writer.scalar(.null)
    try writer.scalar(.null)
    XCTAssertThrowsError(try writer.finish())
  }

  func testWriter_DoesNotRepeatALongKeyForEveryTableBelowIt() throws {
    let tables = (0..<1000).map { DataValue.Member("k\($0)", object(["a": number("1")])) }
    let key = String(repeating: "x", count: 1000)
    let text = try written(object([key: .object(tables), "short": .object([.init(key, .object(tables))])]))
    XCTAssertLessThan(text.utf8.count, 100_000)
  }
}
