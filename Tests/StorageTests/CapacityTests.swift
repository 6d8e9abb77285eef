import Basics
import Synchronization
import TestSupport
import XCTest

@testable import Storage

final class CapacityTests: XCTestCase {
  func testShortage_NamesTheDiskThenTheQueue() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(
        slug: "w", name: "w", plan: "pro", at: Timestamp(milliseconds: 0), in: database)
      for _ in 0..<3 {
        let job = try Jobs.insert(
          NewJob(
            workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png",
            targetFormat: "jpg", createdAt: Timestamp(milliseconds: 0)), in: database)
        try Queue.insert(workspace, job: job, at: Timestamp(milliseconds: 0), in: database)
      }
    }
    func shortage(leastFree: Int64 = 0, leastShare: Int64 = .max, mostWaiting: Int) throws -> Shortage? {
      let limits = CapacityLimits(leastFree: leastFree, leastShare: leastShare, mostWaiting: mostWaiting)
      let readers = Readers(path: directory.path + "/wonder.db", commits: CommitCounter())
      return try Capacity(directory: store.directory, readers: readers, clock: .system, limits: limits).shortage()
    }
    XCTAssertNil(try shortage(mostWaiting: 3))
    XCTAssertEqual(try shortage(mostWaiting: 2), .queue)
    // Files that are still to be fetched are as good a reason.
    try store.writeBlocking { database in
      for position in 0..<4 {
        let content = NewInput.Content.address("https://a.example/")
        let input = try Inputs.insert(
          NewInput(fileName: "a", content), job: 1, position: position, in: database)
        try Downloads.insert(.address("http://a/b"), input: input, job: 1, workspace: 1, mostBytes: 1, in: database)
      }
    }
    XCTAssertEqual(try shortage(mostWaiting: 3), .queue)
    XCTAssertNil(try shortage(mostWaiting: 4))
    XCTAssertEqual(try shortage(leastFree: .max, mostWaiting: 4), .disk)
    XCTAssertEqual(try shortage(leastShare: 1, mostWaiting: 4), .disk)
  }

  func testShortage_IsMeasuredOnceASecond() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let now = Mutex<Int64>(0)
    let clock = Clock(now: Clock.system.now, monotonic: { now.withLock { $0 } })
    let commits = CommitCounter()
    let readers = Readers(path: directory.path + "/wonder.db", commits: commits)
    let capacity = Capacity(
      directory: store.directory, readers: readers, clock: clock,
      limits: .init(leastFree: 0, leastShare: .max, mostWaiting: 0))
    XCTAssertNil(try capacity.shortage())
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(
        slug: "w", name: "w", plan: "pro", at: Timestamp(milliseconds: 0), in: database)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png",
          targetFormat: "jpg", createdAt: Timestamp(milliseconds: 0)), in: database)
      try Queue.insert(workspace, job: job, at: Timestamp(milliseconds: 0), in: database)
    }
    commits.count()
    now.withLock { $0 = 999_000_000 }
    XCTAssertNil(try capacity.shortage())
    now.withLock { $0 = 1_000_000_000 }
    XCTAssertEqual(try capacity.shortage(), .queue)
  }

  func testBallast_IsMadeAndGivenBackOnce() throws {
    let directory = try TemporaryDirectory()
    let ballast = Ballast(path: directory.path + "/ballast")
    XCTAssertFalse(ballast.release())
    ballast.make()
    XCTAssertEqual(ballast.bytes, 16 << 20)
    XCTAssertTrue(ballast.release())
    XCTAssertEqual(ballast.bytes, 0)
  }
}

/// How many jobs of each workspace may wait.
final class AdmissionTests: XCTestCase {
  func testNobodyHasMoreThanHalfOfWhatOthersLeave() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let readers = Readers(path: directory.path + "/wonder.db", commits: CommitCounter())
    let now = Mutex<Int64>(0)
    let capacity = Capacity(
      directory: store.directory, readers: readers,
      clock: Clock(now: Clock.system.now, monotonic: { now.withLock { $0 } }),
      limits: .init(leastFree: 0, leastShare: .max, mostWaiting: 1000))
    func admit(_ jobs: Int, of workspace: Int64, most: Int64? = nil) throws -> Int64? {
      try store.writeBlocking { try capacity.admit(jobs, of: workspace, most: most, in: $0) }
    }
    for (workspace, share) in [(1, 500), (2, 250), (3, 125), (4, 62)] as [(Int64, Int)] {
      XCTAssertEqual(try admit(share + 1, of: workspace), Int64(share))
      XCTAssertNil(try admit(share, of: workspace))
      XCTAssertNotNil(try admit(1, of: workspace))
    }
    XCTAssertNil(try admit(1, of: 5), "there is room for whoever comes")
    XCTAssertEqual(try admit(3, of: 6, most: 2), 2, "the plan's limit is another")
    // What was admitted is counted anew after a second: none of it has come to wait.
    now.withLock { $0 += 2_000_000_000 }
    XCTAssertNil(try admit(400, of: 3))
  }

  /// As the pieces of one group are, whose rows no reader sees yet.
  func testCountAnew_InTheMiddleOfATransaction_KnowsWhatItHasAdmitted() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let readers = Readers(path: directory.path + "/wonder.db", commits: CommitCounter())
    let now = Mutex<Int64>(0)
    let capacity = Capacity(
      directory: store.directory, readers: readers,
      clock: Clock(now: Clock.system.now, monotonic: { now.withLock { $0 } }),
      limits: .init(leastFree: 0, leastShare: .max, mostWaiting: 1000))
    let answers: [Int64?] = try store.writeBlocking { database in
      let workspace = try Workspaces.insert(
        slug: "w", name: "w", plan: "pro", at: Timestamp(milliseconds: 0), in: database)
      let first = try capacity.admit(1, of: workspace, most: 1, in: database)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png",
          targetFormat: "jpg", createdAt: Timestamp(milliseconds: 0)), in: database)
      try Queue.insert(workspace, job: job, at: Timestamp(milliseconds: 0), in: database)
      now.withLock { $0 += 2_000_000_000 }
      // Whoever comes meanwhile measures with a reader.
      _ = try capacity.shortage()
      return [first, try capacity.admit(1, of: workspace, most: 1, in: database)]
    }
    XCTAssertEqual(answers, [nil, 1])
  }
}
