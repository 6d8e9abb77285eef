import Basics
import CSystem
import Glibc
import TestSupport
import XCTest

@testable import Conversion
@testable import Formats
@testable import Pictures

/// Conversions that step back: they get what others leave of a busy processor, and whoever wakes interrupts them at once.
final class SteppingBackTests: XCTestCase {
  private struct Seen {
    let nice: Int32
    let turns: UInt64
  }

  func testConvert_WhenItYields_HasItsChildStepBackAndTakeLongTurns() throws {
    let yielding = try XCTUnwrap(seen(yields: true))
    XCTAssertEqual(yielding.nice, 10)
    let other = try XCTUnwrap(seen(yields: false))
    XCTAssertEqual(other.nice, getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
    try XCTSkipIf(csystem_turns(0) == 0, "this kernel tells no turns (Linux 6.12)")
    XCTAssertEqual(yielding.turns, UInt64(CSYSTEM_LONG_TURN))
    XCTAssertEqual(other.turns, csystem_turns(0))
  }

  /// What a child is like that has its job.
  private func seen(yields: Bool) throws -> Seen? {
    let picture = try Picture(1600, 1200, 3) { x, y, channel in (x &* 7919 ^ y &* 104_729) >> channel & 255 }.png()
    let pool = WorkerPool(
      executable: BuiltProgram.path, workers: 1, threads: 1, limits: ConversionLimits(), masked: [], log: .silent)
    defer { pool.close() }
    var seen: Seen?
    let output = try TestFile()
    _ = try pool.convert(
      Conversion(from: .png, to: .jpeg),
      files: ConversionFiles(sources: [picture.descriptor], output: output.descriptor),
      timeLimit: .seconds(60), yields: yields,
      isCanceled: {
        guard seen == nil, let busy = pool.status.first?.busy else { return false }
        // Stopped, so that it is there for both questions.
        kill(busy, SIGSTOP)
        seen = Seen(
          nice: getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(busy)), turns: csystem_turns(busy))
        kill(busy, SIGCONT)
        return false
      })
    return seen
  }
}
