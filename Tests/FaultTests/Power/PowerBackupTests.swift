import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// The power goes at any moment of a backup and of a restore: an archive whose command has ended restores, and a directory is
/// the old one, the new one, or refused with what to do.
final class PowerBackupTests: XCTestCase {
  private static let jobs = 2

  /// A data directory with jobs that have ended, and a waiting one.
  private func fill(_ data: String) throws -> Client {
    let client = try Client(data: data)
    let program = try ServedProgram(data: data)
    for _ in 0..<Self.jobs {
      let id = try XCTUnwrap(Client.accepted(client.submit(to: program)))
      XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
    }
    XCTAssertEqual(program.end(SIGTERM), 0)
    return client
  }

  @discardableResult
  private func wonder(_ words: [String], _ recorder: PowerRecorder? = nil, code: Int32 = 0) throws -> Shell.Result {
    let result = try Shell.run([BuiltProgram.path, "admin"] + words, environment: recorder?.environment ?? [:])
    XCTAssertEqual(result.code, code, result.text)
    return result
  }

  private static func jobs(_ store: Store) throws -> Int {
    try store.read { try $0.first("SELECT count(*) FROM jobs WHERE status = 'completed'", row: { $0.int(0) }) ?? 0 }
  }

  func testBackups() throws {
    let recorder = try PowerRecorder()
    let data = recorder.root + "/data"
    let client = try fill(data)
    try check("mkdir", recorder.root) { mkdir(recorder.root + "/backups", 0o700) }
    let backup = recorder.root + "/backups/b.tar"
    try recorder.begin()
    // One without a server, and one beside it that takes its name.
    try wonder(["backup", backup, "--data", data], recorder)
    recorder.ended("a backup of \(Self.jobs)")
    let program = try ServedProgram(data: data, environment: recorder.environment)
    let id = try XCTUnwrap(Client.accepted(client.submit(to: program)))
    XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
    recorder.answered("another job") { try PowerBackupTests.jobs($0) > Self.jobs ? nil : "is gone" }
    try wonder(["backup", backup, "--data", data], recorder)
    recorder.ended("a backup of \(Self.jobs + 1)")
    XCTAssertEqual(program.end(SIGTERM), 0)
    let run = try PowerRun("backups", recorder.finish())
    run.look { place, claims in
      try PowerLook.problems(place + "/data", claims) + PowerBackupTests.problems(place, claims)
    }
    try run.serve(PowerRun.isLong ? 20 : 1) { place, claims in
      let (archive, restored) = (place + "/backups/b.tar", place + "/restored")
      guard claims.contains(where: { $0.name.hasPrefix("a backup") }) else { return }
      try wonder(["restore", archive, "--data", restored])
      try PowerLook.serve(restored, [])
      try PowerLook.serve(place + "/data", claims)
    }
  }

  /// What is wrong with the archive, once a command has said that it is there.
  private static func problems(_ place: String, _ claims: [PowerClaim]) throws -> [String] {
    guard let claim = claims.last(where: { $0.name.hasPrefix("a backup") }) else { return [] }
    let report = try BackupCheck.verify(place + "/backups/b.tar", scratch: place, progress: { _, _ in })
    let files = Int64(claim.name.split(separator: " ").last ?? "").map { $0 * 2 } ?? 0
    return report.problems + (report.header.files >= files ? [] : ["\(claim.name) has \(report.header.files) files"])
  }

  func testRestores() throws {
    let recorder = try PowerRecorder()
    _ = try fill(recorder.path("source"))
    try wonder(["backup", recorder.path("b.tar"), "--data", recorder.path("source")])
    // One that is damaged near its end is refused after most of it was there.
    let good = try FileBytes.read(recorder.path("b.tar"), atMost: 1 << 26)
    var bad = good
    let last = try XCTUnwrap(bad.ranges(of: Array("SHA256SUMS".utf8)).last?.lowerBound)
    bad[last - 512] ^= 0xFF
    try FileBytes.write(bad, to: recorder.path("bad.tar"))
    try recorder.begin()
    try wonder(["restore", recorder.path("bad.tar"), "--data", recorder.root + "/bad"], recorder, code: 1)
    recorder.ended("a restore that failed")
    try wonder(["restore", recorder.path("b.tar"), "--data", recorder.root + "/data"], recorder)
    recorder.ended("restored")
    let run = try PowerRun("restores", recorder.finish())
    run.look { place, claims in
      let isDone = claims.contains { $0.name == "restored" }
      return try PowerBackupTests.problems(place + "/bad", must: false, mayBeWhole: false)
        + PowerBackupTests.problems(place + "/data", must: isDone, mayBeWhole: true)
    }
    try run.serve(PowerRun.isLong ? 20 : 1) { place, claims in
      let data = place + "/data"
      if !claims.contains(where: { $0.name == "restored" }) {
        // What was refused can be done again, as the sentence says.
        if access(data, F_OK) == 0 { try FileTree.empty(data) }
        try wonder(["restore", recorder.path("b.tar"), "--data", data])
      }
      try PowerLook.serve(data, claims)
    }
  }

  /// A directory in which a restore was cut: nobody takes it for whole unless it is.
  private static func problems(_ data: String, must: Bool, mayBeWhole: Bool) throws -> [String] {
    guard must || access(data, F_OK) == 0 else { return [] }
    do {
      let store = try Store(path: data)
      defer { store.close() }
      let found = try jobs(store)
      if found == Self.jobs && mayBeWhole { return try PowerLook.problems(store, []) }
      return found == 0 && !must ? try PowerLook.problems(store, []) : ["\(data) has \(found) jobs"]
    } catch let failure as StoreFailure {
      let words = "\(failure)"
      let isTold = words.contains("run `wonder admin restore FILE` again")
      return must || !isTold ? [words] : []
    }
  }
}
