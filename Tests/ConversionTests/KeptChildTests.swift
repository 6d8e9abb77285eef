import Basics
import Glibc
import TestSupport
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Children that do several jobs of one owner.
final class KeptChildTests: XCTestCase {
  private func withPool(workers: Int = 1, jobsPerChild: Int = 1000, _ body: (WorkerPool) throws -> Void) throws {
    let pool = WorkerPool(executable: BuiltProgram.path, workers: workers, jobsPerChild: jobsPerChild, log: .silent)
    defer { pool.close() }
    try body(pool)
  }

  private func job(
    _ pool: WorkerPool, owner: Int64?, _ input: TestFile? = nil, timeLimit: Duration = .seconds(60),
    isCanceled: () -> Bool = { false }
  ) throws -> ConversionOutcome {
    let input = try input ?? Picture.gradient(40, 30, 3).png()
    let output = try TestFile()
    defer { withExtendedLifetime((input, output)) {} }
    return try pool.convert(
      Conversion(from: .png, to: .jpeg), files: ConversionFiles(sources: [input.descriptor], output: output.descriptor),
      owner: owner, timeLimit: timeLimit, isCanceled: isCanceled)
  }

  private func kept(_ pool: WorkerPool) -> Int32? { pool.status.first?.kept }

  /// Something that can be waited for: it is readable once the process has ended.
  private func open(_ process: Int32) throws -> Int32 {
    typealias Opener = @convention(c) (pid_t, UInt32) -> Int32
    let opener = try XCTUnwrap(dlsym(nil, "pidfd_open"))
    return try check("pidfd_open") { unsafeBitCast(opener, to: Opener.self)(process, 0) }
  }

  private func assertEnds(_ descriptor: Int32, line: UInt = #line) {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    XCTAssertEqual(poll(&entry, 1, 60_000), 1, "the child goes on", line: line)
    close(descriptor)
  }

  func testConvert_ForOneOwner_StaysInOneChildAndLeavesNothingOpen() throws {
    try withPool { pool in
      let first = try job(pool, owner: 7)
      let child = try XCTUnwrap(kept(pool))
      // More than the descriptors that a child may have open.
      for _ in 0..<300 { XCTAssertEqual(try job(pool, owner: 7), first) }
      XCTAssertEqual(kept(pool), child)
    }
  }

  func testConvert_ForAnotherOwner_HasAnotherChildAndEndsTheFirst() throws {
    try withPool { pool in
      _ = try job(pool, owner: 7)
      let first = try XCTUnwrap(kept(pool))
      let end = try open(first)
      var busy: Int32?
      _ = try job(pool, owner: 8) {
        busy = pool.status.first?.busy ?? busy
        return false
      }
      XCTAssertNotEqual(busy, first)
      XCTAssertNotEqual(kept(pool), first)
      assertEnds(end)
    }
  }

  func testConvert_WithoutOwner_HasAChildOfItsOwn() throws {
    try withPool { pool in
      _ = try job(pool, owner: 7)
      let end = try open(try XCTUnwrap(kept(pool)))
      XCTAssertNotNil(try job(pool, owner: nil).usage)
      XCTAssertNil(kept(pool))
      assertEnds(end)
    }
  }

  func testConvert_UpToTheLimit_EndsTheChild() throws {
    try withPool(jobsPerChild: 3) { pool in
      var children: [Int32?] = []
      for _ in 0..<6 {
        _ = try job(pool, owner: 7)
        children.append(kept(pool))
      }
      XCTAssertNotNil(children[0])
      XCTAssertEqual(children[1], children[0])
      XCTAssertNil(children[2])
      XCTAssertNotNil(children[3])
      XCTAssertNotEqual(children[3], children[0])
      XCTAssertNil(children[5])
    }
  }

  func testConvert_WithOneJobForEachChild_KeepsNone() throws {
    try withPool(jobsPerChild: 1) { pool in
      XCTAssertNotNil(try job(pool, owner: 7).usage)
      XCTAssertNil(kept(pool))
    }
  }

  func testConvert_OfADamagedFile_TellsItsReasonAndKeepsNoChild() throws {
    let bytes = try Picture.gradient(60, 60, 3).png().bytes.dropLast(30)
    let damaged = try TestFile(Array(bytes))
    try withPool { pool in
      _ = try job(pool, owner: 7)
      let end = try open(try XCTUnwrap(kept(pool)))
      XCTAssertThrowsError(try job(pool, owner: 7, damaged)) {
        XCTAssertEqual(($0 as? ConversionFailure)?.code, .damagedFile)
      }
      XCTAssertNil(kept(pool))
      assertEnds(end)
      XCTAssertNoThrow(try job(pool, owner: 7))
    }
  }

  func testConvert_InAKeptChildThatHasDied_IsDoneByAnother() throws {
    try withPool { pool in
      _ = try job(pool, owner: 7)
      let child = try XCTUnwrap(kept(pool))
      let end = try open(child)
      kill(child, SIGKILL)
      assertEnds(end)
      XCTAssertNoThrow(try job(pool, owner: 7))
    }
  }

  func testConvert_InAKeptChildThatHangs_IsDoneByAnother() throws {
    try withPool { pool in
      _ = try job(pool, owner: 7)
      let child = try XCTUnwrap(kept(pool))
      let end = try open(child)
      kill(child, SIGSTOP)
      XCTAssertNoThrow(try job(pool, owner: 7, timeLimit: .seconds(8)))
      assertEnds(end)
    }
  }

  func testConvert_OfAJobThatIsCanceled_IsNotTriedAgain() throws {
    try withPool { pool in
      _ = try job(pool, owner: 7)
      kill(try XCTUnwrap(kept(pool)), SIGSTOP)
      var asked = 0
      XCTAssertThrowsError(
        try job(pool, owner: 7) {
          asked += 1
          return true
        }
      ) { XCTAssertEqual(($0 as? ConversionFailure)?.code, .canceled) }
      XCTAssertEqual(asked, 1)
    }
  }

  func testConvert_OnSeveralWorkers_GoesWhereTheOwnersChildIs() throws {
    try withPool(workers: 3) { pool in
      _ = try job(pool, owner: 7)
      _ = try job(pool, owner: 8)
      let children = Set(pool.status.compactMap(\.kept))
      XCTAssertEqual(children.count, 2)
      for owner: Int64 in [8, 7, 7, 8] { _ = try job(pool, owner: owner) }
      XCTAssertEqual(Set(pool.status.compactMap(\.kept)), children)
    }
  }

  func testEndKept_EndsWhatWaits() throws {
    try withPool { pool in
      _ = try job(pool, owner: 7)
      let end = try open(try XCTUnwrap(kept(pool)))
      pool.endKept()
      XCTAssertNil(kept(pool))
      assertEnds(end)
      XCTAssertNoThrow(try job(pool, owner: 7))
    }
  }

  func testKeep_AfterMuchProcessorTime_DoesNot() throws {
    let large = try Picture.gradient(1500, 1000, 3).png()
    try withPool { pool in
      var jobs = 0
      repeat {
        _ = try job(pool, owner: 7, large)
        jobs += 1
      } while kept(pool) != nil && jobs < 200
      XCTAssertNil(kept(pool))
    }
  }
}
