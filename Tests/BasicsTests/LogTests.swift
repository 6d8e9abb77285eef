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

  func testLowLevels_AreDropped() {
    let lines = Lines()
    Log(least: .warning, clock: clock, write: lines.add).info("quiet")
    XCTAssertEqual(lines.all, "")
  }
}
