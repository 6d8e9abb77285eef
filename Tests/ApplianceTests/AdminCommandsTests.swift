import Appliance
import Basics
import Foundation
import Synchronization
import TestSupport
import XCTest

/// The admin commands over the socket of a running server, and in their own process when there is none.
final class AdminCommandsTests: XCTestCase {
  private final class Text: Sendable {
    private let lines = Mutex("")
    var all: String { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }
  }

  private func run(_ data: String, _ words: String...) -> (code: Int32, out: String, error: String) {
    let (out, error) = (Text(), Text())
    let console = Console(out: out.add, error: error.add)
    let code = Commands.run(["admin"] + words, environment: ["WONDER_DATA": data], console: console)
    return (code, out.all, error.all)
  }

  private func json(_ data: String, _ words: String...) throws -> JSONValue {
    let out = Text()
    let console = Console(out: out.add, error: { XCTFail($0) })
    XCTAssertEqual(
      Commands.run(["admin"] + words + ["--json"], environment: ["WONDER_DATA": data], console: console), 0)
    return try JSONReader.parse(out.all.utf8)
  }

  func testWorkspacesAndKeys_WithoutAServer() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    XCTAssertEqual(run(data, "workspace", "create", "acme", "--plan", "starter").code, 0)
    XCTAssertEqual(
      try json(data, "workspaces").text,
      #"[{"slug":"acme","name":"acme","plan":"starter","state":"approved","owner":null,"retention":"default"}]"#)
    let key = run(data, "key", "issue", "acme", "--prefix", "kp_")
    XCTAssertNotNil(key.out.wholeMatch(of: /kp_[0-9A-Za-z]{43}\n/), key.out)
    let listed = run(data, "keys").out
    XCTAssertTrue(listed.contains("kp_…"), listed)
    XCTAssertFalse(listed.contains(key.out.dropLast()), "a listing shows a key")
  }

