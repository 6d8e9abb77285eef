import Synchronization
import XCTest

@testable import Basics

final class LogTests: XCTestCase {
  private final class Lines: Sendable {
    let text = Mutex("")
    var all: String { text.withLock { $0 } }
    func add(_ line: [UInt8]) { text.withLock { $0 += String(decoding: line, as: UTF8.self) } }
  }
  private let clock = Clock(now: { Timestamp(milliseconds: 0) })

  func testLine_AsText() {
    let lines = Lines()
    Log(showsPriority: true, clock: clock, write: lines.add).warning("disk low", ["path": "/x y", "free": "10"])
    XCTAssertEqual(lines.all, "<4>1970-01-01T00:00:00.000Z warning disk low path=\"/x y\" free=10\n")
  }

  func testLine_AsJSON() {
    let lines = Lines()
    Log(style: .json, clock: clock, write: lines.add).info("job \"a\"", ["id": "1"])
    XCTAssertEqual(
      lines.all, #"{"time":"1970-01-01T00:00:00.000Z","level":"info","message":"job \"a\"","id":"1"}"# + "\n")
  }

  func testHostileValues_NeverMakeASecondLine() {
    for style in Log.Style.allCases {
      let lines = Lines()
      let hostile = "a\r\nb\u{1B}[2J\u{2028}c\u{85}d\0"
      Log(style: style, clock: clock, write: lines.add).error(
        hostile, ["x": hostile, "long": String(repeating: "y", count: 9000)])
      XCTAssertEqual(lines.all.unicodeScalars.filter { $0 == "\n" || $0 == "\r" || $0 == "\u{1B}" }.count, 1)
      XCTAssertLessThan(lines.all.utf8.count, 2600)
    }
  }

  /// DEL, C1 controls, marks of direction, separators, what has no width, and what tags a text unseen.
  private static let hidden: [ClosedRange<UInt32>] = [
    0x00...0x1F, 0x7F...0x9F, 0xAD...0xAD, 0x61C...0x61C, 0x180E...0x180E, 0x200B...0x200F, 0x2028...0x202E,
    0x2060...0x2064,
    0x2066...0x206F, 0xFEFF...0xFEFF, 0xFFF9...0xFFFB, 0xE0001...0xE0001, 0xE0020...0xE007F,
  ]

  func testHiddenCharacters_InMessageFieldAndKey_AreEscapedInBothForms() throws {
    for scalar in Self.hidden.joined().compactMap(Unicode.Scalar.init) {
      for style in Log.Style.allCases {
        let lines = Lines()
        let log = Log(style: style, clock: clock, write: lines.add)
        log.info("a\(scalar)b", ["c\(scalar)d": "e\(scalar)f"])
        log.info("g\(scalar)h") { line in line.field("path", "i\(scalar)j") }
        let shown = lines.all.split(separator: "\n")
        XCTAssertEqual(shown.count, 2)
        for line in shown { XCTAssertFalse(line.unicodeScalars.contains(scalar), String(scalar.value, radix: 16)) }
        guard style == .json else { continue }
        XCTAssertEqual(try JSONReader.parse(Array(shown[0].utf8))["c\(scalar)d"]?.string, "e\(scalar)f")
        XCTAssertEqual(try JSONReader.parse(Array(shown[1].utf8))["path"]?.string, "i\(scalar)j")
      }
    }
  }

  func testVisibleCharacters_StayAsTheyAre() {
    for style in Log.Style.allCases {
      let lines = Lines()
      Log(style: style, clock: clock, write: lines.add).info(
        "caf\u{e9}", ["name": "\u{65e5}\u{672c} \u{1f600} \u{5d0}"])
      XCTAssertTrue(
        lines.all.contains("caf\u{e9}") && lines.all.contains("\u{65e5}\u{672c} \u{1f600} \u{5d0}"), lines.all)
    }
  }

  func testCharacterWithManyMarks_IsCut() {
    for style in Log.Style.allCases {
      let lines = Lines()
      let marked = "a" + String(repeating: "\u{301}", count: 100_000)
      Log(style: style, clock: clock, write: lines.add).info(marked, ["x": marked])
      XCTAssertLessThan(lines.all.utf8.count, 4500)
    }
  }

  func testLowLevels_AreDropped() {
    let lines = Lines()
    Log(least: .warning, clock: clock, write: lines.add).info("quiet")
    XCTAssertEqual(lines.all, "")
  }
}
