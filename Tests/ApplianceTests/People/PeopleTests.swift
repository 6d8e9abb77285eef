import Appliance
import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

/// Access requests, accounts and sessions, as people meet them.
final class PeopleTests: XCTestCase {
  private let application =
    #"{"email":"jo@example.com","company":"Ünder & Söhne GmbH","use_case":"invoices","expected_volume":"900 a day"}"#

  private func post(_ server: TestServer, _ path: String, _ body: String, _ headers: [(String, String)] = []) throws
    -> TestReply
  {
    try server.client.send("POST", path, [("Content-Type", "application/json")] + headers, body: Array(body.utf8))
  }

  func testRequest_IsApprovedOnceAndItsKeyWorks() throws {
    let server = try TestServer()
    let sent = try post(server, "/api/v1/access-requests", application)
    XCTAssertEqual(sent.status, 202)
    XCTAssertFalse(sent.text.contains("acc_"), "an applicant learns no number")
    let listed = try server.admin("GET", "/requests").json["requests"]?[0]
    XCTAssertEqual(listed?["email"]?.string, "jo@example.com")
    XCTAssertEqual(listed?["expected_volume"]?.string, "900 a day")
    let id = listed?["id"]?.string ?? ""
    let approved = try server.admin("POST", "/requests/\(id)/approve", "{}")
    XCTAssertEqual(approved.json["approval"]?["workspace"]?.string, "uender-soehne-gmbh")
    let key = approved.json["approval"]?["key"]?.string
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: key).json["workspace"]?["plan"]?.string, "pro")
    let again = try server.admin("POST", "/requests/\(id)/approve", "{}")
    XCTAssertEqual(again.json["code"]?.string, "access_request_decided")
    XCTAssertEqual(try server.admin("GET", "/requests").json["requests"], .array([]))
    let decided = try server.admin("GET", "/requests?status=approved").json["requests"]?[0]
    XCTAssertEqual(decided?["decided_by"]?.string, "system:0")
    XCTAssertNotNil(decided?["decided_at"]?.string)
  }

  func testRequest_IsRejectedByAddressWithAReason() throws {
    let server = try TestServer()
    _ = try post(server, "/api/v1/access-requests", application)
    XCTAssertEqual(try server.admin("POST", "/requests/jo@example.com/reject", "{}").status, 422)
    let reply = try server.admin("POST", "/requests/jo@example.com/reject", #"{"reason":"no"}"#)
    XCTAssertEqual(reply.json["request"]?["state"]?.string, "rejected")
    XCTAssertEqual(reply.json["request"]?["reason"]?.string, "no")
  }

  func testRequest_WithBadFields_NamesThem_AndARobotIsThankedForNothing() throws {
    let server = try TestServer()
    let bad = try post(server, "/api/v1/access-requests", #"{"email":"a b@c","company":" ","use_case":7}"#)
    XCTAssertEqual(bad.json["errors"]?.members?.map(\.name), ["use_case"])
    let empty = try post(server, "/api/v1/access-requests", #"{"email":"a\r\nBcc: x@y.z"}"#)
    XCTAssertEqual(
      empty.json["errors"]?.members?.map(\.name), ["email", "company", "use_case", "expected_volume"])
    let robot = application.dropLast() + #","website":"http://spam.example"}"#
    XCTAssertEqual(try post(server, "/api/v1/access-requests", String(robot)).status, 202)
    XCTAssertEqual(try server.admin("GET", "/requests?status=all").json["requests"], .array([]))
  }

  func testRequests_FromOneAddress_AreFiveAnHour() throws {
    let server = try TestServer()
    for _ in 0..<5 { XCTAssertEqual(try post(server, "/api/v1/access-requests", application).status, 202) }
    let reply = try post(server, "/api/v1/access-requests", application)
    XCTAssertEqual(reply.status, 429)
    XCTAssertEqual(reply.json["code"]?.string, "too_many_access_requests")
    XCTAssertGreaterThan(Int(reply.header("Retry-After") ?? "") ?? 0, 3000)
  }

  func testAutoApprove_GivesTheKeyAtOnce() throws {
    let server = try TestServer(settings: ["WONDER_AUTO_APPROVE": "pro"])
    let reply = try post(server, "/api/v1/access-requests", application)
    XCTAssertEqual(reply.status, 201)
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: reply.json["api_key"]?.string).status, 200)
  }

  func testSetupLink_MakesTheFirstAdministratorOnce() throws {
    let server = try TestServer()
    let token = try XCTUnwrap(try server.serve.makeSetupLink())
    let body = #"{"token":"\#(token)","email":"ops@example.com","password":"\#(TestServer.password)"}"#
    XCTAssertEqual(try post(server, "/admin/api/v1/setup", body.replacing(token, with: "x")).status, 404)
    XCTAssertEqual(
      try post(server, "/admin/api/v1/setup", body.replacing(TestServer.password, with: "short")).status, 422)
    XCTAssertEqual(try post(server, "/admin/api/v1/setup", body).status, 201)
    XCTAssertEqual(try post(server, "/admin/api/v1/setup", body).status, 404)
    XCTAssertNil(try server.serve.makeSetupLink())
    XCTAssertEqual(try server.admin("POST", "/setup-link").json["code"]?.string, "setup_done")
    let session = try server.session("OPS@example.com")
    let shown = try server.client.get("/admin/api/v1/session", session.headers)
    XCTAssertEqual(shown.json["session"]?["user"]?.string, "ops@example.com")
    XCTAssertEqual(shown.json["session"]?["is_admin"]?.boolean, true)
  }

  func testSession_HasASafeCookie_AndEndsWithIdlenessAndANewPassword() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let first = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let reply = try post(
      server, "/admin/api/v1/session", #"{"email":"m@example.com","password":"\#(TestServer.password)"}"#)
    let cookie = reply.header("Set-Cookie") ?? ""
    XCTAssertTrue(cookie.hasPrefix("wonder_session=") && cookie.contains("HttpOnly; SameSite=Lax"), cookie)
    XCTAssertFalse(cookie.contains("Secure"), cookie)
    clock.advance(by: .seconds(11 * 3600))
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", first.headers).status, 200)
    clock.advance(by: .seconds(11 * 3600))
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", first.headers).status, 200)
    clock.advance(by: .seconds(13 * 3600))
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", first.headers).status, 401)
    let second = try server.session("m@example.com")
    let link = try server.admin("POST", "/users/m@example.com/password-link").json["user"]?["link_token"]?.string ?? ""
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", second.headers).status, 200)
    let change = #"{"token":"\#(link)","password":"another long password"}"#
    XCTAssertEqual(try post(server, "/admin/api/v1/password", change).status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", second.headers).status, 401)
    XCTAssertEqual(try post(server, "/admin/api/v1/password", change).json["code"]?.string, "link_not_valid")
  }

  func testSessionOverHTTPS_HasTheHostCookie() throws {
    let server = try TestServer(settings: ["WONDER_TRUSTED_PROXIES": "127.0.0.0/8"])
    _ = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let reply = try post(
      server, "/admin/api/v1/session", #"{"email":"m@example.com","password":"\#(TestServer.password)"}"#,
      [("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "192.0.2.7")])
    let cookie = reply.header("Set-Cookie") ?? ""
    XCTAssertTrue(cookie.hasPrefix("__Host-wonder=") && cookie.hasSuffix("; Secure"), cookie)
  }

  func testSignIn_WithAWrongPassword_IsRefusedAlikeAndAfterFiveTimesForAWhile() throws {
    let server = try TestServer()
    _ = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    for email in ["m@example.com", "nobody@example.com"] {
      for _ in 0..<5 {
        let reply = try post(
          server, "/admin/api/v1/session", #"{"email":"\#(email)","password":"wrong password"}"#)
        XCTAssertEqual(reply.json["code"]?.string, "wrong_password")
      }
      let reply = try post(
        server, "/admin/api/v1/session", #"{"email":"\#(email)","password":"\#(TestServer.password)"}"#)
      XCTAssertEqual(reply.status, 429)
      XCTAssertGreaterThan(Int(reply.header("Retry-After") ?? "") ?? 0, 800)
    }
  }

  func testAudit_HasEveryChangeWithItsActor() throws {
    let server = try TestServer(settings: ["WONDER_KEEP_INPUTS": "failed"])
    let session = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    func send(_ method: String, _ path: String, _ body: String = "", _ form: MultipartForm? = nil) throws -> JSONValue {
      let type = form.map { [("Content-Type", $0.contentType)] } ?? []
      let reply = try server.client.send(
        method, "/admin/api/v1" + path, session.headers + type, body: form?.body ?? Array(body.utf8))
      XCTAssertTrue((200..<300).contains(reply.status), "\(method) \(path): \(reply.text)")
      return reply.json
    }
    _ = try send("POST", "/workspaces", #"{"slug":"made"}"#)
    _ = try send("DELETE", "/workspaces/made")
    let broken = MultipartForm.conversion().file("files[]", "a.png", Array(SamplePictures.photo.prefix(3000)))
    let job = try server.submit(broken).json["request_id"]?.string ?? ""
    XCTAssertEqual(try server.ended(job).json["job"]?["status"]?.string, "failed")
    _ = try send("POST", "/queue/pause")
    for path in ["/jobs/\(job)/retry", "/jobs/\(job)/cancel"] { _ = try send("POST", path) }
    _ = try send("DELETE", "/jobs/\(job)")
    let many = MultipartForm().field("to", "jpg").file("files[]", "a.png", SamplePictures.photo)
    let batch =
      try server.client.send(
        "POST", "/api/v1/batches", key: server.key, [("Content-Type", many.contentType)], body: many.body
      ).json["batch_id"]?.string ?? ""
    _ = try send("POST", "/batches/\(batch)/cancel")
    _ = try send("POST", "/queue/resume")
    let place = "/workspaces/api-workspace"
    let folder = try send("POST", place + "/folders", #"{"name":"Texts"}"#)["folder"]?["id"]?.string ?? ""
    let text = MultipartForm().file("files[]", "a.txt", Array("a".utf8))
    let file = try send("POST", place + "/files", "", text)["files"]?[0]?["id"]?.string ?? ""
    _ = try send("PATCH", place + "/files/\(file)", #"{"name":"b.txt"}"#)
    _ = try send("DELETE", place + "/files/\(file)")
    _ = try send("PATCH", place + "/folders/\(folder)", #"{"name":"Words"}"#)
    _ = try send("DELETE", place + "/folders/\(folder)")
    let pruned = try send("POST", "/prune")["pruned"]?["orphan_files"]?.integer ?? -1
    let backup = try send("POST", "/backups")["backup"]?["path"]?.string?.split(separator: "/").last ?? ""
    let entries = try server.admin("GET", "/audit").json["audit"]?.array ?? []
    let lines = entries.map {
      "\($0["actor"]?.string ?? "") \($0["action"]?.string ?? "") \($0["subject"]?.string ?? "")"
    }
    XCTAssertEqual(
      Array(lines.reversed().drop { !$0.contains("session.begin") }),
      [
        "session.begin ops@example.com", "workspace.create made", "workspace.suspended made", "workspace.delete made",
        "queue.pause queue", "job.retry \(job)", "job.cancel \(job)", "job.delete \(job)", "batch.cancel \(batch)",
        "queue.resume queue", "file.change \(file)", "file.remove \(file)", "folder.change \(folder)",
        "folder.remove \(folder)", "files.prune \(pruned)", "backup.make \(backup)",
      ].map { "ops@example.com " + $0 })
    XCTAssertTrue(entries.allSatisfy { ["127.0.0.1", "socket"].contains($0["address"]?.string) })
  }

  func testAudit_HasNoLineForWhatHasNotHappened() throws {
    let server = try TestServer()
    let setup = try server.admin("POST", "/setup-link")
    XCTAssertEqual(setup.status, 201, setup.text)
    let form = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)
    let job = try server.submit(form).json["request_id"]?.string ?? ""
    XCTAssertEqual(try server.ended(job).json["job"]?["status"]?.string, "completed")
    for path in ["cancel", "retry"] { XCTAssertEqual(try server.admin("POST", "/jobs/\(job)/\(path)").status, 409) }
    XCTAssertEqual(try server.admin("DELETE", "/workspaces/api-workspace/files/x").status, 404)
    let entries = try server.admin("GET", "/audit").json["audit"]?.array ?? []
    XCTAssertEqual(entries.map { $0["action"]?.string }, ["user.setup-link"])
    XCTAssertEqual(entries.first?["address"]?.string, "socket")
  }

  /// Whatever is secret is looked for in every file, log line and listing.
  func testNoSecret_IsAnywhereInThePlain() throws {
    let text = Mutex("")
    let log = Log(write: { line in text.withLock { $0 += String(decoding: line, as: UTF8.self) } })
    var secrets: [String] = []
    var listings = ""
    let directory: TemporaryDirectory
    do {
      let server = try TestServer(log: log)
      directory = server.directory
      let issued = try server.admin("POST", "/keys", #"{"workspace":"api-workspace"}"#).json["key"]
      let setup = try XCTUnwrap(try server.serve.makeSetupLink())
      let session = try server.signIn("ops@example.com", workspace: nil, role: "admin")
      _ = try post(server, "/api/v1/access-requests", application)
      let approved = try server.admin("POST", "/requests/jo@example.com/approve", "{}")
      secrets = [
        server.key, issued?["key"]?.string ?? "", setup, TestServer.password, String(session.cookie.dropFirst(15)),
        session.formToken, approved.json["approval"]?["key"]?.string ?? "",
      ]
      _ = try server.client.get("/api/v1/usage", key: issued?["key"]?.string)
      for path in ["/keys", "/users", "/audit", "/requests?status=all", "/workspaces"] {
        listings += try server.admin("GET", path).text
      }
      let secret = issued?["webhook_secret"]?.string ?? ""
      XCTAssertFalse(listings.contains(secret))
    }
    XCTAssertTrue(secrets.allSatisfy { $0.count >= 20 }, "\(secrets.map(\.count))")
    var everything = Array((listings + text.withLock { $0 }).utf8)
    for name in ["wonder.db", "wonder.db-wal", "lock"] {
      everything += (try? FileBytes.read(directory.path + "/data/" + name, atMost: 1 << 26)) ?? []
    }
    XCTAssertGreaterThan(everything.count, 100_000)
    for secret in secrets { XCTAssertNil(everything.firstRange(of: Array(secret.utf8)), secret) }
  }
}
