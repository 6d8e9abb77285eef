import DataFormats
import XCTest

final class YAMLWriterTests: XCTestCase {
  private func written(_ text: String) throws -> String { try YAMLTrial.written(.scalar(.string(text))) }

  private func object(_ members: (String, DataValue)...) -> DataValue { .object(members.map { .init($0.0, $0.1) }) }

  private func number(_ text: String) -> DataValue { .scalar(.number(text)) }

  func testWriter_NestsCompactly_WithSequencesAtTheirParentsColumn() throws {
    let value = object(
      ("b", .array([number("1"), .array([number("2"), number("3")]), object(("x", number("4")), ("y", .array([])))])),
      ("a", object(("c", object(("d", .array([.scalar(.null)])))), ("e", object()))))
    XCTAssertEqual(
      try YAMLTrial.written(value),
      """
      b:
      - 1
      - - 2
        - 3
      - x: 4
        'y': []
      a:
        c:
          d:
          - null
        e: {}

      """)
  }

  func testWriter_QuotesWhatSomeReaderTakesForSomethingElse() throws {
    let texts = [
      "yes", "No", "ON", "off", "y", "N", "true", "False", "null", "~", "1", "-1", "+1", "1.0", ".5", "0o7", "0x1F",
      "0b1", "012", "1_000",
      "1e3", "1:30", "2026-01-02", "2026-01-02T03:04:05Z", ".inf", "+.INF", ".nan", "", " a", "a ", "a: b", "a:",
      "a #b", "#a", "- a", "-",
      "? a", "[a]", "{a}", "*a", "&a", "!a", "|", ">", "@a", "`a", "%a", "---", "...", "<<", "=", "'a'", "\"a\"", ",a",
    ]
    for text in texts {
      let quoted = "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'\n"
      XCTAssertEqual(try written(text), quoted)
    }
  }

  func testWriter_LeavesOtherTextsPlain() throws {
    for text in ["a", "a b", "1x", "1.2.3a", "é日本😀", "a:b", "a#b", "it's", "x-y.z", "yesterday", "a [b]", "..a"] {
      XCTAssertEqual(try written(text), "\(text)\n...\n")
    }
  }

  func testWriter_EscapesWhatCannotStand() throws {
    XCTAssertEqual(
      try written("a\tb\0\u{1B}\u{7F}\u{85}\u{2028}\u{FEFF}\"\\é"), #""a\tb\0\e\x7F\N\L\uFEFF\"\\é""# + "\n")
  }

  func testWriter_WritesLinesLiterally() throws {
    XCTAssertEqual(try YAMLTrial.written(object(("a", .scalar(.string("x\n  y\n\nz"))))), "a: |-\n  x\n    y\n\n  z\n")
    XCTAssertEqual(try written("x\n"), "|\n  x\n")
    XCTAssertEqual(try written("x\n\n"), "|+\n  x\n\n")
    for text in [" x\ny", "\n x", "\n", "\tx\ny", "x\r\ny"] { XCTAssertEqual(try written(text).first, "\"", text) }
  }

  func testWriter_PutsKeysOnLinesOfTheirOwnWhereTheyAreLong() throws {
    let long = String(repeating: "k", count: 129)
    let value = object(
      ("yes", number("1")), ("a\nb", number("2")), (long, .array([number("3"), object(("x", number("4")))])))
    XCTAssertEqual(try YAMLTrial.written(value), "'yes': 1\n\"a\\nb\": 2\n? \(long)\n: - 3\n  - x: 4\n")
  }

  func testWriter_WritesScalarsSoThatEachVersionKnowsThem() throws {
    let values: [DataScalar] = [
      .null, .bool(true), .number("1e3"), .number("-1.5E-7"), .number("12345678901234567890"),
      .infinity(negative: true), .notANumber, .moment("2026-01-02T03:04:05Z"), .moment("07:32:00"),
    ]
    XCTAssertEqual(
      try YAMLTrial.written(.array(values.map { .scalar($0) })),
      "- null\n- true\n- 1.0e+3\n- -1.5e-7\n- 12345678901234567890\n- -.inf\n- .nan\n- 2026-01-02T03:04:05Z\n- '07:32:00'\n"
    )
  }

  func testWriter_PartsDocuments() throws {
    XCTAssertEqual(
      try YAMLTrial.written(number("1"), object(("a", number("2"))), .array([])), "1\n...\n---\na: 2\n---\n[]\n")
  }

  func testReader_ReadsBackWhatIsWritten() throws {
    let texts = [
      "", "yes", "a\nb\n", " a\n", "\t", "# x", "a: b", "-", "'", "\"", "\\", "\u{85}", "x\n\n\ny\n\n", "é", "? x",
    ]
    let value = DataValue.array(
      texts.map { object(($0, .array([.scalar(.string($0)), object(($0, .scalar(.string($0))))]))) })
    XCTAssertEqual(try YAMLTrial.value(try YAMLTrial.written(value)), YAMLTrial.notation(value))
  }
}
