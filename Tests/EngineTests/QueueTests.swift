import Basics
import Formats
import Conversion
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Delays, faults and pauses of the queue, on a clock that a test moves.
final class QueueTests: XCTestCase {
  final class Bench {
    let directory: TemporaryDirectory
    let store: Store
    let clock = FixedClock()
    let lifecycle: Lifecycle
    let workspaces: [Int64]

    init(workspaces count: Int = 1) throws {
      directory = try TemporaryDirectory()
      store = try Store(path: directory.path)
      workspaces = try store.writeBlocking { database in
        try (0..<count).map {
          try Workspaces.insert(slug: "w\($0)", name: "w", plan: "pro", at: .init(milliseconds: 0), in: database)
        }
      }
      lifecycle = Lifecycle(store: store, clock: clock.clock, bootID: "boot-1")
    }

    deinit { store.close() }

    func add(_ workspace: Int = 0, count: Int = 1, bytes: Int64 = 1) throws -> [Int64] {
      let (id, now) = (workspaces[workspace], clock.now)
      return try store.writeBlocking { database in
        try (0..<count).map { _ in
          let job = try Jobs.insert(
            NewJob(
              workspaceID: id, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
              createdAt: now), in: database)
          let file = NewInput(fileName: "a.png", .file(blob: "00a\(job)", size: bytes, sha256: nil))
          _ = try Inputs.insert(file, job: job, position: 0, in: database)
          try Queue.insert(id, job: job, at: now, in: database)
          try Usage.move(id, from: nil, to: .pending, in: database)
          return job
        }
      }
    }

    func claim() throws -> (claim: Claim, job: Job)? { try lifecycle.claim(after: 0).map { ($0.claim, $0.job) } }

    func job(_ id: Int64) throws -> Job? { try store.read { try Jobs.load(id: id, in: $0) } }
  }

  func testDelay_KeepsAJobFromTheQueueUntilItsTime() throws {
    let bench = try Bench()
    let (claim, job) = try XCTUnwrap(try bench.add().first.flatMap { _ in try bench.claim() })
    try bench.lifecycle.delay(claim, job, by: .seconds(5))
    XCTAssertEqual(try bench.job(job.id)?.status, .pending)
    XCTAssertNil(try bench.claim())
    XCTAssertEqual(try bench.lifecycle.untilNextLook(in: .quick), .seconds(5))
    bench.clock.advance(by: .seconds(5))
    XCTAssertEqual(try bench.lifecycle.untilNextLook(in: .quick), .zero)
    XCTAssertEqual(try bench.claim()?.claim.attempt, 2)
    XCTAssertNil(try bench.lifecycle.untilNextLook(in: .quick))
  }

  func testDelay_WhenTheClockIsSetBack_EndsAtOnce() throws {
    let bench = try Bench()
    _ = try bench.add()
    let (claim, job) = try XCTUnwrap(try bench.claim())
    try bench.lifecycle.delay(claim, job, by: .seconds(5))
    bench.clock.advance(by: .seconds(-3 * 86_400))
    XCTAssertLessThanOrEqual(try XCTUnwrap(try bench.lifecycle.untilNextLook(in: .quick)), Queue.longestDelay)
    XCTAssertNotNil(try bench.claim())
  }

  func testFaults_DelayAJobLongerEachTime_AndFailItAtTheFifth() throws {
    let bench = try Bench()
    let id = try bench.add()[0]
    let failure = ConversionFailure(.internalError, "a fault of ours")
    for delay in Lifecycle.faultDelays {
      let (claim, job) = try XCTUnwrap(try bench.claim())
      try bench.lifecycle.countFault(claim, job, failure, run: .zero)
      XCTAssertEqual(try bench.lifecycle.untilNextLook(in: .quick), delay)
      bench.clock.advance(by: delay)
    }
    let (claim, job) = try XCTUnwrap(try bench.claim())
    try bench.lifecycle.countFault(claim, job, failure, run: .zero)
    XCTAssertEqual(try bench.job(id)?.status, .failed)
    XCTAssertEqual(try bench.job(id)?.errorMessage, "a fault of ours")
    XCTAssertNil(try bench.claim())
  }

