import Basics
import Glibc
import Outbound
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Backups that are made when they are due, and never at the cost of an older one that is whole.
final class BackupKeeperTests: XCTestCase {
  private let clock = FixedClock()
  private let hour = Duration.seconds(3600)

  private func store(_ directory: TemporaryDirectory) throws -> Store {
    try Store(path: directory.path + "/data", clock: clock.clock)
  }

  private func plan(_ target: BackupPlan.Target, keep: Int = 2) throws -> BackupPlan {
    BackupPlan(schedule: try XCTUnwrap(BackupSchedule("daily 03:00")), target: target, keep: keep)
  }

  private func keeper(
    _ store: Store, _ plan: BackupPlan, host: String = "here", log: Log = .silent
  ) throws -> BackupKeeper {
    BackupKeeper(
      store: store, plan: plan, client: try Client(.forOperators(), connections: 1), agent: "wonder/test",
      host: host, clock: clock.clock, log: log)
  }

  private func made(_ store: Store) throws -> [Backups.Backup] { try store.read { try Backups.all(in: $0) } }

  func testFolder_HasTheNewestOnes_AndNothingThatIsNotTheirs() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let folder = directory.path + "/backups"
    mkdir(folder, 0o700)
    _ = try directory.file("backups/wonder-20200101T000000Z.tar", Array("somebody's".utf8))
    let keeper = try keeper(store, try plan(.folder(folder)))
    XCTAssertTrue(try keeper.round(), "the first one at once")
    XCTAssertFalse(try keeper.round())
    clock.advance(by: hour * 18)
    XCTAssertFalse(try keeper.round(), "02:00")
    for _ in 0..<3 {
      clock.advance(by: hour * 24)
      XCTAssertTrue(try keeper.round(), "one that was missed")
      XCTAssertFalse(try keeper.round())
    }
    let names = try FileTree.names(in: folder).sorted()
    XCTAssertEqual(
      names, ["wonder-20200101T000000Z.tar"] + ["15", "16"].map { "wonder-202603\($0)T020000Z-\(keeper.own).tar" })
    XCTAssertEqual(try made(store).map(\.name), names.dropFirst().reversed())
    let report = try BackupCheck.verify(folder + "/" + names[2], scratch: directory.path) { _, _ in }
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(try FileTree.names(in: store.directory.spoolPath), [])
    var status = stat()
    stat(folder + "/" + names[2], &status)
    XCTAssertEqual(status.st_mode & 0o777, 0o600)
  }

  func testOneThatFails_IsTold_TriedAgain_AndTakesNoOldOneAway() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let folder = directory.path + "/backups"
    mkdir(folder, 0o700)
    let plan = try plan(.folder(folder), keep: 1)
    let keeper = try keeper(store, plan)
    XCTAssertTrue(try keeper.round())
    let first = try made(store)
    try check("rename", folder) { rename(folder, folder + ".gone") }
    clock.advance(by: hour * 24)
    for _ in 0..<2 {
      XCTAssertThrowsError(try keeper.round())
      XCTAssertFalse(try keeper.round(), "not at once again")
      clock.advance(by: hour)
    }
    XCTAssertEqual(try made(store).count, 2, "one failure is kept, and the whole one")
    XCTAssertEqual(try made(store).last, first.first)
    let problem = try XCTUnwrap(plan.problem(try made(store), now: clock.now))
    XCTAssertTrue(
      problem.contains("failed") && problem.contains("the last whole one is of 2026-03-12T08:00:00"), problem)
    try check("rename", folder) { rename(folder + ".gone", folder) }
    XCTAssertTrue(try keeper.round())
    XCTAssertNil(plan.problem(try made(store), now: clock.now))
    XCTAssertEqual(try FileTree.names(in: folder), try made(store).map(\.name))
  }

  func testOneThatLacksAFile_HasAnotherName_AndIsAFailure() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let now = clock.now
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: database)
      let job = try Jobs.insert(
        NewJob(
          workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: now), in: database)
      try Inputs.insert(
        NewInput(fileName: "a.png", .file(blob: "00a", size: 5, sha256: nil)), job: job, position: 0, in: database)
    }
    let keeper = try keeper(store, try plan(.folder(directory.path)))
    XCTAssertThrowsError(try keeper.round())
    XCTAssertTrue(try FileTree.names(in: directory.path).contains(keeper.incomplete))
    XCTAssertFalse(try FileTree.names(in: directory.path).contains { $0.hasSuffix(".tar") })
    XCTAssertTrue(try made(store).first?.error?.contains("1 files") ?? false)
    clock.advance(by: hour)
    XCTAssertFalse(try keeper.round(), "it would lack the same ones")
    clock.advance(by: hour * 24)
    XCTAssertThrowsError(try keeper.round())
  }

  func testTwoServersAtOnePlace_KeepOneEach_AndWhatWasCutOffGoes() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let folder = directory.path + "/backups"
    mkdir(folder, 0o700)
    let keeper = try keeper(store, try plan(.folder(folder), keep: 1))
    _ = try directory.file("backups/wonder-\(keeper.own).part", Array("cut off".utf8))
    XCTAssertTrue(try keeper.round())
    let other = try Store(path: directory.path + "/other", clock: clock.clock)
    defer { other.close() }
    XCTAssertTrue(try self.keeper(other, try plan(.folder(folder), keep: 1)).round())
    let elsewhere = try Store(path: directory.path + "/elsewhere", clock: clock.clock)
    defer { elsewhere.close() }
    XCTAssertTrue(try self.keeper(elsewhere, try plan(.folder(folder), keep: 1), host: "there").round())
    XCTAssertEqual(
      try FileTree.names(in: folder).sorted(), try [store, other, elsewhere].map { try made($0)[0].name }.sorted())
    XCTAssertEqual(Set(try FileTree.names(in: folder)).count, 3)
  }

  func testAClockThatWasAhead_StopsNothing_AndTheNewestAreThoseMadeLast() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let keeper = try keeper(store, try plan(.folder(directory.path), keep: 1))
    clock.set(by: hour * 90_000)
    XCTAssertTrue(try keeper.round())
    clock.set(by: hour * -90_000)
    XCTAssertTrue(try keeper.round())
    XCTAssertFalse(try keeper.round())
    XCTAssertEqual(
      try FileTree.names(in: directory.path).filter { $0.hasSuffix(".tar") },
      ["wonder-20260312T080000Z-\(keeper.own).tar"])
  }

  func testBucket_HasTheNewestOnes_AndItsTroubleIsTold() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let bucket = try ObjectStore()
    let place = CloudPlace(s3: bucket.endpoint, region: nil, bucket: ObjectStore.bucket, key: "nightly/")
    let good = CloudCredentials(user: ObjectStore.user, password: ObjectStore.password)
    let keeper = try keeper(store, try plan(.bucket(place, good), keep: 1))
    for _ in 0..<2 {
      XCTAssertTrue(try keeper.round())
      clock.advance(by: hour * 24)
    }
    XCTAssertEqual(Array(bucket.objects.keys), ["/pictures/nightly/wonder-20260313T080000Z-\(keeper.own).tar"])
    let path = try directory.file("fetched.tar", bucket.objects.values.first?.bytes ?? [])
    XCTAssertEqual(try BackupCheck.verify(path, scratch: directory.path) { _, _ in }.problems, [])
    let bad = CloudCredentials(user: ObjectStore.user, password: "wrong")
    XCTAssertThrowsError(try self.keeper(store, try plan(.bucket(place, bad))).round())
    let error = try made(store).first?.error ?? ""
    XCTAssertTrue(error.contains("refused the credentials") && !error.contains("wrong"), error)
    XCTAssertEqual(bucket.objects.count, 1)
    XCTAssertEqual(try FileTree.names(in: store.directory.spoolPath), [])
  }

  func testStop_LeavesWhatIsUnderWay_AndRecordsNothing() throws {
    let directory = try TemporaryDirectory()
    let store = try store(directory)
    defer { store.close() }
    let keeper = try keeper(store, try plan(.folder(directory.path)))
    keeper.stop()
    XCTAssertThrowsError(try keeper.round())
    XCTAssertEqual(try made(store), [])
    XCTAssertFalse(try FileTree.names(in: directory.path).contains { $0.contains(".tar") })
  }

  func testPlan_NamesTheSettingThatIsMissing() throws {
    let schedule = ["WONDER_BACKUP_SCHEDULE": "every 1h"]
    XCTAssertNil(try BackupPlan(Settings()))
    for (more, place) in [
      ([:], "WONDER_BACKUP_TO"), (["WONDER_BACKUP_TO": "s3://b/x"], "WONDER_BACKUP_S3_KEY"),
      (["WONDER_BACKUP_TO": "s3://b c/x"], "WONDER_BACKUP_TO"),
      (["WONDER_BACKUP_TO": "s3://b/x", "WONDER_BACKUP_S3_KEY": "k"], "WONDER_BACKUP_S3_SECRET"),
    ] as [([String: String], String)] {
      XCTAssertThrowsError(try BackupPlan(Settings(flags: schedule.merging(more) { $1 }))) { error in
        XCTAssertTrue("\(error)".contains(place), "\(error)")
      }
    }
  }
}
