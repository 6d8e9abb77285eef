import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// Every route of the tables with every kind of visitor; a new route is tried without anybody adding it here.
final class AuthorisationTests: XCTestCase {
  /// What a refusal may be: a status and the code in its body.
  private struct Answer: Equatable, CustomStringConvertible {
    let status: Int
    let code: String
    var description: String { "\(status) \(code)" }
  }

  /// The word of a refusal; in a dialect whose `code` is a number it stands in `error`.
  private func word(_ reply: TestReply) -> String {
    reply.json["code"]?.string ?? reply.json["error"]?.string ?? ""
  }

  private func isAllowed(_ reply: TestReply) -> Bool {
    let code = word(reply)
    return ![401, 403].contains(reply.status)
      || ["wrong_password", "secret_key_required", "not_available"].contains(code)
  }

  private func answer(_ reply: TestReply) -> Answer {
    Answer(status: reply.status, code: word(reply))
  }

  private let form = MultipartForm.conversion().field("sync", "true")
    .file("files[]", "photo.png", SamplePictures.photo)

  private func path(_ pattern: String, _ names: [String: String]) -> String {
    names.reduce(pattern) { $0.replacing("{\($1.key)}", with: $1.value) }
  }

  /// Deletions come last, and of those the end of the session.
  private func ordered(_ rows: [(method: String, path: String, need: String)]) -> [(
    method: String, path: String, need: String
  )] {
    func rank(_ row: (method: String, path: String, need: String)) -> Int {
      row.method != "DELETE" ? 0 : row.path.hasSuffix("/session") ? 3 : row.path.hasSuffix("/workspaces/{slug}") ? 2 : 1
    }
    return rows.sorted { rank($0) < rank($1) }
  }

  private func send(
    _ server: TestServer, _ row: (method: String, path: String, need: String), key: String?, _ id: String,
    _ headers: [(String, String)] = []
  )
    throws -> TestReply
  {
    let path = path(row.path, ["request": id, "token": "x", "name": "x"])
    let isForm = row.path == "/api/v1/jobs" && row.method == "POST"
    let body: [UInt8]? = row.method == "POST" ? (isForm ? form.body : Array("{}".utf8)) : nil
    return try server.client.send(
      row.method, path, key: key, headers + (isForm ? [("Content-Type", form.contentType)] : []), body: body)
  }

