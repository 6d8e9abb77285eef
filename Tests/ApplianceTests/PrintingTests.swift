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

  private var console: Console {
    Console(out: printed.add, error: printed.add)
  }

  private func assertHarmless(line: UInt = #line) {
    let left = lines.joined().unicodeScalars.filter { HiddenText.isHidden($0) }
    XCTAssertTrue(left.isEmpty, "\(left.map { String($0.value, radix: 16) })", line: line)
  }
}