  func testFullDisk_DelaysAJobLongerEachTime_AndFailsItInTheEnd() throws {
    let bench = try Bench()
    let id = try bench.add()[0]
    let failure = ConversionFailure(.diskFull, "the disk is full")
    for delay in Lifecycle.diskDelays {
      let (claim, job) = try XCTUnwrap(try bench.claim())
      try bench.lifecycle.countDiskTrouble(claim, job, failure, run: .zero)
      XCTAssertEqual(try bench.lifecycle.untilNextLook(in: .quick), delay)
      bench.clock.advance(by: delay)
    }
    let (claim, job) = try XCTUnwrap(try bench.claim())
    XCTAssertEqual(claim.attempt, 6)
    try bench.lifecycle.countDiskTrouble(claim, job, failure, run: .zero)
    XCTAssertEqual(try bench.job(id)?.status, .failed)
    XCTAssertEqual(try bench.job(id)?.errorCode, "disk_full")
    XCTAssertNil(try bench.claim())
  }

  func testRestarts_CountNeitherAsFaultsNorAsDeaths() throws {
    let bench = try Bench()
    _ = try bench.add()
    for boot in 2..<12 {
      XCTAssertNotNil(try bench.claim())
      let next = Lifecycle(store: bench.store, clock: bench.clock.clock, bootID: "boot-\(boot)")
      XCTAssertEqual(try next.recover(), 1)
    }
    bench.clock.advance(by: Queue.longestDelay)
    let (claim, job) = try XCTUnwrap(try bench.claim())
    XCTAssertEqual(claim.attempt, 11)
    let failure = ConversionFailure(.converterDied, "it died")
    try bench.lifecycle.countWorkerDeath(claim, job, failure, run: .zero)
    XCTAssertEqual(try bench.job(job.id)?.status, .pending)
  }

  func testPause_HoldsOverARestartAndEndsWithResume() async throws {
    let bench = try Bench()
    _ = try bench.add()
    try await bench.lifecycle.setPaused(true)
    XCTAssertNil(try bench.claim())
    XCTAssertNil(try bench.lifecycle.untilNextLook(in: .quick))
    let next = Lifecycle(store: bench.store, clock: bench.clock.clock, bootID: "boot-2")
    XCTAssertNil(try next.claim(after: 0))
    try await next.setPaused(false)
    XCTAssertNotNil(try next.claim(after: 0))
  }

  func testManyJobsOfOneWorkspace_DoNotStarveAnothersOne() throws {
    let bench = try Bench(workspaces: 3)
    _ = try bench.add(1, count: 2000)
    let one = try bench.add(0)[0]
    let other = try bench.add(2)[0]
    var last = bench.workspaces[1]
    var turns: [Int64] = []
    for _ in 0..<3 {
      let taken = try XCTUnwrap(try bench.lifecycle.claim(after: last))
      last = taken.job.workspaceID
      turns.append(taken.job.id)
    }
    XCTAssertTrue(turns.contains(one) && turns.contains(other), "\(turns)")
  }

  func testJob_TellsItsWaitAndItsRunApart() throws {
    let bench = try Bench()
    let id = try bench.add()[0]
    bench.clock.advance(by: .seconds(7))
    let (claim, job) = try XCTUnwrap(try bench.claim())
    bench.clock.advance(by: .seconds(3))
    XCTAssertTrue(try bench.lifecycle.complete(claim, job, outputs: [], blobs: [], run: .seconds(2)))
    let ended = try XCTUnwrap(try bench.job(id))
    XCTAssertEqual(ended.startedAt.map { $0 - ended.createdAt }, .seconds(7))
    XCTAssertEqual(ended.run, .seconds(2))
  }
}