  func testKey_IssuedAndRevokedWhileServing_CountsAtOnce() throws {
    let server = try TestServer()
    let key = String(run(server.dataPath, "key", "issue", "api-workspace").out.dropLast())
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: key).status, 200)
    let id = try XCTUnwrap(json(server.dataPath, "keys").array?.last?["id"]?.integer)
    XCTAssertEqual(run(server.dataPath, "key", "revoke", String(id)).code, 0)
    let refused = try server.client.get("/api/v1/usage", key: key)
    XCTAssertEqual(refused.status, 401)
    XCTAssertEqual(refused.json["code"]?.string, "revoked_key")
  }

  func testHealthcheck_TellsWhetherTheServerAnswers() throws {
    let directory = try TemporaryDirectory()
    func ask(_ data: String, _ words: String...) -> (Int32, String) {
      let text = Text()
      let console = Console(out: text.add, error: text.add)
      return (Commands.run(["healthcheck"] + words, environment: ["WONDER_DATA": data], console: console), text.all)
    }
    XCTAssertTrue(ask(directory.path) == (1, "wonder healthcheck: the server does not run\n"))
    let server = try TestServer()
    XCTAssertTrue(ask(server.dataPath) == (0, "ok\n"))
    XCTAssertTrue(ask(server.dataPath, "--ready") == (0, "ok\n"))
  }

  func testQueue_PausedAndResumedWhileServing() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    XCTAssertEqual(run(server.dataPath, "queue", "pause").code, 0)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    XCTAssertEqual(try json(server.dataPath, "stats")["queue_is_paused"]?.boolean, true)
    XCTAssertEqual(try json(server.dataPath, "stats")["waiting"]?.integer, 1)
    XCTAssertEqual(run(server.dataPath, "queue", "resume").code, 0)
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
    let job = try json(server.dataPath, "job", "show", id)
    XCTAssertNotNil(job["waited_ms"]?.integer)
    XCTAssertNotNil(job["ran_ms"]?.integer)
  }

  func testJobs_ByState_AreFoundBehindManyOthers() throws {
    let server = try TestServer()
    let broken = MultipartForm.conversion().file("files[]", "x.png", Array(SamplePictures.photo.prefix(900)))
    let id = try server.submit(broken).json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    for _ in 0..<3 {
      let good = MultipartForm.conversion().field("sync", "true").file("files[]", "p.png", SamplePictures.photo)
      XCTAssertEqual(try server.submit(good).status, 200)
    }
    let found = try json(server.dataPath, "jobs", "--status", "failed", "--limit", "2")
    XCTAssertEqual(found.array?.map { $0["request_id"]?.string }, [id])
    XCTAssertEqual(try json(server.dataPath, "jobs", "--limit", "2").array?.count, 2)
  }

  func testNode_IsMadeAndRemoved_WithAndWithoutTheServer() throws {
    let server = try TestServer()
    let directory = try TemporaryDirectory()
    for data in [server.dataPath, directory.path + "/data"] {
      func run(_ words: String...) -> String {
        let text = Text()
        let code = Commands.run(
          ["admin"] + words, environment: ["WONDER_DATA": data], console: Console(out: text.add, error: text.add))
        return "\(code) \(text.all)"
      }
      XCTAssertNotNil(run("node", "add", "second").wholeMatch(of: /0 wn_\w+\n/))
      XCTAssertEqual(run("node", "remove", "second"), "0 ")
      XCTAssertTrue(run("node", "remove", "second").hasPrefix("1 wonder admin node remove: second: There is no"))
      XCTAssertEqual(run("queue", "pause"), "0 queue  paused\n")
    }
  }

  func testMistakes_AreSaidInASentence() throws {
    let server = try TestServer()
    let cases: [([String], String)] = [
      (["workspace", "create", "api-workspace"], "slug already"), (["workspace", "create", "Bad Slug"], "lower-case"),
      (["workspace", "create", "x", "--plan", "gold"], "free, starter, pro, enterprise"),
      (["workspace", "show", "nobody"], "nobody: There is no such workspace"),
      (["key", "issue", "nobody"], "no such workspace"),
      (["key", "issue", "api-workspace", "--prefix", "zz_"], "wc_, kp_, sk_live_, cvly_"),
      (["key", "revoke", "999"], "no key"), (["job", "show", "req_x"], "no such job"),
      (["jobs", "--status", "odd"], "one of incomplete"),
    ]
    for (words, text) in cases {
      let error = Text()
      let console = Console(out: { _ in }, error: error.add)
      let code = Commands.run(["admin"] + words, environment: ["WONDER_DATA": server.dataPath], console: console)
      // What the command knows itself is a mistake in how it was called.
      XCTAssertEqual(code, error.all.contains("must be one of") ? 2 : 1, words.joined(separator: " "))
      XCTAssertTrue(error.all.contains(text), error.all)
    }
  }

  func testJob_IsShownRetriedAndDeleted() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    let job = try json(server.dataPath, "job", "show", id)
    XCTAssertEqual(job["status"]?.string, "completed")
    XCTAssertEqual(job["events"]?.array?.compactMap { $0["kind"]?.string }, ["submitted", "started", "completed"])
    XCTAssertEqual(try json(server.dataPath, "jobs", "--status", "completed").array?.count, 1)
    XCTAssertEqual(run(server.dataPath, "job", "cancel", id).code, 1)
    XCTAssertEqual(run(server.dataPath, "job", "retry", id).code, 1)
    XCTAssertEqual(run(server.dataPath, "job", "delete", id).code, 0)
    XCTAssertEqual(try server.files(), [])
  }

  func testCheck_NoticesAMissingFileAndAnOrphan() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    _ = try server.ended(try server.submit(form).json["request_id"]?.string ?? "")
    XCTAssertEqual(run(server.dataPath, "check").code, 0)
    let name = try XCTUnwrap(server.files().first)
    try FileManager.default.moveItem(
      atPath: "\(server.dataPath)/files/\(name.prefix(2))/\(name)", toPath: "\(server.dataPath)/files/00/00stray")
    let found = run(server.dataPath, "check", "--json")
    XCTAssertEqual(found.code, 1)
    XCTAssertTrue(found.out.contains("\"missing_files\":[\"\(name)\"]"), found.out)
    XCTAssertTrue(found.out.contains("\"orphan_files\":[\"00stray\"]"), found.out)
  }

  func testAdminAPI_OverTCP_IsForOperatorsOnly() throws {
    let server = try TestServer()
    for path in ["stats", "workspaces", "keys", "jobs"] {
      let reply = try server.client.get("/admin/api/v1/\(path)", key: server.key)
      XCTAssertEqual(reply.status, 401, path)
      XCTAssertEqual(reply.json["code"]?.string, "sign_in_required")
    }
    for path in ["check", "prune", "quickstart", "workspaces", "keys"] {
      XCTAssertEqual(
        try server.client.send("POST", "/admin/api/v1/\(path)", key: server.key, body: Array("{}".utf8)).status, 401)
    }
  }
}
