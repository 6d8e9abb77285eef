import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Parts of the data directory that are removed or replaced while the server runs.
final class UnderneathTests: XCTestCase {
  /// A server with one job that has ended, and its log.
  private struct Served {
    let directory: TemporaryDirectory
    let client: Client
    let program: ServedProgram
    let job: String

    var data: String { directory.path + "/data" }

    init() throws {
      directory = try TemporaryDirectory()
      client = try Client(data: directory.path + "/data")
      program = try ServedProgram(data: directory.path + "/data", log: directory.path + "/log")
      job = try XCTUnwrap(Client.accepted(client.submit(to: program)))
      XCTAssertEqual(try client.end(of: job, at: program).status, "completed")
    }

    func path(_ name: String) -> String { data + "/" + name }

    func submit() throws -> TestReply { try XCTUnwrap(client.submit(to: program)) }

    /// Asks until a monitor's answer has these words, for a finding holds for a second.
    func waitUntilReadySays(_ words: String) throws {
      while try !program.client.get("/readyz").text.contains(words) { usleep(20_000) }
    }

    func log() throws -> [Substring] {
      String(decoding: try FileBytes.read(directory.path + "/log", atMost: 1 << 24), as: UTF8.self)
        .split(separator: "\n")
    }

    func wonder(_ words: String...) throws -> Shell.Result {
      try Shell.run([BuiltProgram.path, "admin"] + words + ["--data", data])
    }

    /// What a second server on the same directory says instead of starting.
    func second() -> String {
      let log = directory.path + "/second"
      unlink(log)
      do {
        let program = try ServedProgram(data: data, log: log)
        program.end(SIGKILL)
        return "started"
      } catch {
        return (error as? ServedProgram.NeverReady)?.lastWords ?? "\(error)"
      }
    }
  }

  func testDatabaseOrLog_RemovedOrReplaced_EndsWritingAndSaysWhy() throws {
    for name in ["wonder.db", "wonder.db-wal"] {
      for how in ["removed", "replaced"] {
        let served = try Served()
        let path = served.path(name)
        if how == "replaced" {
          // At once, for the server may look in between.
          XCTAssertEqual(link(path, path + ".aside"), 0)
          XCTAssertEqual(try Shell.run("cp", path, path + ".new").code, 0)
          XCTAssertEqual(rename(path + ".new", path), 0)
        } else {
          XCTAssertEqual(rename(path, path + ".aside"), 0)
        }
        let reason = "\(name) was \(how) while it was in use"
        for _ in 0..<3 {
          let reply = try served.submit()
          XCTAssertEqual(reply.status, 503, reply.text)
          XCTAssertEqual(reply.json["code"]?.string, "storage_unavailable")
          XCTAssertTrue(reply.text.contains(reason), reply.text)
        }
        let ready = try served.program.client.get("/readyz")
        XCTAssertEqual(ready.status, 503)
        XCTAssertTrue(ready.text.contains("nothing is written any more: \(reason)"), ready.text)
        XCTAssertEqual(served.program.end(SIGTERM), 0)
        let lines = try served.log().filter { $0.contains("nothing is written any more") }
        XCTAssertEqual(lines.count, 1, lines.joined(separator: "\n"))
        // Put back as it was, everything that was answered is there.
        XCTAssertEqual(rename(path + ".aside", path), 0)
        let again = try ServedProgram(data: served.data)
        XCTAssertEqual(try served.client.end(of: served.job, at: again).status, "completed")
        XCTAssertEqual(again.end(SIGTERM), 0)
      }
    }
  }

  func testDatabaseRemoved_IsNoticedWithoutAnySubmission() throws {
    let served = try Served()
    unlink(served.path("wonder.db"))
    try served.waitUntilReadySays("wonder.db was removed while it was in use")
    XCTAssertEqual(try served.submit().status, 503)
    XCTAssertEqual(served.program.end(SIGTERM), 0)
  }

  func testFilesAndSpool_Removed_AreMadeAgain_AndCheckNamesWhatIsMissing() throws {
    for name in ["files", "spool"] {
      let served = try Served()
      try FileTree.remove(served.path(name))
      let id = try XCTUnwrap(Client.accepted(served.submit()), name)
      XCTAssertEqual(try served.client.end(of: id, at: served.program).status, "completed", name)
      try served.waitUntilReadySays("\(name)/ was removed while it was in use, and was made again")
      let checked = try served.wonder("check", "--json")
      XCTAssertEqual(checked.code, name == "files" ? 1 : 0, checked.text)
      let missing = try JSONReader.parse(checked.text.utf8)["missing_files"]?.array?.count
      XCTAssertEqual(missing, name == "files" ? 2 : 0, checked.text)
      XCTAssertEqual(served.program.end(SIGTERM), 0)
      XCTAssertEqual(try served.log().filter { $0.contains("a folder of the data directory was lost") }.count, 1)
    }
  }