extension QueueTests {
  func testClaim_RunsNoMoreJobsOfAWorkspaceThanItsPlanAllows() throws {
    let bench = try Bench(workspaces: 2)
    try bench.store.writeBlocking { try $0.run("UPDATE plans SET concurrent_jobs = 2 WHERE name = 'pro'") }
    _ = try bench.add(0, count: 5)
    _ = try bench.add(1, count: 1)
    var taken: [(claim: Claim, job: Job)] = []
    while let (claim, job) = try bench.claim() { taken.append((claim, job)) }
    XCTAssertEqual(
      taken.map(\.job.workspaceID).sorted(), [bench.workspaces[0], bench.workspaces[0], bench.workspaces[1]])
    XCTAssertTrue(try bench.lifecycle.complete(taken[0].claim, taken[0].job, outputs: [], blobs: [], run: .zero))
    XCTAssertEqual(try bench.claim()?.job.workspaceID, taken[0].job.workspaceID)
    XCTAssertNil(try bench.claim())
  }

  func testEndOfAJobThatIsNoLongerOurs_PublishesNothing() throws {
    let bench = try Bench()
    let id = try bench.add(0)[0]
    let (claim, job) = try XCTUnwrap(try bench.claim())
    try bench.store.writeBlocking { try Queue.remove(job: id, in: $0) }
    XCTAssertFalse(try bench.lifecycle.complete(claim, job, outputs: [], blobs: [], run: .zero))
    XCTAssertEqual(try bench.job(id)?.status, .processing)
  }

  func testSmallJobs_GoBeforeLargeOnes_AndAreNotOvertakenThemselves() throws {
    let bench = try Bench()
    let large = try bench.add(count: 2, bytes: Queue.smallBytes)
    let small = try bench.add(count: 2, bytes: Queue.smallBytes - 1)
    var turns: [Int64] = []
    while let (_, job) = try bench.claim() { turns.append(job.id) }
    XCTAssertEqual(turns, small + large)
  }

  func testLargeJob_IsOvertakenForAWhileOnly() throws {
    let bench = try Bench()
    let large = try bench.add(bytes: 8 << 20)
    bench.clock.advance(by: Queue.patience - .milliseconds(1))
    let first = try bench.add()
    XCTAssertEqual(try bench.claim()?.job.id, first[0])
    _ = try bench.add()
    bench.clock.advance(by: .milliseconds(1))
    XCTAssertEqual(try bench.claim()?.job.id, large[0])
  }

  func testLargeJob_FromBeforeTheClockWasSetBack_IsNotOvertaken() throws {
    let bench = try Bench()
    let large = try bench.add(bytes: 8 << 20)
    bench.clock.advance(by: .seconds(-3600))
    _ = try bench.add()
    XCTAssertEqual(try bench.claim()?.job.id, large[0])
  }

  func testSmallJobsOfOneWorkspace_DoNotTakeAnothersTurn() throws {
    let bench = try Bench(workspaces: 2)
    let large = try bench.add(0, bytes: 8 << 20)[0]
    let small = try bench.add(1, count: 3)
    let first = try XCTUnwrap(try bench.lifecycle.claim(after: bench.workspaces[1]))
    XCTAssertEqual(first.job.id, large)
    XCTAssertEqual(try bench.lifecycle.claim(after: first.job.workspaceID)?.job.id, small[0])
  }

  func testWhatWaitsAndMayNotBeTaken_IsLookedForAgain_InItsLane() async throws {
    let bench = try Bench()
    _ = try bench.add()
    XCTAssertEqual(try bench.lifecycle.untilNextLook(in: .quick), Lifecycle.blockedLook)
    XCTAssertNil(try bench.lifecycle.untilNextLook(in: .media))
    try await bench.lifecycle.setPaused(true)
    XCTAssertNil(try bench.lifecycle.untilNextLook(in: .quick))
    try await bench.lifecycle.setPaused(false)
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.leavesMore, false)
    XCTAssertNil(try bench.lifecycle.untilNextLook(in: .quick))
    _ = try bench.add()
    _ = try bench.add()
    XCTAssertEqual(try bench.lifecycle.claim(after: 0)?.leavesMore, true)
  }
}
