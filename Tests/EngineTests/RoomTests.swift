import Basics

import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Formats
@testable import Conversion
@testable import Engine

/// What may be written: the smallest of what a file, a job, a workspace and the disk have left.
final class RoomTests: XCTestCase {
  private static let mebibyte: Int64 = 1 << 20
  private static let gibibyte: Int64 = 1 << 30

  private final class Bench {
    let directory: TemporaryDirectory
    let store: Store
    let room: Room
    let box = SpaceBox()

    /// Two workspaces, the first with a limit.
    init(mostStored: Int64? = nil, _ limits: Room.Limits = Room.Limits()) throws {
      directory = try TemporaryDirectory()
      store = try Store(path: directory.path)
      try store.writeBlocking { database in
        try database.run("UPDATE plans SET max_stored = ? WHERE name = 'free'", mostStored)
        for (slug, plan) in [("a", "free"), ("b", "enterprise")] {
          _ = try Workspaces.insert(slug: slug, name: slug, plan: plan, at: .init(milliseconds: 0), in: database)
        }
      }
      room = Room(store: store, limits: limits) { [box] in box.space }
    }

    deinit { store.close() }

    func store(_ bytes: Int64, in workspace: Int64 = 1) throws {
      try store.writeBlocking { try Usage.addStored(workspace, bytes, in: $0) }
    }

    func grant(
      _ share: Room.Share = .part, workspace: Int64 = 1, made: Int64 = 0, written: Int64 = 0
    ) throws -> Room.Grant? {
      let answer = try room.grant(Room.Wish(workspace: workspace, share: share, made: made) { written })
      return if case .granted(let grant) = answer { grant } else { nil }
    }

    func refusal(workspace: Int64 = 1, made: Int64 = 0) throws -> RoomLimit? {
      let answer = try room.grant(Room.Wish(workspace: workspace, made: made) { 0 })
      return if case .refused(let limit) = answer { limit } else { nil }
    }
  }

  private final class SpaceBox: Sendable {
    private let state = Mutex(DiskSpace(free: 1 << 40, total: 1 << 40))
    var space: DiskSpace {
      get { state.withLock(\.self) }
      set { state.withLock { $0 = newValue } }
    }
  }

  func testGrant_WithAmpleRoom_IsWhatOneFileMayHave() throws {
    let bench = try Bench()
    for _ in 0..<4 {
      let grant = try XCTUnwrap(try bench.grant())
      XCTAssertEqual(grant.bytes, 2 << 30)
      XCTAssertEqual(grant.limit, .file(2 << 30))
      XCTAssertFalse(grant.isPart)
    }
  }

  /// As a plan may say for "without an end", of before such a number was refused.
  func testGrant_OfTheLargestPlanThereIs_IsWhatOneFileMayHave() throws {
    let bench = try Bench(mostStored: .max)
    for replaced in [nil, 5000] as [Int64?] {
      let answer = try bench.room.grant(Room.Wish(workspace: 1, share: .whole, replaced: replaced) { 0 })
      guard case .granted(let grant) = answer else { return XCTFail("\(answer)") }
      XCTAssertGreaterThanOrEqual(grant.bytes, 2 << 30)
    }
  }

  func testGrant_NearTheEndOfAJobsBudget_IsWhatIsLeftOfIt() throws {
    var limits = Room.Limits()
    limits.mostJobOutput = 1000
    let bench = try Bench(limits)
    let grant = try XCTUnwrap(try bench.grant(made: 900))
    XCTAssertEqual(grant.bytes, 100)
    XCTAssertEqual(grant.limit, .job(1000))
    XCTAssertEqual(try bench.refusal(made: 1000), .job(1000))
  }