  func testEachFolderOfFiles_Removed_IsMadeAgain() throws {
    let served = try Served()
    for name in try FileTree.names(in: served.path("files")) { try FileTree.remove(served.path("files/" + name)) }
    let id = try XCTUnwrap(Client.accepted(served.submit()))
    XCTAssertEqual(try served.client.end(of: id, at: served.program).status, "completed")
    XCTAssertEqual(served.program.end(SIGTERM), 0)
  }

  func testFilesOrSpool_ThatCannotBeMadeAgain_Refuse_UntilTheyCan() throws {
    for name in ["files", "spool"] {
      for link in [true, false] {
        let served = try Served()
        XCTAssertEqual(rename(served.path(name), served.path("aside")), 0)
        if link {
          XCTAssertEqual(symlink("/nowhere/at/all", served.path(name)), 0)
        } else {
          try FileBytes.write([1], to: served.path(name))
        }
        let reason = link ? "\(name)/ was removed and cannot be made again" : "\(name)/ is no folder any more"
        try served.waitUntilReadySays(reason)
        let reply = try served.submit()
        XCTAssertEqual(reply.status, 503, reply.text)
        XCTAssertTrue(reply.text.contains(reason), reply.text)
        unlink(served.path(name))
        XCTAssertEqual(rename(served.path("aside"), served.path(name)), 0)
        // What was found out holds for a second.
        var id: String?
        while id == nil { id = Client.accepted(try served.submit()) }
        XCTAssertEqual(try served.client.end(of: XCTUnwrap(id), at: served.program).status, "completed")
        XCTAssertEqual(served.program.end(SIGTERM), 0)
      }
    }
  }

  func testLockRemoved_LetsNoSecondServerIn_AndIsMadeAgain() throws {
    for others in [[], ["wonder.sock"], ["wonder.db"]] {
      let served = try Served()
      XCTAssertEqual(try served.wonder("queue", "pause").code, 0)
      let waiting = try XCTUnwrap(Client.accepted(served.submit()))
      let spooled = served.path("spool/of-the-first")
      try FileBytes.write([1], to: spooled)
      for name in ["lock"] + others { XCTAssertEqual(unlink(served.path(name)), 0) }
      let refusal = served.second()
      XCTAssertTrue(refusal.contains("is in use by another wonder"), refusal)
      XCTAssertEqual(access(spooled, F_OK), 0, "the second server has emptied the spool")
      // The refused one has made a lock of its own, so the socket shows that the first has looked.
      while try UnixSocket.connect(served.path("wonder.sock")).map({ close($0) }) == nil {
        _ = try served.program.client.get("/readyz")
      }
      XCTAssertEqual(access(served.path("lock"), F_OK), 0)
      if others != ["wonder.db"] {
        XCTAssertEqual(try served.client.end(of: served.job, at: served.program).status, "completed")
        XCTAssertEqual(try served.wonder("queue", "resume").code, 0)
        XCTAssertEqual(try served.client.end(of: waiting, at: served.program).status, "completed")
      }
      XCTAssertTrue(served.second().contains("is in use by another wonder (process \(served.program.process))"))
      XCTAssertEqual(served.program.end(SIGTERM), 0)
    }
  }

  func testSocket_RemovedOrReplaced_IsBoundAgain() throws {
    let served = try Served()
    for replace in [{ _ in }, { path in try FileBytes.write([1], to: path) }] as [(String) throws -> Void] {
      XCTAssertEqual(unlink(served.path("wonder.sock")), 0)
      try replace(served.path("wonder.sock"))
      while try UnixSocket.connect(served.path("wonder.sock")).map({ close($0) }) == nil {
        _ = try served.program.client.get("/readyz")
      }
      let answered = try served.wonder("stats", "--json")
      XCTAssertEqual(answered.code, 0, answered.text)
    }
    XCTAssertEqual(served.program.end(SIGTERM), 0)
    // The socket answers before the line is written, so only a server that has ended has surely said all.
    XCTAssertEqual(try served.log().filter { $0.contains("a socket was removed or replaced") }.count, 2)
    XCTAssertNotEqual(access(served.path("wonder.sock"), F_OK), 0)
  }
}
