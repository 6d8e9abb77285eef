import Basics
import Dialects
import Engine
import Glibc
import HTTP
import Storage
import TestSupport
import XCTest

/// Every refusal that a client can meet is made to happen, and all of them together are the whole catalogue.
final class RefusalCatalogueTests: XCTestCase {
  struct Case {
    let code: String
    let status: Int
    /// What the message or a field's problem must say: the field, the limit or the valid values.
    let words: [String]
    let reply: () throws -> TestReply
  }

  private let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)

  private func raw(_ server: TestServer, _ lines: String...) throws -> TestReply {
    try server.client.exchange(Array((lines + ["Host: x", "", ""]).joined(separator: "\r\n").utf8))
  }

  /// What the house answers when this error comes out of a handler.
  func answer(_ error: any Error) throws -> TestReply {
    let response = AllDialects.houseRefuse(.silent)(error, nil)
    guard case .bytes(let bytes) = response.body else { throw CancellationError() }
    let headers = response.headers[.retryAfter].map { [(name: "Retry-After", value: $0)] } ?? []
    return TestReply(status: response.status.code, headers: headers, body: bytes)
  }

  /// A download that a dialect's client has locked, asked for without its password.
  private func lockedLink(guesses: Int = 0) throws -> TestReply {
    let server = try TestServer(dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
    let taken = try server.client.send(
      "POST", "/made-up/turn/jpg", key: server.key, [("Made-Up-Passwords", "word")], body: SamplePictures.photo)
    let job = try server.ended(String(taken.text.dropFirst(MadeUp.prefix.count)))
    let path = server.path(of: job.json["outputs"]?[0]?["download_url"]?.string)
    for _ in 0..<guesses { _ = try server.client.get(path, [("Made-Up-Password", "else")]) }
    return try server.client.get(path, guesses > 0 ? [("Made-Up-Password", "word")] : [])
  }

  /// A link of a dialect whose links may be used ten times, used once more.
  private func usedLink(_ server: TestServer) throws -> TestReply {
    let form = MultipartForm().file("file", "photo.png", SamplePictures.photo)
    let taken = try server.client.send(
      "POST", "/api/v1/convert", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    let state = server.path(of: taken.json["status_url"]?.string)
    var link: String?
    while link == nil {
      link = try server.client.get(state, key: server.key).json["download_url"]?.string
      sched_yield()
    }
    for _ in 0..<10 { XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200) }
    return try server.client.get(server.path(of: link))
  }

  /// A server with its plan or workspace changed by one statement.
  private func server(_ change: StaticString) throws -> TestServer {
    try TestServer(plan: "pro", prepare: { try $0.run(change) })
  }

  func testEveryRefusal_SaysWhatIsWrong() throws {
    let main = try TestServer()
    var seen: Set<String> = []
    for entry in try keyCases(main) + jobCases(main) + storageCases(main) + httpCases(main) + adminCases(main)
      + peopleCases(main) + signInCases(main) + nodeCases(main)
    {
      let reply = try entry.reply()
      XCTAssertEqual(reply.status, entry.status, "\(entry.code): \(reply.text)")
      XCTAssertEqual(reply.json["code"]?.string, entry.code, reply.text)
      XCTAssertEqual(reply.json["status"]?.integer, Int64(entry.status), entry.code)
      for word in entry.words { XCTAssertTrue(reply.text.contains(word), "\(entry.code) lacks \(word): \(reply.text)") }
      let needsTime = [429, 503].contains(entry.status)
      XCTAssertEqual((Int(reply.header("Retry-After") ?? "") ?? 0) > 0, needsTime, entry.code)
      seen.insert(entry.code)
    }
    XCTAssertEqual(seen, Set(Refusal.all.map(\.code) + HTTPFailure.words))
  }

  private func keyCases(_ main: TestServer) throws -> [Case] {
    let usage = "/api/v1/usage"
    let revoked = try server("UPDATE keys SET revoked_at = 1")
    let suspended = try server("UPDATE workspaces SET state = 'suspended'")
    let blind = try server("UPDATE keys SET may_read = 0")
    let mute = try server("UPDATE keys SET may_submit = 0")
    let free = try server("UPDATE workspaces SET plan = 'free'")
    let limited = try server("UPDATE plans SET writes_per_minute = 1 WHERE name = 'pro'")
    let small = try server("UPDATE plans SET jobs_per_month = 1 WHERE name = 'pro'")
    return [
      Case(code: "missing_key", status: 401, words: ["X-API-Key", "Authorization: Bearer"]) {
        try main.client.get(usage)
      },
      Case(code: "invalid_key", status: 401, words: ["not valid"]) { try main.client.get(usage, key: "wc_x") },
      Case(code: "revoked_key", status: 401, words: ["revoked"]) { try revoked.client.get(usage, key: revoked.key) },
      Case(code: "workspace_not_approved", status: 403, words: ["not approved"]) {
        try suspended.client.get(usage, key: suspended.key)
      },
      Case(code: "scope_missing", status: 403, words: ["read jobs"]) { try blind.client.get(usage, key: blind.key) },
      Case(code: "scope_missing", status: 403, words: ["submit jobs"]) { [self] in try mute.submit(form) },
      Case(code: "plan_required", status: 403, words: ["plan pro"]) { try free.client.get(usage, key: free.key) },
      Case(code: "rate_limited", status: 429, words: ["1 writes a minute"]) { [self] in
        XCTAssertEqual(try limited.submit(form).header("RateLimit-Remaining"), "0")
        let reply = try limited.submit(form)
        XCTAssertEqual(reply.header("RateLimit-Limit"), "1")
        XCTAssertEqual(reply.header("RateLimit-Reset"), "60")
        XCTAssertEqual(try limited.client.get(usage, key: limited.key).header("RateLimit-Remaining"), "599")
        return reply
      },
      Case(code: "quota_exceeded", status: 429, words: ["the 1 jobs", "plan pro"]) { [self] in
        XCTAssertEqual(try small.submit(form, [("Idempotency-Key", "k")]).status, 202)
        XCTAssertEqual(try small.submit(form, [("Idempotency-Key", "k")]).status, 200)
        return try small.submit(form)
      },
    ]
  }

  private func jobCases(_ server: TestServer) -> [Case] {
    let missing = ["batch": "batches/bat_x", "preset": "presets/x", "storage": "storages/x", "job": "jobs/req_x"]
    return missing.map { noun, path in
      Case(code: "\(noun)_not_found", status: 404, words: []) {
        try server.client.get("/api/v1/\(path)", key: server.key)
      }
    } + [
      Case(code: "invalid_idempotency_key", status: 400, words: ["1 to 255 visible ASCII"]) { [self] in
        try server.submit(form, [("Idempotency-Key", "a b")])
      },
      Case(code: "idempotency_mismatch", status: 422, words: ["other fields or files"]) { [self] in
        _ = try server.submit(form, [("Idempotency-Key", "k")])
        return try server.submit(form.field("total_files", "1"), [("Idempotency-Key", "k")])
      },
      Case(code: "invalid_fields", status: 422, words: ["conversion_type", "is required"]) {
        try server.submit(MultipartForm())
      },
      Case(code: "invalid_file", status: 422, words: ["x.png was declared as PNG but is"]) {
        try server.submit(.conversion().file("files[]", "x.png", Array("text".utf8)))
      },
      Case(code: "unsupported_conversion", status: 422, words: [#""to""#, "docx", "png, jpeg"]) {
        try server.submit(.conversion(to: "docx").file("files[]", "x.png", SamplePictures.photo))
      },
      Case(code: "malformed_json", status: 400, words: ["byte 1"]) {
        try server.client.send(
          "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")], body: Array("{".utf8))
      },
      Case(code: "file_not_found", status: 404, words: []) { try server.client.get("/files/x/a.jpg") },
    ]
  }

  private func storageCases(_ server: TestServer) -> [Case] {
    [
      Case(code: "download_password_required", status: 401, words: ["missing or wrong"]) { [self] in try lockedLink() },
      Case(code: "too_many_passwords", status: 429, words: ["again in"]) { [self] in try lockedLink(guesses: 10) },
      Case(code: "link_used_up", status: 410, words: ["10 times"]) { [self] in try usedLink(server) },
      Case(code: "link_expired", status: 410, words: ["ask for the job again"]) { [self] in
        let id = try server.submit(form).json["request_id"]?.string ?? ""
        let link = try server.ended(id).json["outputs"]?[0]?["download_url"]?.string
        _ = try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key)
        return try server.client.get(server.path(of: link))
      },
      Case(code: "storage_unavailable", status: 503, words: []) { [self] in
        try answer(SystemFailure("pwrite", "wonder.db", code: ENOSPC))
      },
      Case(code: "storage_full", status: 503, words: ["disk"]) { [self] in try answer(Refusal.storageFull) },
      Case(code: "too_many_files", status: 429, words: ["10 files a minute", "7 s"]) { [self] in
        try answer(Refusal.tooManyFiles(10, after: 7))
      },
      Case(code: "too_many_waiting", status: 429, words: ["10 jobs waiting"]) { [self] in
        try answer(Refusal.tooManyWaiting(10))
      },
      Case(code: "account_exists", status: 409, words: ["setup link"]) { [self] in
        try answer(Refusal.accountExists)
      },
      Case(code: "queue_full", status: 503, words: ["jobs wait"]) { [self] in try answer(Refusal.queueFull) },
      Case(code: "stopping", status: 503, words: []) { [self] in try answer(StoreFailure.closed) },
      Case(code: "internal_error", status: 500, words: ["request_id"]) { [self] in
        let broken = try TestServer()
        let job = try broken.ended(broken.submit(form).json["request_id"]?.string ?? "")
        for name in try FileTree.names(in: broken.dataPath + "/files") {
          try FileTree.empty(broken.dataPath + "/files/" + name)
        }
        return try broken.client.get(broken.path(of: job.json["outputs"]?[0]?["download_url"]?.string))
      },
    ]
  }

  private func httpCases(_ server: TestServer) -> [Case] {
    let jobs = "/api/v1/jobs"
    let type = ("Content-Type", form.contentType)
    return [
      Case(code: "malformed_request", status: 400, words: []) { [self] in try raw(server, "GET  / HTTP/1.1") },
      Case(code: "malformed_form", status: 400, words: []) {
        try server.client.send("POST", jobs, key: server.key, [type], body: Array("x".utf8))
      },
      Case(code: "disconnected", status: 400, words: []) { [self] in
        let socket = try server.client.connect()
        defer { close(socket) }
        let head =
          "POST \(jobs) HTTP/1.1\r\nHost: x\r\nX-API-Key: \(server.key)\r\nContent-Length: 9\r\n"
          + "Content-Type: \(form.contentType)\r\n\r\n--"
        try TestClient.write(Array(head.utf8), to: socket)
        shutdown(socket, Int32(SHUT_WR))
        return try TestClient.reply(from: TestClient.readAll(socket))
      },
      Case(code: "not_found", status: 404, words: []) { try server.client.get("/nothing") },
      Case(code: "token_required", status: 401, words: ["Authorization: Bearer TOKEN"]) { [self] in
        try answer(HTTPFailure.tokenNeeded)
      },
      Case(code: "method_not_allowed", status: 405, words: ["GET", "POST"]) {
        try server.client.send("PUT", jobs, body: [])
      },
      Case(code: "request_timeout", status: 408, words: []) { [self] in
        try answer(HTTPFailure(.requestTimeout, "request_timeout", "the head of the request did not arrive in time"))
      },
      Case(code: "length_required", status: 411, words: ["Content-Length"]) {
        try server.client.send("POST", jobs, key: server.key, [type])
      },
      Case(code: "content_too_large", status: 413, words: ["104857600 bytes"]) { [self] in
        try raw(
          server, "POST \(jobs) HTTP/1.1", "Content-Length: 104857601", "X-API-Key: \(server.key)",
          "Content-Type: \(form.contentType)")
      },
      Case(code: "uri_too_long", status: 414, words: ["bytes"]) { [self] in
        try raw(server, "GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1")
      },
      Case(code: "unsupported_media_type", status: 415, words: ["multipart/form-data", "application/json"]) {
        try server.client.send("POST", jobs, key: server.key, [("Content-Type", "text/plain")], body: [1])
      },
      Case(code: "expectation_failed", status: 417, words: ["100-continue"]) { [self] in
        try raw(server, "GET / HTTP/1.1", "Expect: tea")
      },
      Case(code: "fields_too_large", status: 431, words: []) { [self] in
        try raw(server, "GET / HTTP/1.1", "X: \(String(repeating: "a", count: 100_000))")
      },
      Case(code: "unknown_method", status: 501, words: []) { [self] in try raw(server, "BREW / HTTP/1.1") },
      Case(code: "unknown_transfer_coding", status: 400, words: ["chunked"]) { [self] in
        try raw(server, "POST / HTTP/1.1", "Transfer-Encoding: gzip, chunked")
      },
      Case(code: "version_not_supported", status: 505, words: ["HTTP/1.1"]) { [self] in
        try raw(server, "GET / HTTP/2.0")
      },
      Case(code: "too_many_requests", status: 429, words: ["0 event streams"]) { [self] in
        let server = try TestServer(settings: ["WONDER_HTTP_STREAMS_PER_KEY": "0"])
        let id = try server.submit(form).json["request_id"]?.string ?? ""
        return try withExtendedLifetime(server) { try server.client.get("\(jobs)/\(id)/events", key: server.key) }
      },
      Case(code: "unavailable", status: 503, words: []) { [self] in
        try answer(HTTPFailure.unavailable("all event streams are taken", retryAfterSeconds: 5))
      },
    ]
  }

  private func adminCases(_ server: TestServer) -> [Case] {
    [
      // The socket's file is closed to everybody else, so only a handed error shows the words.
      Case(code: "operators_only", status: 401, words: ["socket"]) { [self] in try answer(Refusal.operatorsOnly) },
      Case(code: "sign_in_required", status: 401, words: []) { try server.client.get("/admin/api/v1/workspaces") },
      Case(code: "no_rate_path", status: 422, words: []) { try self.answer(Refusal.noRatePath(from: "", to: "")) },
      Case(code: "unreadable_rates", status: 422, words: ["line 1", "Date", "base,quote,rate,date"]) {
        try server.admin("POST", "/rates", #"{"content":"eA=="}"#)
      },
      Case(code: "unreached_rates", status: 502, words: ["http://"]) {
        try server.admin("POST", "/rates", #"{"url":"ftp://a.example/x"}"#)
      },
      Case(code: "clock_unsteady", status: 503, words: ["clock", "was set"]) {
        let clock = FixedClock()
        let misled = try TestServer(clock: clock.clock)
        clock.set(by: .seconds(86_400))
        return try misled.admin("POST", "/prune")
      },
      Case(code: "storage_unreadable", status: 503, words: ["files/00"]) {
        let broken = try TestServer()
        XCTAssertEqual(rmdir(broken.dataPath + "/files/00"), 0)
        try FileBytes.write([], to: broken.dataPath + "/files/00")
        return try broken.admin("POST", "/prune")
      },
      Case(code: "backup_incomplete", status: 409, words: ["files that jobs name", "wonder admin check"]) { [self] in
        let broken = try TestServer()
        let job = try broken.ended(broken.submit(form).json["request_id"]?.string ?? "")
        XCTAssertEqual(job.json["job"]?["status"]?.string, "completed")
        let folders = try FileTree.names(in: broken.dataPath + "/files").map { broken.dataPath + "/files/" + $0 }
        try FileTree.empty(XCTUnwrap(folders.first { try !FileTree.names(in: $0).isEmpty }))
        return try broken.admin("POST", "/backups/files")
      },
      Case(code: "workspace_not_found", status: 404, words: []) { try server.admin("GET", "/workspaces/nobody") },
      Case(code: "key_not_found", status: 404, words: []) { try server.admin("DELETE", "/keys/99") },
      Case(code: "workspace_exists", status: 409, words: ["slug"]) {
        try server.admin("POST", "/workspaces", #"{"slug":"api-workspace"}"#)
      },
      Case(code: "endpoint_not_found", status: 404, words: []) { try server.admin("DELETE", "/endpoints/99") },
      Case(code: "delivery_not_found", status: 404, words: []) { try server.admin("GET", "/deliveries/99") },
      Case(code: "no_webhook", status: 409, words: ["webhook_url"]) { [self] in
        try server.admin("POST", "/jobs/\(completedJob(server))/replay")
      },
      Case(code: "no_receiver", status: 409, words: ["endpoint is off"]) {
        let hook = #"{"workspace":"api-workspace","url":"http://192.0.2.1/"}"#
        let id = try server.admin("POST", "/endpoints", hook).json["endpoint"]?["id"]?.integer ?? 0
        let sent = try server.admin("POST", "/endpoints/\(id)/test").json["delivery"]?["id"]?.integer ?? 0
        _ = try server.admin("POST", "/endpoints/\(id)/disable")
        return try server.admin("POST", "/deliveries/\(sent)/replay")
      },
      Case(code: "unknown_style", status: 409, words: ["old", "remove it"]) { [self] in
        let later = try self.server(
          """
          INSERT INTO endpoints (workspace_id, url, style, events, secret, state, created_at)
          VALUES (1, 'http://x.example/', 'old', 'job.completed', 's', 'enabled', 1)
          """)
        return try later.admin("POST", "/endpoints/1/test")
      },
      Case(code: "event_not_reached", status: 409, words: ["send again"]) { [self] in
        let told = form.field("webhook_url", "http://127.0.0.1/")
        let id = try server.submit(told).json["request_id"]?.string ?? ""
        _ = try server.ended(id)
        return try server.admin("POST", "/jobs/\(id)/replay", #"{"event":"conversion.job.failed"}"#)
      },
      Case(code: "job_not_retryable", status: 409, words: ["failed or canceled"]) { [self] in
        try server.admin("POST", "/jobs/\(completedJob(server))/retry")
      },
      // The house's own jobs are started as they come.
      Case(code: "job_not_completed", status: 409, words: ["no outputs yet"]) { [self] in
        try answer(Refusal.jobHasNotCompleted)
      },
      Case(code: "job_has_started", status: 409, words: ["started"]) { [self] in try answer(Refusal.jobHasStarted) },
      Case(code: "job_has_ended", status: 409, words: ["ended"]) { [self] in
        try server.admin("POST", "/jobs/\(completedJob(server))/cancel")
      },
    ]
  }

  private func peopleCases(_ server: TestServer) throws -> [Case] {
    let member = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let operator_ = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    let full = try self.server("UPDATE plans SET max_stored = 1000 WHERE name = 'pro'")
    let pageKey = try server.admin(
      "POST", "/keys", #"{"workspace":"api-workspace","kind":"public","origins":["https://a.example"]}"#
    ).json["key"]?["key"]?.string
    let admin = "/admin/api/v1"
    func post(_ path: String, _ body: String, _ headers: [(String, String)] = []) throws -> TestReply {
      try server.client.send("POST", path, headers, body: Array(body.utf8))
    }
    let application = #"{"email":"jo@example.com","company":"c","use_case":"u","expected_volume":"v"}"#
    return [
      Case(code: "origin_not_allowed", status: 403, words: ["origins"]) {
        try server.client.get("/api/v1/usage", key: pageKey)
      },
      Case(code: "secret_key_required", status: 403, words: ["sync=true"]) { [self] in
        try server.client.send(
          "POST", "/api/v1/jobs", key: pageKey, [("Content-Type", form.contentType), ("Origin", "https://a.example")],
          body: form.body)
      },
      Case(code: "storage_quota_exceeded", status: 429, words: ["1000 bytes", "plan pro"]) { [self] in
        try full.submit(form)
      },
      Case(code: "wrong_password", status: 401, words: []) {
        try post(admin + "/session", #"{"email":"m@example.com","password":"wrong"}"#)
      },
      Case(code: "too_many_sign_ins", status: 429, words: ["again in"]) {
        for _ in 0..<6 { _ = try post(admin + "/session", #"{"email":"x@example.com","password":"wrong"}"#) }
        return try post(admin + "/session", #"{"email":"x@example.com","password":"wrong"}"#)
      },
      Case(code: "not_allowed", status: 403, words: ["administrator"]) {
        try server.client.get(admin + "/users", member.headers)
      },
      Case(code: "form_token_missing", status: 403, words: ["X-CSRF-Token"]) {
        try post(admin + "/workspaces", "{}", [("Cookie", operator_.cookie)])
      },
      Case(code: "link_not_valid", status: 404, words: ["used"]) {
        try post(admin + "/password", #"{"token":"x","password":"long enough"}"#)
      },
      Case(code: "setup_done", status: 409, words: ["administrator"]) { try server.admin("POST", "/setup-link") },
      Case(code: "user_not_found", status: 404, words: []) { try server.admin("DELETE", "/users/x@example.com") },
      Case(code: "access_request_not_found", status: 404, words: []) {
        try server.admin("POST", "/requests/x@example.com/approve")
      },
      Case(code: "access_request_decided", status: 409, words: ["rejected already"]) {
        _ = try post("/api/v1/access-requests", application)
        _ = try server.admin("POST", "/requests/jo@example.com/reject", #"{"reason":"no"}"#)
        return try server.admin("POST", "/requests/jo@example.com/approve")
      },
      Case(code: "mail_not_set_up", status: 409, words: ["WONDER_SMTP_URL"]) {
        try server.admin("POST", "/requests/jo@example.com/approve", #"{"notify":true}"#)
      },
      Case(code: "too_many_access_requests", status: 429, words: []) {
        for _ in 0..<5 { _ = try post("/api/v1/access-requests", application) }
        return try post("/api/v1/access-requests", application)
      },
    ]
  }

  private func completedJob(_ server: TestServer) throws -> String {
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
    return id
  }
}