  func testGrants_OfOneWorkspace_AreTogetherNoMoreThanItsRoom() throws {
    let most = 64 * Self.mebibyte
    let bench = try Bench(mostStored: most)
    try bench.store(most / 4)
    var grants: [Room.Grant] = []
    while let grant = try bench.grant() {
      XCTAssertTrue(grant.isPart)
      XCTAssertEqual(grant.limit, .workspace(most))
      grants.append(grant)
    }
    XCTAssertEqual(grants.prefix(3).map(\.bytes), [16, 16, 8].map { $0 * Self.mebibyte })
    XCTAssertEqual(grants.reduce(0) { $0 + $1.bytes }, most * 3 / 4)
    // Another workspace does not notice.
    XCTAssertEqual(try bench.grant(workspace: 2)?.bytes, 2 << 30)
    // What is kept of a grant counts until it is recorded.
    bench.room.end(grants[0], keeping: 10 * Self.mebibyte)
    XCTAssertEqual(try bench.grant()?.bytes, 2 * Self.mebibyte)
  }

  /// A child does another job only when that may write as much, so what is left must not tell the jobs apart.
  func testGrants_AfterEachOther_AreAlike_WhileRoomIsShort() throws {
    let bench = try Bench(mostStored: Self.gibibyte)
    var sizes: Set<Int64> = []
    for _ in 0..<50 {
      try bench.store(Self.mebibyte / 8)
      let grant = try XCTUnwrap(try bench.grant())
      sizes.insert(grant.bytes)
      bench.room.end(grant, keeping: 0)
    }
    XCTAssertEqual(sizes, [Self.gibibyte / 4])
  }

  func testWhole_WaitsForTheOthersAndHoldsUpNewOnes() throws {
    let most = 64 * Self.mebibyte
    let bench = try Bench(mostStored: most)
    let first = try XCTUnwrap(try bench.grant())
    XCTAssertNil(try bench.grant(.whole))
    bench.room.wait(1, 1)
    XCTAssertNil(try bench.grant())
    bench.room.end(first, keeping: 0)
    XCTAssertEqual(try bench.grant(.whole)?.bytes, most)
  }

  func testGrant_OfAWorkspaceThatIsFull_IsRefused() throws {
    let bench = try Bench(mostStored: 1000)
    try bench.store(1000)
    XCTAssertEqual(try bench.refusal(), .workspace(1000))
    XCTAssertNil(try bench.refusal(workspace: 2))
  }

  func testArchive_MayReplaceWhatItHolds() throws {
    let bench = try Bench(mostStored: 1000)
    try bench.store(1000)
    let wish = Room.Wish(workspace: 1, share: .whole, most: 700, replaced: 600) { 0 }
    guard case .granted(let grant) = try bench.room.grant(wish) else { return XCTFail("it was refused") }
    XCTAssertEqual(grant.bytes, 600)
  }

  func testGrants_NeverTakeTheDiskBelowWhatIsKept() throws {
    let bench = try Bench()
    let keep = Self.gibibyte + Self.gibibyte / 4
    bench.box.space = DiskSpace(free: keep + 100 * Self.mebibyte, total: 4 * Self.gibibyte)
    try bench.store(2 * Self.gibibyte)
    let first = try XCTUnwrap(try bench.grant(written: 20 * Self.mebibyte))
    XCTAssertEqual(first.bytes, 32 * Self.mebibyte)
    XCTAssertEqual(first.limit, .disk)
    // The 20 that it has written are no longer free.
    bench.box.space = DiskSpace(free: keep + 80 * Self.mebibyte, total: 4 * Self.gibibyte)
    XCTAssertEqual(try bench.grant(workspace: 1)?.bytes, 32 * Self.mebibyte)
    bench.box.space = DiskSpace(free: keep, total: 4 * Self.gibibyte)
    XCTAssertEqual(try bench.refusal(), .disk)
  }

  func testGrant_BelowWhatIsKept_IsALittleForWhoeverStoresLittle() throws {
    let bench = try Bench()
    bench.box.space = DiskSpace(free: Self.gibibyte / 2, total: 4 * Self.gibibyte)
    XCTAssertEqual(try bench.grant(workspace: 2)?.bytes, 4 * Self.mebibyte)
    try bench.store(Self.gibibyte)
    XCTAssertEqual(try bench.refusal(), .disk)
    // Not a little for each file of a job.
    XCTAssertEqual(try bench.refusal(workspace: 2, made: 8 * Self.mebibyte), .disk)
  }

