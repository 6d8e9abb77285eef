import Basics
import Synchronization
import XCTest

@testable import Appliance

final class PrintingTests: XCTestCase {
  private final class Lines: Sendable {
    let all = Mutex<[String]>([])
    func add(_ line: String) { all.withLock { $0.append(line) } }
  }
  private let printed = Lines()
  private let hostile = "a\u{1B}]0;x\u{7}\u{9B}2J\r\nb\u{202E}c\u{2066}d\u{200B}e\u{FEFF}\u{7F}"
  private var lines: [String] { printed.all.withLock { $0 } }

  func testTable_WithNamesThatDriveATerminal_ShowsTheirEscapesInOneLine() {
    Printing.table(.array([.object([("name", .string(hostile))])]), [.init("NAME", "name")], to: console)
    XCTAssertEqual(
      lines, ["NAME", #"a\u001b]0;x\u0007\u009b2J\u000d\u000ab\u202ec\u2066d\u200be\ufeff\u007f"#])
  }

  func testRecord_WithNamesThatDriveATerminal_ShowsTheirEscapesInOneLine() {
    Printing.record(
      .object([("name", .string(hostile)), (hostile, .array([.string(hostile)]))]), to: console)
    XCTAssertEqual(lines.count, 2)
    assertHarmless()
  }

  func testConsole_WithJSON_PrintsTheSameDocumentWithoutWhatDrivesATerminal() throws {
    let document = JSONValue.object([("name", .string(hostile + "\u{E0041}"))])
    console.out(document.text)
    XCTAssertEqual(try JSONReader.parse(Array(lines[0].utf8)), document)
    assertHarmless()
  }

  func testConsole_WithSeveralLines_KeepsThem() {
    console.error("a\n\tb\u{1B}[1m")
    XCTAssertEqual(lines, ["a\n\tb\\u001b[1m"])
  }

  func testRecord_WithObjectsAndLists_ShowsThemBelow() throws {
    let text =
      #"{"id":1,"key":{"name":"a","none":null},"files":[{"file_name":"x","size":2},{"file_name":"y"}],"tags":["p","q"],"empty":[]}"#
    Printing.record(try JSONReader.parse(Array(text.utf8)), to: console)
    XCTAssertEqual(
      lines,
      [
        "id     1", "key", "  name  a", "  none  -", "files", "  FILE NAME  SIZE", "  x          2", "  y          -",
        "tags   p, q", "empty  -",
      ])
  }

  func testTable_OnATerminalThatIsTooNarrow_LeavesOutWhatIsEmptyAndThenGoesDown() {
    let rows = JSONValue.array([
      .object([("id", .integer(1)), ("url", .string("https://client.example")), ("error", .null)]),
      .object([("id", .integer(2)), ("url", .string("http://b")), ("error", .null)]),
    ])
    let columns: [Printing.Column] = [.init("ID", "id"), .init("URL", "url"), .init("ERROR", "error")]
    for (width, expected) in [
      (33, ["ID  URL                     ERROR", "1   https://client.example  -", "2   http://b                -"]),
      (32, ["ID  URL", "1   https://client.example", "2   http://b"]),
      (20, ["ID   1", "URL  https://client.example", "", "ID   2", "URL  http://b"]),
    ] {
      let printed = Lines()
      Printing.table(rows, columns, to: Console(out: printed.add, error: printed.add, width: width))
      XCTAssertEqual(printed.all.withLock { $0 }, expected)
    }
  }

  func testTable_WithWideLetters_StaysInItsColumns() {
    let rows = ["株式会社", "Łódź", "e\u{301}"].map { JSONValue.object([("name", .string($0)), ("id", .integer(1))]) }
    Printing.table(.array(rows), [.init("NAME", "name"), .init("ID", "id")], to: console)
    XCTAssertEqual(lines, ["NAME      ID", "株式会社  1", "Łódź      1", "e\u{301}         1"])
  }

  private var console: Console {
    Console(out: printed.add, error: printed.add)
  }

  private func assertHarmless(line: UInt = #line) {
    let left = lines.joined().unicodeScalars.filter { HiddenText.isHidden($0) }
    XCTAssertTrue(left.isEmpty, "\(left.map { String($0.value, radix: 16) })", line: line)
  }
}