  private func makeJob(_ server: TestServer) throws -> String {
    let id =
      try server.submit(MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo))
      .json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    return id
  }

  func testRoutesOfTheDialects_WithEveryStateOfAKey() throws {
    let states: [(name: String, change: StaticString, refused: Answer)] = [
      ("revoked", "UPDATE keys SET revoked_at = 1", Answer(status: 401, code: "revoked_key")),
      ("expired", "UPDATE keys SET expires_at = 1", Answer(status: 401, code: "revoked_key")),
      ("suspended", "UPDATE workspaces SET state = 'suspended'", Answer(status: 403, code: "workspace_not_approved")),
      ("pending", "UPDATE workspaces SET state = 'pending'", Answer(status: 403, code: "workspace_not_approved")),
      ("over plan", "UPDATE workspaces SET plan = 'free'", Answer(status: 403, code: "plan_required")),
      ("public elsewhere", "UPDATE keys SET kind = 'public'", Answer(status: 403, code: "origin_not_allowed")),
    ]
    let good = try TestServer()
    let id = try makeJob(good)
    let rows = good.serve.needs.filter { ["read", "submit", "anyone"].contains($0.need) }
    XCTAssertGreaterThan(rows.count, 8)
    for row in ordered(rows) where row.need != "anyone" {
      let place = "\(row.method) \(row.path)"
      XCTAssertEqual(answer(try send(good, row, key: nil, id)), Answer(status: 401, code: "missing_key"), place)
      XCTAssertEqual(answer(try send(good, row, key: "wc_x", id)), Answer(status: 401, code: "invalid_key"), place)
      XCTAssertTrue(isAllowed(try send(good, row, key: good.key, id)), place)
    }
    for row in rows where row.need == "anyone" {
      XCTAssertTrue(isAllowed(try send(good, row, key: nil, "x")), row.path)
    }
    for (name, change, refused) in states {
      let server = try TestServer(prepare: { try $0.run(change) })
      // Enconvert's and Convertly's rows are there on every plan, and what a plan lacks depends on the request.
      func isOnEveryPlan(_ path: String) -> Bool {
        path.hasPrefix("/v1/") || path.hasPrefix("/api/") && !path.hasPrefix("/api/v1/")
      }
      for row in rows where row.need != "anyone" && !(name == "over plan" && isOnEveryPlan(row.path)) {
        let reply = try send(server, row, key: server.key, "req_0000000000000")
        XCTAssertEqual(answer(reply), refused, "\(name): \(row.method) \(row.path)")
      }
    }
    for (change, need) in [("UPDATE keys SET may_read = 0", "read"), ("UPDATE keys SET may_submit = 0", "submit")]
      as [(StaticString, String)]
    {
      let server = try TestServer(prepare: { try $0.run(change) })
      for row in rows where row.need != "anyone" {
        let reply = try send(server, row, key: server.key, "req_0000000000000")
        XCTAssertEqual(word(reply) == "scope_missing", row.need == need, "\(row.method) \(row.path)")
      }
    }
  }

  func testRoutesOfTheDialects_WithoutAKey_AreOpenInTheRowsForVisitorsAlone() throws {
    let server = try TestServer(settings: ["WONDER_ANONYMOUS": "koalapic"])
    let id = try makeJob(server)
    let rows = server.serve.needs.filter { !$0.path.hasPrefix("/admin/") && $0.need != "anyone" }
    XCTAssertEqual(rows.count { $0.need == "visitor or submit" }, 3)
    XCTAssertEqual(rows.count { $0.need == "visitor or read" }, 5)
    for row in ordered(rows) {
      let place = "\(row.method) \(row.path) needs \(row.need)"
      // Where two dialects share a path, the request's own name is the house's.
      let name = row.need.hasPrefix("visitor") ? "cnv_x" : id
      let visit = try send(
        server, (row.method, row.path.replacing("{id}", with: name), row.need), key: nil, id)
      if row.need.hasPrefix("visitor or ") {
        XCTAssertTrue(isAllowed(visit), "\(place): \(visit.text)")
      } else {
        XCTAssertEqual(answer(visit), Answer(status: 401, code: "missing_key"), place)
      }
      XCTAssertEqual(answer(try send(server, row, key: "wc_x", id)), Answer(status: 401, code: "invalid_key"), place)
    }
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 200, "nothing was deleted")
  }

  /// The rows that a public key may call; whoever adds one says here that it is meant.
  private static let openToPublicKeys: Set<String> = [
    "POST /api/v1/jobs", "POST /v1/convert/{conversion}", "POST /v1/auth/token",
  ]

  /// Anybody can read a public key in a page and forge its Origin, so each row refuses it that does not say otherwise.
  func testRoutesOfTheDialects_RefuseAPublicKeyOfAnAllowedPage() throws {
    let server = try TestServer()
    let id = try makeJob(server)
    let made = try server.admin(
      "POST", "/keys", #"{"workspace":"api-workspace","kind":"public","origins":["https://app.example.com"]}"#)
    let key = made.json["key"]?["key"]?.string
    let page = [("Origin", "https://app.example.com")]
    let rows = server.serve.needs.filter { ["read", "submit"].contains($0.need) }
    XCTAssertGreaterThan(rows.count, 8)
    for row in ordered(rows) {
      let place = "\(row.method) \(row.path)"
      let reply = try send(server, row, key: key, id, page)
      let refused = answer(reply) == Answer(status: 403, code: "secret_key_required")
      XCTAssertEqual(!refused, Self.openToPublicKeys.contains(place), "\(place): \(reply.text)")
      if refused { XCTAssertTrue(reply.text.contains("use a secret key"), reply.text) }
    }
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 200, "nothing was deleted")
  }

  func testRoutesWithAJob_OfAnotherWorkspace_AnswerAsIfThereWereNone() throws {
    let server = try TestServer()
    let id = try makeJob(server)
    _ = try server.admin("POST", "/workspaces", #"{"slug":"stranger","plan":"enterprise"}"#)
    let key = try server.admin("POST", "/keys", #"{"workspace":"stranger"}"#).json["key"]?["key"]?.string
    let rows = server.serve.needs.filter { $0.path.contains("{request}") && ["read", "submit"].contains($0.need) }
    XCTAssertGreaterThanOrEqual(rows.count, 3)
    for row in rows {
      let foreign = try send(server, row, key: key, id)
      let unknown = try send(server, row, key: key, "req_" + id.dropFirst(4).reversed())
      XCTAssertEqual(foreign.status, 404, row.path)
      func withoutID(_ reply: TestReply) -> String { reply.text.replacing(/"request_id":"\w+"/, with: "") }
      XCTAssertEqual(withoutID(foreign), withoutID(unknown), row.path)
    }
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 200)
  }

  /// Whether a visitor may use a route: yes, no because nobody is signed in, no, or as if there were nothing.
  private enum Verdict { case yes, signIn, no, unknown }

  private func expected(_ need: String, _ visitor: String) -> Verdict {
    switch (need, visitor) {
    case ("nobody", _): .yes
    case (_, "socket"), (_, "operator"): .yes
    case (_, "stranger"), (_, "forged cookie"): .signIn
    case ("member", _): .yes
    case ("workspaceMember", "member"), ("workspaceMember", "workspace admin"): .yes
    case ("workspaceAdmin", "workspace admin"): .yes
    case ("workspaceAdmin", "member"): .no
    case ("workspaceMember", "member elsewhere"), ("workspaceAdmin", "member elsewhere"): .unknown
    default: .no
    }
  }

  /// Lists that show what a visitor may see, or a workspace that is named.
  private let lists = ["v1/jobs", "v1/batches", "/keys", "/endpoints", "v1/deliveries", "/presets", "/storages"]

  private static let hook = #"{"workspace":"api-workspace","url":"http://192.0.2.1/","style":"wonder"}"#
  /// What is sent to routes that say in their body which workspace they are about.
  private static let bodies: [(path: String, body: String)] = [
    ("/keys", #"{"workspace":"api-workspace"}"#), ("/endpoints", hook),
    ("/presets", #"{"workspace":"api-workspace","name":"web","to":"jpg"}"#),
  ]

  /// A new endpoint, or a delivery to one.
  private func hooked(_ server: TestServer, _ path: String) throws -> Int64 {
    let endpoint = try server.admin("POST", "/endpoints", Self.hook).json["endpoint"]?["id"]?.integer ?? 0
    if path.contains("/endpoints/") { return endpoint }
    return try server.admin("POST", "/endpoints/\(endpoint)/test").json["delivery"]?["id"]?.integer ?? 0
  }

  private func visit(_ visitor: String, _ headers: (TestServer) throws -> [(String, String)]?) throws {
    let server = try TestServer()
    _ = try server.admin("POST", "/workspaces", #"{"slug":"elsewhere"}"#)
    let headers = try headers(server)
    let job = try makeJob(server)
    let batch = MultipartForm().field("to", "jpg").file("files[]", "p.png", SamplePictures.photo)
    let batchID = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", batch.contentType)], body: batch.body
    ).json["batch_id"]?.string
    let rows = server.serve.needs.filter { $0.path.hasPrefix("/admin/") }
    XCTAssertGreaterThan(rows.count, 30)
    for row in ordered(rows) {
      let key = try server.admin("POST", "/keys", #"{"workspace":"api-workspace"}"#).json["key"]?["id"]?.integer ?? 0
      let id =
        try row.path.contains("/endpoints/{") || row.path.contains("/deliveries/{") ? hooked(server, row.path) : key
      let isJob = row.path.contains("/jobs/")
      let names = [
        "slug": "api-workspace", "plan": "pro", "email": "nobody@example.com", "id": String(id),
        "position": "0", "name": "web", "batch": batchID ?? "",
        "request": isJob ? job : "acc_0000000000000",
      ]
      let path = path(row.path, names)
      let body = Self.bodies.first { row.path.hasSuffix($0.path) }?.body ?? "{}"
      let query =
        row.method == "GET" && lists.contains { row.path.hasSuffix($0) } ? "?workspace=api-workspace" : ""
      let reply: TestReply
      if let headers {
        reply = try server.client.send(
          row.method, path + query, headers, body: row.method == "GET" ? nil : Array(body.utf8))
      } else {
        reply = try server.admin(
          row.method, path.replacing("/admin/api/v1", with: "") + query, row.method == "GET" ? "" : body)
      }
      let place = "\(visitor): \(row.method) \(row.path) needs \(row.need): \(reply.status) \(reply.text)"
      switch expected(row.need, visitor) {
      case .yes: XCTAssertTrue(isAllowed(reply), place)
      case .signIn: XCTAssertEqual(answer(reply), Answer(status: 401, code: "sign_in_required"), place)
      case .no: XCTAssertEqual(answer(reply), Answer(status: 403, code: "not_allowed"), place)
      case .unknown: XCTAssertEqual(reply.status, 404, place)
      }
    }
  }

  func testAdminRoutes_ForTheSocket() throws { try visit("socket") { _ in nil } }

  func testAdminRoutes_ForAStranger() throws { try visit("stranger") { _ in [] } }

  func testAdminRoutes_WithAForgedCookie() throws {
    try visit("forged cookie") { _ in [("Cookie", "wonder_session=abc"), ("X-CSRF-Token", "abc")] }
  }

  func testAdminRoutes_ForAnOperator() throws {
    try visit("operator") { try $0.signIn("ops@example.com", workspace: nil, role: "admin").headers }
  }

  func testAdminRoutes_ForAWorkspacesAdmin() throws {
    try visit("workspace admin") { try $0.signIn("a@example.com", workspace: "api-workspace", role: "admin").headers }
  }

  func testAdminRoutes_ForAMember() throws {
    try visit("member") { try $0.signIn("m@example.com", workspace: "api-workspace", role: "member").headers }
  }

  func testAdminRoutes_ForAMemberOfAnotherWorkspace() throws {
    try visit("member elsewhere") { try $0.signIn("x@example.com", workspace: "elsewhere", role: "admin").headers }
  }

  /// Without the token of a page of ours, or from another site's page, nothing is changed.
  func testAdminRoutes_ThatChangeSomething_RefuseForgedForms() throws {
    let server = try TestServer()
    let session = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    let cookie = ("Cookie", session.cookie)
    let forgeries: [[(String, String)]] = [
      [cookie], [cookie, ("X-CSRF-Token", "x")], session.headers + [("Origin", "https://evil.example")],
      session.headers + [("Origin", "null")], session.headers + [("Sec-Fetch-Site", "cross-site")],
      session.headers + [("Sec-Fetch-Site", "same-site")],
    ]
    for row in server.serve.needs where row.path.hasPrefix("/admin/") && row.method != "GET" && row.need != "nobody" {
      for headers in forgeries {
        let reply = try server.client.send(row.method, path(row.path, ["slug": "api-workspace"]), headers, body: [])
        XCTAssertEqual(answer(reply), Answer(status: 403, code: "form_token_missing"), "\(row.path) \(headers)")
      }
    }
    let origin = "http://127.0.0.1:\(server.client.port)"
    let own = session.headers + [("Origin", origin), ("Sec-Fetch-Site", "same-origin")]
    XCTAssertEqual(try server.client.send("DELETE", "/admin/api/v1/session", own).status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", [cookie]).status, 401)
  }
}