  func testUploads_CountWhileTheyCome() throws {
    let most = 8 * Self.mebibyte
    let bench = try Bench(mostStored: most)
    try bench.store(2 * Self.mebibyte)
    var uploads = (0..<3).map { _ in IncomingRoom(bench.room, workspace: 1) }
    for _ in 0..<2 {
      for upload in uploads { XCTAssertNil(try upload.take(Self.mebibyte)) }
    }
    XCTAssertEqual(try uploads[0].take(Self.mebibyte), .workspace(most))
    XCTAssertNil(try IncomingRoom(bench.room, workspace: 2).take(Self.mebibyte))
    uploads.removeLast()
    XCTAssertNil(try uploads[0].take(Self.mebibyte))
    bench.box.space = DiskSpace(free: Self.gibibyte, total: 4 * Self.gibibyte)
    XCTAssertEqual(try IncomingRoom(bench.room, workspace: 2).take(Self.mebibyte), .disk)
  }

  func testWhatIsAboutToBeStored_IsHeldNoMore() throws {
    let bench = try Bench(mostStored: 4 * Self.mebibyte)
    let upload = IncomingRoom(bench.room, workspace: 1)
    XCTAssertNil(try upload.take(3 * Self.mebibyte))
    upload.handOver()
    try bench.store(3 * Self.mebibyte)
    XCTAssertEqual(try bench.grant()?.bytes, Self.mebibyte)
    upload.handOver()
    XCTAssertNil(try bench.refusal(), "what was given back is not given back again")

    let attempt = AttemptRoom(bench.room, workspace: 2)
    let workplace = Workplace(
      store: bench.store, claim: Claim(jobID: 1, attempt: 1, bootID: "boot"), room: attempt)
    let made = try workplace.makeOutput(0)
    try attempt.make(made.descriptor, isOver: {}) { _ in
      try FileBytes.writeAll([1, 2, 3], to: made.descriptor, named: made.path)
    }
    XCTAssertEqual(attempt.bytes, 3)
    close(made.descriptor)
    try workplace.place([made.path], bench.store.blobs) { _ in XCTAssertEqual(attempt.bytes, 0) }
  }

  func testManySmallUploads_AreMeasuredTogether() throws {
    let bench = try Bench(mostStored: 4 * Self.mebibyte)
    var uploads: [IncomingRoom] = []
    var refused = 0
    for _ in 0..<100 {
      let upload = IncomingRoom(bench.room, workspace: 1)
      uploads.append(upload)
      if try upload.take(Self.mebibyte / 8) != nil { refused += 1 }
    }
    XCTAssertGreaterThan(refused, 0)
    XCTAssertNotNil(uploads)
  }

  func testMake_ThatNeedsMoreThanItsPart_IsTriedWithAll() throws {
    let bench = try Bench(mostStored: 64 * Self.mebibyte)
    let attempt = AttemptRoom(bench.room, workspace: 1)
    let file = try MemoryFile.make([])
    defer { close(file) }
    var asked: [Int64] = []
    let outcome = try attempt.make(file, isOver: {}) { most in
      asked.append(most)
      let size = 40 * Self.mebibyte
      guard most >= size else { throw ConversionFailure(.outputTooLarge, "too large", excess: .unknown) }
      ftruncate(file, Int(size))
      return ConversionOutcome(size: size, width: nil, height: nil, sha256: [])
    }
    XCTAssertEqual(asked, [32, 64].map { $0 * Self.mebibyte })
    XCTAssertEqual(outcome.size, attempt.bytes)
    // The next one has the rest, and is told why when that is too little.
    XCTAssertThrowsError(
      try attempt.make(file, isOver: {}) { _ in
        throw ConversionFailure(.outputTooLarge, "too large", excess: .known(30 * Self.mebibyte))
      }
    ) { XCTAssertEqual(($0 as? ConversionFailure)?.code, .storageQuota) }
    attempt.clear()
    XCTAssertEqual(try bench.grant(.whole)?.bytes, 64 * Self.mebibyte)
  }
}
