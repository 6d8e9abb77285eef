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
    let session: pid_t
    let group: pid_t
  }

  func testConvert_WhenItYields_HasItsChildStepBackAndTakeLongTurns() throws {
    let yielding = try XCTUnwrap(seen(yields: true))
    XCTAssertEqual(yielding.nice, 15)
    let other = try XCTUnwrap(seen(yields: false))
    XCTAssertEqual(other.nice, getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0))
    try XCTSkipIf(csystem_turns(0) == 0, "this kernel tells no turns (Linux 6.12)")
    XCTAssertEqual(yielding.turns, UInt64(CSYSTEM_LONG_TURN))
    XCTAssertEqual(other.turns, csystem_turns(0))
  }

  /// The kernel weighs sessions against each other first, and a nice level counts within one only.
  func testWorkers_AreInTheServersSession_UnlessItHasATerminal() throws {
    let child = try XCTUnwrap(seen(yields: false))
    XCTAssertNotEqual(child.group, getpgrp())
    let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
    if terminal >= 0 {
      Glibc.close(terminal)
      XCTAssertNotEqual(child.session, getsid(0))
    } else {
      XCTAssertEqual(child.session, getsid(0))
    }
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
          nice: getpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(busy)), turns: csystem_turns(busy),
          session: getsid(busy), group: getpgid(busy))
        kill(busy, SIGCONT)
        return false
      })
    return seen
  }
}
