import Basics
import TestSupport
import XCTest

/// Public keys and their pages, keys with few rights, and what plans limit.
final class WonderKeysTests: XCTestCase {
  private let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)
  private let page = ("Origin", "https://app.example.com")

  private func issue(_ server: TestServer, _ members: String) throws -> String {
    let reply = try server.admin("POST", "/keys", #"{"workspace":"api-workspace",\#(members)}"#)
    XCTAssertEqual(reply.status, 201, reply.text)
    return reply.json["key"]?["key"]?.string ?? ""
  }

  private func submit(_ server: TestServer, _ key: String, _ form: MultipartForm, _ headers: [(String, String)] = [])
    throws -> TestReply
  {
    try server.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)] + headers, body: form.body)
  }

  func testPublicKey_WorksForItsPagesAndAtOnceOnly() throws {
    let server = try TestServer()
    let key = try issue(server, #""kind":"public","origins":["https://app.example.com"]"#)
    XCTAssertTrue(key.hasPrefix("pk_"))
    let sync = form.field("sync", "true")
    let good = try submit(server, key, sync, [page])
    XCTAssertEqual(good.status, 200, good.text)
    XCTAssertEqual(good.header("Access-Control-Allow-Origin"), "https://app.example.com")
    XCTAssertEqual(good.header("Vary"), "Origin")
    XCTAssertTrue(good.header("Access-Control-Expose-Headers")?.contains("RateLimit-Remaining") ?? false)
    XCTAssertEqual(try submit(server, key, form, [page]).json["code"]?.string, "secret_key_required")
    for headers in [[], [("Origin", "https://evil.example")], [("Origin", "null")]] as [[(String, String)]] {
      let refused = try submit(server, key, sync, headers)
      XCTAssertEqual(refused.json["code"]?.string, "origin_not_allowed")
      XCTAssertNil(refused.header("Access-Control-Allow-Origin"))
    }
    let unknown = try server.client.get("/api/v1/jobs/req_x", key: key, [page])
    XCTAssertEqual(unknown.json["code"]?.string, "secret_key_required")
    XCTAssertEqual(unknown.header("Access-Control-Allow-Origin"), "https://app.example.com")
    let secret = try server.client.get("/api/v1/usage", key: server.key, [page])
    XCTAssertEqual(secret.status, 200)
    XCTAssertNil(secret.header("Access-Control-Allow-Origin"), "a secret key belongs in no page")
  }

  func testPreflight_AllowsWhatSomePublicKeyAllows() throws {
    let server = try TestServer()
    func ask(_ origin: String) throws -> TestReply {
      try server.client.send(
        "OPTIONS", "/api/v1/jobs", [("Origin", origin), ("Access-Control-Request-Method", "POST")])
    }
    XCTAssertNil(try ask("https://app.example.com").header("Access-Control-Allow-Origin"))
    _ = try issue(server, #""kind":"public","origins":["https://app.example.com"]"#)
    let reply = try ask("https://app.example.com")
    XCTAssertEqual(reply.status, 204)
    XCTAssertEqual(reply.header("Access-Control-Allow-Origin"), "https://app.example.com")
    XCTAssertEqual(reply.header("Access-Control-Allow-Methods"), "POST")
    XCTAssertTrue(reply.header("Access-Control-Allow-Headers")?.contains("X-API-Key") ?? false)
    XCTAssertNil(try ask("https://evil.example").header("Access-Control-Allow-Origin"))
  }

  func testKey_WithOneScopeOrATime_DoesNoMore() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let reader = try issue(server, #""scopes":["read"],"expires":"2h","name":"reader""#)
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: reader).status, 200)
    XCTAssertEqual(try submit(server, reader, form).json["code"]?.string, "scope_missing")
    clock.advance(by: .seconds(7201))
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: reader).json["code"]?.string, "revoked_key")
  }

  func testKey_ThatMakesNoSense_IsRefusedByField() throws {
    let server = try TestServer()
    for (members, field, word) in [
      (#""kind":"public""#, "origins", "at least one"), (#""kind":"odd""#, "kind", "secret, public"),
      (#""origins":["https://a.example"]"#, "origins", "secret key"), (#""prefix":"x_""#, "prefix", "wc_, kp_"),
      (#""kind":"public","origins":["app.example.com"]"#, "origins", "no origin"),
      (#""kind":"public","origins":["https://a.example/path"]"#, "origins", "no origin"),
      (#""scopes":["write"]"#, "scopes", "read, submit"),
      (#""kind":"public","origins":["https://a.example"],"scopes":["read"]"#, "scopes", "only submit"),
      (#""expires":"soon""#, "expires", "90d"), (#""expires":"9223372036854775807ms""#, "expires", "36500d"),
      (#""expires":"106751991167d""#, "expires", "36500d"),
    ] {
      let reply = try server.admin("POST", "/keys", #"{"workspace":"api-workspace",\#(members)}"#)
      XCTAssertEqual(reply.status, 422, members)
      XCTAssertTrue(reply.json["errors"]?[field]?[0]?.string?.contains(word) ?? false, reply.text)
    }
  }

  func testPlan_LimitsUploadsAndStoredBytes() throws {
    let server = try TestServer(plan: "pro")
    let size = SamplePictures.photo.count
    let changed = try server.admin("PATCH", "/plans/pro", #"{"max_upload":"64KB"}"#)
    XCTAssertEqual(changed.json["plan"]?["max_upload"]?.integer, 65_536)
    XCTAssertEqual(try server.submit(form).status, 413)
    XCTAssertEqual(
      try server.admin("PATCH", "/plans/pro", #"{"max_upload":"none","max_stored":\#(size + 9000)}"#).status, 200)
    XCTAssertEqual(try server.submit(form.field("sync", "true")).status, 200)
    for most in ["9223372036854775807", "1048577TB"] {
      XCTAssertEqual(try server.admin("PATCH", "/plans/pro", #"{"max_stored":"\#(most)"}"#).status, 422, most)
    }
    let full = try server.submit(form)
    XCTAssertEqual(full.status, 429)
    XCTAssertEqual(full.json["code"]?.string, "storage_quota_exceeded")
    XCTAssertTrue(full.text.contains("\(size + 9000) bytes"), full.text)
    XCTAssertEqual(try server.files().count, 2, "nothing stays of what was refused")
    let usage = try server.client.get("/api/v1/usage", key: server.key)
    XCTAssertEqual(usage.json["limits"]?["stored_bytes"]?.integer, Int64(size + 9000))
    XCTAssertEqual(usage.json["left"]?["jobs_per_month"]?.integer, 49_999)
  }

  func testPlan_ChangesAreCheckedByName() throws {
    let server = try TestServer()
    for (body, field, word) in [
      (#"{"sparkle":1}"#, "sparkle", "reads_per_minute"),
      (#"{"jobs_per_month":"-1"}"#, "jobs_per_month", "from 1, or none"),
      (#"{"allows_mail":"maybe"}"#, "allows_mail", "true or false"), (#"{"max_upload":"big"}"#, "max_upload", "100MB"),
      ("{}", "limits", "at least one"),
    ] {
      let reply = try server.admin("PATCH", "/plans/pro", body)
      XCTAssertEqual(reply.status, 422, body)
      XCTAssertTrue(reply.json["errors"]?[field]?[0]?.string?.contains(word) ?? false, reply.text)
    }
    XCTAssertTrue(
      try server.admin("PATCH", "/plans/gold", #"{"allows_mail":true}"#).text.contains("free, starter, pro"))
  }

  func testUsage_ByMonthAndAsATable() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    XCTAssertEqual(try server.submit(form.field("sync", "true")).status, 200)
    clock.advance(by: .seconds(40 * 86_400))
    XCTAssertEqual(try server.submit(form.field("sync", "true")).status, 200)
    XCTAssertEqual(try server.submit(form.field("sync", "true")).status, 200)
    func usage(_ query: String) throws -> TestReply { try server.client.get("/api/v1/usage" + query, key: server.key) }
    XCTAssertNil(try usage("").json["months"])
    let months = try usage("?from=2026-03&to=2026-04").json["months"]?.array ?? []
    XCTAssertEqual(months.map { $0["period"]?.string }, ["2026-03", "2026-04"])
    XCTAssertEqual(months.map { $0["api"]?["jobs"]?.integer }, [1, 2])
    XCTAssertEqual(try usage("?from=2026-04").json["months"]?.array?.count, 1)
    let table = try usage("?format=csv")
    XCTAssertEqual(table.header("Content-Type"), "text/csv; charset=utf-8")
    XCTAssertEqual(
      table.text.split(separator: "\r\n").map { $0.prefix(10) }, ["period,job", "2026-03,1,", "2026-04,2,"])
    for (query, field) in [
      ("?from=march", "from"), ("?to=2026-13", "to"), ("?from=2026-05&to=2026-01", "to"), ("?format=xml", "format"),
    ] {
      XCTAssertEqual(try usage(query).json["errors"]?.members?.map(\.name), [field], query)
    }
  }
}
