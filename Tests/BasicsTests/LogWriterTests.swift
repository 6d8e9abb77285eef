import Synchronization
import XCTest

@testable import Basics

final class LogWriterTests: XCTestCase {
  func testClose_WritesWhatWaitsInOrder() throws {
    let text = Mutex("")
    let writer = try LogWriter { lines in text.withLock { $0 += String(decoding: lines, as: UTF8.self) } }
    for number in 0..<1000 { writer.add(Array("\(number)\n".utf8)) }
    writer.close()
    writer.add(Array("late\n".utf8))
    XCTAssertEqual(text.withLock { $0 }, (0..<1000).map { "\($0)\n" }.joined() + "late\n")
  }

  func testAdd_WhileTheLogIsStuck_DropsAndCounts() throws {
    let text = Mutex("")
    let stuck = Doorbell()
    let goOn = Doorbell()
    let writer = try LogWriter(capacity: 100) { lines in
      if text.withLock({ $0.isEmpty }) {
        stuck.ring()
        _ = goOn.wait()
      }
      text.withLock { $0 += String(decoding: lines, as: UTF8.self) }
    }
    writer.add(Array("first\n".utf8))
    _ = stuck.wait()
    for _ in 0..<30 { writer.add(Array("012345678\n".utf8)) }
    goOn.ring()
    writer.close()
    let all = text.withLock { $0 }
    XCTAssertEqual(all.matches(of: /012345678/).count, 10)
    XCTAssertTrue(all.hasSuffix("20 log lines were lost because the log is written too slowly\n"), all)
  }
}
