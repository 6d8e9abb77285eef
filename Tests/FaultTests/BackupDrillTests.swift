import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// The restore drill (B1 to B3): a backup of a server under load becomes a server that has every job.
final class BackupDrillTests: XCTestCase {
  private func wonder(_ words: String...) throws -> Shell.Result { try Shell.run([BuiltProgram.path] + words) }

  func testBackupUnderLoad_RestoresEveryJobWithItsFiles() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let backup = directory.path + "/backup.tar"
    let client = try Client(data: data)
    let program = try ServedProgram(data: data)
    // Ended before the backup, so that files exist, and every other one is deleted while the backup is taken.
    let early = (0..<60).compactMap { _ in Client.accepted(client.submit(to: program)) }
    XCTAssertEqual(early.count, 60)
    for id in early { XCTAssertEqual(try client.end(of: id, at: program).status, "completed") }
    let isDone = Atomic(false)
    let threads = (0..<4).map { number in
      ServiceThread("client-\(number)") {
        var next = number
        while !isDone.load(ordering: .acquiring) {
          _ = client.submit(to: program)
          if next < early.count && next.isMultiple(of: 2) {
            _ = try? program.client.send("DELETE", "/api/v1/jobs/\(early[next])", key: client.key)
          }
          next += 4
        }
      }
    }
    let taken = try wonder("admin", "backup", backup, "--data", data)
    isDone.store(true, ordering: .releasing)
    for thread in threads { thread.join() }
    XCTAssertEqual(taken.code, 0, taken.text)
    XCTAssertTrue(taken.text.contains("writing: 100 %"), taken.text)
    XCTAssertEqual(program.end(SIGTERM), 0)

    let verified = try wonder("admin", "verify", backup)
    XCTAssertEqual(verified.code, 0, verified.text)
    XCTAssertTrue(verified.text.contains("sound, "), verified.text)
    let restoredPath = directory.path + "/restored"
    let restored = try wonder("admin", "restore", backup, "--data", restoredPath)
    XCTAssertEqual(restored.code, 0, restored.text)
    XCTAssertEqual(try wonder("admin", "verify", "--data", restoredPath).code, 0)

    let second = try ServedProgram(data: restoredPath)
    for id in early where try second.client.get("/api/v1/jobs/\(id)", key: client.key).status == 200 {
      let reply = try client.end(of: id, at: second)
      XCTAssertEqual(reply.status, "completed")
      let link = reply.reply.json["outputs"]?[0]?["download_url"]?.string ?? ""
      let path = "/" + link.split(separator: "/", maxSplits: 2).dropFirst(2).joined()
      XCTAssertEqual(try second.client.get(path).status, 200, path)
    }
    for number in stride(from: 1, to: 60, by: 2) {
      XCTAssertEqual(try client.end(of: early[number], at: second).status, "completed")
    }
    // Jobs that waited or ran when the backup was taken are run by the restored server.
    while true {
      let figures = try JSONReader.parse(wonder("admin", "stats", "--json", "--data", restoredPath).text.utf8)
      if figures["waiting"]?.integer == 0 && figures["running"]?.integer == 0 { break }
    }
    XCTAssertNotNil(Client.accepted(client.submit(to: second)))
    XCTAssertEqual(second.end(SIGTERM), 0)
  }

  func testBackup_WithoutAServer_AndMistakes_HaveTheirExitCodes() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try Client(data: data)
    let backup = directory.path + "/backup.tar"
    XCTAssertEqual(try wonder("admin", "backup", backup, "--data", data).code, 0)
    XCTAssertEqual(try FileTree.names(in: data + "/spool"), [])
    XCTAssertEqual(try wonder("admin", "verify", backup).code, 0)
    XCTAssertEqual(try wonder("admin", "verify", "--data", data).code, 0)
    XCTAssertEqual(try wonder("admin", "backup", "--data", data).code, 2)
    XCTAssertEqual(try wonder("admin", "backup", "/nowhere/x.tar", "--data", data).code, 1)
    XCTAssertEqual(try FileTree.names(in: data + "/spool"), [])
    let over = try wonder("admin", "restore", backup, "--data", data)
    XCTAssertEqual(over.code, 1)
    XCTAssertTrue(over.text.contains("is not empty"), over.text)
    let other = try directory.file("text", Array("no backup".utf8))
    XCTAssertEqual(try wonder("admin", "verify", other).code, 1)
    XCTAssertEqual(try wonder("admin", "restore", other, "--data", directory.path + "/n").code, 1)
  }
}
