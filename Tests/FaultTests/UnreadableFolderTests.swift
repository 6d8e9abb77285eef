import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A folder of the data directory that cannot be listed: whoever needs the list fails, instead of taking it for empty.
final class UnreadableFolderTests: XCTestCase {
  private struct Place {
    let directory: TemporaryDirectory
    let shim: FaultShim
    let client: Client

    var data: String { directory.path + "/data" }
    var backup: String { directory.path + "/backup.tar" }

    init() throws {
      directory = try TemporaryDirectory()
      shim = try FaultShim(in: directory)
      client = try Client(data: directory.path + "/data")
    }

    /// A command whose calls on a folder of the data directory all fail.
    func wonder(_ words: String..., folder: String, failing calls: String) throws -> Shell.Result {
      try Shell.run(
        [BuiltProgram.path, "admin"] + words + ["--data", data],
        environment: shim.environment(data, folder, calls: calls, code: EIO, at: -1))
    }

    func wonder(_ words: String...) throws -> Shell.Result {
      try Shell.run([BuiltProgram.path, "admin"] + words + ["--data", data])
    }

    func finishJobs(_ program: ServedProgram) throws {
      for _ in 0..<3 {
        let id = try XCTUnwrap(Client.accepted(client.submit(to: program)))
        XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
      }
    }

    /// Whatever has the name of the backup, or begins with it.
    func backups() throws -> [String] {
      try FileTree.names(in: directory.path).filter { $0.hasPrefix("backup") }
    }
  }

  func testBackup_WhoseSnapshotCannotBeListed_FailsAndLeavesNothing() throws {
    let place = try Place()
    let program = try ServedProgram(data: place.data)
    try place.finishJobs(program)
    for calls in ["readdir", "opendir"] {
      let taken = try place.wonder("backup", place.backup, folder: "/spool", failing: calls)
      XCTAssertEqual(taken.code, 1, taken.text)
      XCTAssertTrue(taken.text.contains("\(calls) \(place.data)/spool"), taken.text)
      XCTAssertEqual(try place.backups(), [], calls)
    }
    XCTAssertEqual(try place.wonder("backup", place.backup).code, 0)
    XCTAssertEqual(program.end(SIGTERM), 0)
  }

  func testFilesThatCannotBeListed_AreNeitherSoundNorPruned_AndABackupHasThemAll() throws {
    let place = try Place()
    for calls in ["readdir", "opendir"] {
      let program = try ServedProgram(
        data: place.data, environment: place.shim.environment(place.data, "/files", calls: calls, code: EIO, at: -1))
      try place.finishJobs(program)
      let checked = try place.wonder("check")
      XCTAssertEqual(checked.code, 1, checked.text)
      XCTAssertTrue(checked.text.contains("could_not_look  \(calls) \(place.data)/files"), checked.text)
      let pruned = try place.wonder("prune")
      XCTAssertEqual(pruned.code, 1, pruned.text)
      XCTAssertTrue(pruned.text.contains("could not all be looked at: \(calls) \(place.data)/files"), pruned.text)
      let taken = try place.wonder("backup", place.backup)
      XCTAssertEqual(taken.code, 0, taken.text)
      XCTAssertFalse(taken.text.contains(": 0 files"), taken.text)
      let verified = try place.wonder("verify", place.backup)
      XCTAssertEqual(verified.code, 0, verified.text)
      XCTAssertEqual(program.end(SIGTERM), 0)
    }
    XCTAssertEqual(try place.wonder("check").code, 0)
  }

  func testBackupThatLacksAFile_HasAnotherNameAndFails() throws {
    let place = try Place()
    let program = try ServedProgram(data: place.data)
    try place.finishJobs(program)
    let folder = try XCTUnwrap(
      FileTree.names(in: place.data + "/files").first { try !FileTree.names(in: place.data + "/files/" + $0).isEmpty })
    try FileTree.empty(place.data + "/files/" + folder)
    let taken = try place.wonder("backup", place.backup)
    XCTAssertEqual(taken.code, 1, taken.text)
    XCTAssertEqual(try place.backups(), ["backup.tar.incomplete"])
    let verified = try place.wonder("verify", place.backup + ".incomplete")
    XCTAssertEqual(verified.code, 1, verified.text)
    XCTAssertTrue(verified.text.contains("which a job names, is missing"), verified.text)
    XCTAssertEqual(program.end(SIGTERM), 0)
  }

  func testSpoolThatCannotBeListed_StopsTheStartWithASentence() throws {
    let place = try Place()
    let log = place.directory.path + "/log"
    let environment = place.shim.environment(place.data, "/spool", calls: "readdir", code: EIO, at: -1)
    XCTAssertThrowsError(try ServedProgram(data: place.data, environment: environment, log: log)) { error in
      let refusal = error as? ServedProgram.NeverReady
      XCTAssertEqual(refusal?.code, 1)
      XCTAssertTrue(refusal?.lastWords.contains("readdir \(place.data)/spool: Input/output error") ?? false, "\(error)")
    }
  }
}
