import Basics
import Formats
import Conversion
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

final class LifecycleTests: XCTestCase {
  private struct Parts {
    let directory: TemporaryDirectory
    let store: Store
    let lifecycle: Lifecycle
    let workspaces: [Int64]
  }

  private func makeParts(workspaces: Int = 1, clock: FixedClock = FixedClock()) throws -> Parts {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    let ids: [Int64] = try store.writeBlocking { database in
      try (0..<workspaces).map { number in
        try Workspaces.insert(slug: "w\(number)", name: "w", plan: "pro", at: .init(milliseconds: 0), in: database)
      }
    }
    addTeardownBlock { withExtendedLifetime(directory) { store.close() } }
    let lifecycle = Lifecycle(store: store, clock: clock.clock, bootID: "boot-1")
    return Parts(directory: directory, store: store, lifecycle: lifecycle, workspaces: ids)
  }

  private func addJob(_ parts: Parts, workspace: Int = 0) throws -> Int64 {
    let id = parts.workspaces[workspace]
    return try parts.store.writeBlocking { database in
      let now = Timestamp(milliseconds: 0)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: id, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: now), in: database)
      try Queue.insert(id, job: job, at: now, in: database)
      try Usage.move(id, from: nil, to: .pending, in: database)
      return job
    }
  }

  private func status(_ parts: Parts, _ job: Int64) throws -> JobStatus? {
    try parts.store.read { try Jobs.load(id: job, in: $0)?.status }
  }

  func testClaim_TakesAJobOnce() throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    XCTAssertEqual(taken.claim, Claim(jobID: job, attempt: 1, bootID: "boot-1"))
    XCTAssertEqual(try status(parts, job), .processing)
    XCTAssertNil(try parts.lifecycle.claim(after: 0))
  }

  func testClaim_LetsWorkspacesTakeTurns() throws {
    let parts = try makeParts(workspaces: 2)
    let many = try (0..<3).map { _ in try addJob(parts, workspace: 0) }
    let one = try addJob(parts, workspace: 1)
    var last: Int64 = 0
    let order = try (0..<4).map { _ in
      let taken = try XCTUnwrap(parts.lifecycle.claim(after: last))
      last = taken.job.workspaceID
      return taken.job.id
    }
    XCTAssertEqual(order, [many[0], one, many[1], many[2]])
  }

  func testRecover_MakesJobsOfAnEarlierBootWaitAtOnce_AndFencesTheirEnd() throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let early = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    let second = Lifecycle(store: parts.store, clock: FixedClock().clock, bootID: "boot-2")
    XCTAssertEqual(try second.recover(), 1)
    XCTAssertEqual(try status(parts, job), .pending)
    XCTAssertFalse(try parts.lifecycle.complete(early.claim, early.job, outputs: [], blobs: [], run: .zero))
    let late = try XCTUnwrap(second.claim(after: 0))
    XCTAssertEqual(late.claim.attempt, 2)
    XCTAssertTrue(try second.complete(late.claim, late.job, outputs: [], blobs: [], run: .zero))
    XCTAssertFalse(try second.complete(late.claim, late.job, outputs: [], blobs: [], run: .zero))
    XCTAssertEqual(try status(parts, job), .completed)
  }

  /// One that ends the server each time must not keep it from everything else.
  func testRecover_OfAJobThatWasTakenOftenAndNeverEnded_LetsItWait() throws {
    let clock = FixedClock()
    let parts = try makeParts(clock: clock)
    let job = try addJob(parts)
    var last = parts.lifecycle
    for boot in 1...Queue.doubtful {
      XCTAssertEqual(try XCTUnwrap(last.claim(after: 0)).claim.attempt, boot)
      last = Lifecycle(store: parts.store, clock: clock.clock, bootID: "boot-\(boot + 1)")
      XCTAssertEqual(try last.recover(), 1)
    }
    XCTAssertEqual(try status(parts, job), .pending)
    XCTAssertNil(try last.claim(after: 0))
    clock.advance(by: Queue.longestDelay)
    XCTAssertEqual(try last.claim(after: 0)?.job.id, job)
  }

  func testWorkerDeath_ThirdTime_FailsTheJobWithItsReason() throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let failure = ConversionFailure(.converterDied, "the converter ended by signal 11")
    for death in 1...3 {
      let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0), "attempt \(death)")
      XCTAssertEqual(taken.claim.attempt, death)
      try parts.lifecycle.countWorkerDeath(taken.claim, taken.job, failure, run: .zero)
    }
    XCTAssertNil(try parts.lifecycle.claim(after: 0))
    let ended = try parts.store.read { try Jobs.load(id: job, in: $0) }
    XCTAssertEqual(ended?.status, .failed)
    XCTAssertEqual(ended?.errorCode, "converter_died")
    XCTAssertEqual(ended?.errorMessage, "the converter ended by signal 11")
  }

  func testGiveBack_CountsNoDeath() throws {
    let parts = try makeParts()
    _ = try addJob(parts)
    for attempt in 1...5 {
      let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
      XCTAssertEqual(taken.claim.attempt, attempt)
      try parts.lifecycle.giveBack(taken.claim, taken.job)
    }
    XCTAssertEqual(try parts.store.read { try $0.first("SELECT worker_deaths FROM queue", row: { $0.int(0) }) }, 0)
  }

  func testCancel_OfAWaitingJob_EndsItAndNobodyTakesIt() async throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let isCanceled = try await parts.lifecycle.cancel(parts.workspaces[0], row: job)
    XCTAssertTrue(isCanceled)
    XCTAssertEqual(try status(parts, job), .canceled)
    XCTAssertNil(try parts.lifecycle.claim(after: 0))
  }

  func testCancel_OfARunningJob_TellsItsRunnerAndFencesItsEnd() async throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    _ = try await parts.lifecycle.cancel(parts.workspaces[0], row: job)
    // Though its thread has not begun: the client saw it run as soon as that was on disk.
    XCTAssertTrue(parts.lifecycle.cancellations.isCanceled(taken.claim))
    XCTAssertFalse(try parts.lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .zero))
    XCTAssertEqual(try status(parts, job), .canceled)
  }

  func testCancel_AfterAnEarlierAttemptEndedLate_TellsTheLaterOne() async throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let early = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    try parts.lifecycle.giveBack(early.claim, early.job)
    let late = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    XCTAssertTrue(parts.lifecycle.cancellations.isCanceled(early.claim))
    parts.lifecycle.cancellations.end(early.claim)
    XCTAssertFalse(parts.lifecycle.cancellations.isCanceled(late.claim))
    _ = try await parts.lifecycle.cancel(parts.workspaces[0], row: job)
    XCTAssertTrue(parts.lifecycle.cancellations.isCanceled(late.claim))
  }

  func testCancel_OfAnEndedJob_ChangesNothing() async throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    XCTAssertTrue(try parts.lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .zero))
    let isCanceled = try await parts.lifecycle.cancel(parts.workspaces[0], row: job)
    XCTAssertFalse(isCanceled)
    XCTAssertEqual(try status(parts, job), .completed)
  }

  func testDelete_OfARunningJob_StopsItTellsItsWatchersAndLeavesNothing() async throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    let kinds = Mutex<[EventKind]>([])
    let subscription = parts.lifecycle.hub.subscribe(job: job) { event in kinds.withLock { $0.append(event.kind) } }
    defer { parts.lifecycle.hub.unsubscribe(job: job, subscription) }
    try await parts.lifecycle.delete(parts.workspaces[0], row: job)
    XCTAssertNil(try status(parts, job))
    XCTAssertEqual(kinds.withLock { $0 }, [.canceled])
    XCTAssertTrue(parts.lifecycle.cancellations.isCanceled(taken.claim))
    XCTAssertFalse(try parts.lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .zero))
    let counters = try parts.store.read { database in
      try [JobStatus.pending, .processing, .canceled].map {
        try Usage.counter(parts.workspaces[0], "jobs.\($0.rawValue)", in: database)
      }
    }
    XCTAssertEqual(counters, [0, 0, 1])
  }

  func testDelete_OfAJobInABatch_EndsTheBatchToo() async throws {
    let parts = try makeParts()
    let workspace = parts.workspaces[0]
    let now = Timestamp(milliseconds: 0)
    let (batch, job): (Int64, Int64) = try await parts.store.write { database in
      let batch = try Batches.insert(
        NewBatch(workspaceID: workspace, keyID: nil, dialect: "wonder", mode: .individual, total: 1, createdAt: now),
        in: database)
      var row = NewJob(
        workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
        createdAt: now)
      row.batchID = batch
      let job = try Jobs.insert(row, in: database)
      try Queue.insert(workspace, job: job, at: now, in: database)
      try Usage.move(workspace, from: nil, to: .pending, in: database)
      return (batch, job)
    }
    try await parts.lifecycle.delete(workspace, row: job)
    let ended = try parts.store.read { try Batches.load(id: batch, in: $0) }
    XCTAssertNotEqual(ended?.status, .processing)
    try await parts.lifecycle.delete(workspace, batch: batch)
    XCTAssertNil(try parts.store.read { try Batches.load(id: batch, in: $0) })
  }

  func testCancel_OfAnotherWorkspacesJob_IsUnknown() async throws {
    let parts = try makeParts(workspaces: 2)
    let job = try addJob(parts, workspace: 0)
    do {
      _ = try await parts.lifecycle.cancel(parts.workspaces[1], row: job)
      XCTFail("canceled another's job")
    } catch let refusal as Refusal {
      XCTAssertEqual(refusal, .unknownJob)
    }
    XCTAssertEqual(try status(parts, job), .pending)
  }

  func testHub_TellsWatchersWhatWasCommitted() throws {
    let parts = try makeParts()
    let job = try addJob(parts)
    let seen = Mutex<[EventKind]>([])
    let subscription = parts.lifecycle.hub.subscribe(job: job) { event in seen.withLock { $0.append(event.kind) } }
    let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    try parts.lifecycle.report(taken.claim, taken.job, percent: 50)
    let stale = Claim(jobID: job, attempt: 7, bootID: "boot-1")
    try parts.lifecycle.report(stale, taken.job, percent: 60)
    parts.lifecycle.hub.unsubscribe(job: job, subscription)
    _ = try parts.lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .zero)
    XCTAssertEqual(seen.withLock { $0 }, [.started, .progress])
    let stored = try parts.store.read { try Events.all(parts.workspaces[0], job: job, in: $0) }
    XCTAssertEqual(stored.map(\.kind), [.started, .progress, .completed])
  }

  func testCounters_FollowTheLifecycle() throws {
    let parts = try makeParts()
    _ = try addJob(parts)
    _ = try addJob(parts)
    let taken = try XCTUnwrap(parts.lifecycle.claim(after: 0))
    XCTAssertTrue(try parts.lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .seconds(2)))
    let workspace = parts.workspaces[0]
    let counts = try parts.store.read { database in
      try ["submitted", "pending", "processing", "completed", "failed"].map {
        try Usage.counter(workspace, "jobs.\($0)", in: database)
      }
    }
    XCTAssertEqual(counts, [2, 1, 0, 1, 0])
  }
}
