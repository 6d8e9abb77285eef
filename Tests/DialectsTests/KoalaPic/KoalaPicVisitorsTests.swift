import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// KoalaPic's API without a key: only where the operator says so, counted by address.
final class KoalaPicVisitorsTests: XCTestCase {
  private static let open = ["WONDER_ANONYMOUS": "koalapic", "WONDER_TRUSTED_PROXIES": "127.0.0.1"]
  private let picture = MultipartForm().file("file", "photo.png", SamplePictures.photo)

  private func convert(
    _ client: TestClient, _ form: MultipartForm, from address: String = "203.0.113.7",
    _ fields: [(String, String)] = [],
    at path: String = "/api/v1/convert"
  ) throws -> TestReply {
    try client.send(
      "POST", path, [("X-Forwarded-For", address), ("Content-Type", form.contentType)] + fields, body: form.body)
  }

  /// A submission that counts and makes no job.
  private func spend(_ client: TestClient, from address: String) throws -> TestReply {
    try client.send(
      "POST", "/api/v1/convert", [("X-Forwarded-For", address), ("Content-Type", "text/plain")], body: [0x61])
  }

  /// The state at the end, which the stream waits for: whoever asks again and again has used up the reads of a minute.
  private func ended(_ server: TestServer, _ id: String, from address: String = "203.0.113.7") throws -> TestReply {
    let path = "/api/v1/convert/\(id)"
    let stream = try server.client.get(path + "/stream", [("X-Forwarded-For", address)])
    XCTAssertTrue(stream.text.contains("event: complete\n"), stream.text)
    return try server.client.get(path, [("X-Forwarded-For", address)])
  }

  func testUnlessTheOperatorSaysSo_NobodyGetsInWithoutAKey() throws {
    let server = try TestServer()
    XCTAssertEqual(try convert(server.client, picture).status, 401)
    XCTAssertEqual(try server.client.get("/api/v1/convert/cnv_nothing").status, 401)
    let list = try server.admin("GET", "/workspaces")
    XCTAssertFalse(list.text.contains("\"visitors\""), list.text)
  }

  func testVisitor_ConvertsAndFetches_AndSoDoesWhoeverKnowsTheID() throws {
    let server = try TestServer(settings: Self.open)
    let taken = try convert(server.client, picture.field("output_format", "bmp"))
    XCTAssertEqual(taken.status, 202, taken.text)
    let id = taken.json["id"]?.string ?? ""
    let done = try ended(server, id, from: "198.51.100.1")
    XCTAssertEqual(done.json["filename"]?.string, "photo.bmp", done.text)
    XCTAssertEqual(try server.client.get(server.path(of: done.json["download_url"]?.string)).status, 200)
    XCTAssertEqual(try server.client.get("/api/v1/convert/cnv_34kcgtbjsz3n7").status, 404)
    // The job is nobody's but the visitors', in whose figures it counts as one that came by API.
    XCTAssertEqual(try server.client.get("/api/v1/convert/\(id)", key: server.key).status, 404)
    let figures = try server.admin("GET", "/workspaces/visitors/figures")
    XCTAssertEqual(figures.json["figures"]?["by_key"]?["jobs"]?.integer, 1, figures.text)
  }

  func testBatchOfAVisitor_IsConvertedAndPacked() throws {
    let server = try TestServer(settings: Self.open)
    let form = ["a.png", "b.png"].reduce(MultipartForm().field("output_format", "bmp")) {
      $0.file("files", $1, SamplePictures.photo)
    }
    let taken = try convert(server.client, form, at: "/api/v1/convert/batch")
    XCTAssertEqual(taken.status, 202, taken.text)
    let done = try ended(server, taken.json["job_id"]?.string ?? "")
    XCTAssertEqual(done.json["completed_files"]?.integer, 2, done.text)
    XCTAssertEqual(try server.client.get(server.path(of: done.json["zip_url"]?.string)).status, 200)
  }

  func testVisitor_ReachesNoOtherDialectAndNoList() throws {
    let server = try TestServer(settings: Self.open)
    let house = try server.submit(MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo))
    let request = house.json["request_id"]?.string ?? ""
    for path in ["/api/v1/jobs", "/api/v1/jobs/\(request)", "/api/v1/jobs/\(request)/events", "/api/v1/usage"] {
      XCTAssertEqual(try server.client.get(path).status, 401, path)
    }
    XCTAssertEqual(try server.client.get("/api/v1/convert/cnv_\(request.dropFirst(4))").status, 404)
    XCTAssertEqual(try server.client.send("DELETE", "/api/v1/jobs/\(request)").status, 401)
    let form = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)
    XCTAssertEqual(
      try server.client.send("POST", "/api/v1/jobs", [("Content-Type", form.contentType)], body: form.body).status, 401)
  }

  func testWhoeverShowsAKeyOrTriesTo_IsNoVisitor() throws {
    let server = try TestServer(settings: Self.open)
    for fields in [
      [("X-API-Key", "kp_wrong")], [("X-API-Key", "")], [("Authorization", "Bearer kp_wrong")],
      [("Authorization", "Bearer")], [("Authorization", "Basic YTpi")],
    ] {
      let reply = try convert(server.client, picture, fields)
      XCTAssertEqual(reply.status, 401, "\(fields): \(reply.text)")
      XCTAssertNil(reply.header("X-RateLimit-Limit"))
    }
    for query in ["?api_key=kp_wrong", "?api_key="] {
      XCTAssertEqual(try convert(server.client, picture, at: "/api/v1/convert\(query)").status, 401, query)
    }
    let holder = try convert(server.client, picture, [("X-API-Key", server.key)])
    XCTAssertEqual(holder.status, 202, holder.text)
    XCTAssertNil(holder.header("X-RateLimit-Limit"), "a key's plan counts, not its address")
  }

  func testWebhookOfAVisitor_IsRefusedWithWhatIsMissing() throws {
    let server = try TestServer(settings: Self.open)
    let form = picture.field("webhook_url", "https://hooks.example.com/a")
    let reply = try convert(server.client, form)
    XCTAssertEqual(reply.status, 401, reply.text)
    XCTAssertEqual(reply.json["code"]?.string, "missing_key")
    XCTAssertTrue(reply.json["error"]?.string?.contains("webhook_url needs an API key") ?? false, reply.text)
    XCTAssertEqual(reply.header("X-RateLimit-Remaining-Minute"), "9")
    XCTAssertEqual(try server.files(), [])
    let json = try server.client.send(
      "POST", "/api/v1/convert/url", [("Content-Type", "application/json")],
      body: Array(#"{"url":"https://example.com/a.png","webhook_url":"https://hooks.example.com/a"}"#.utf8))
    XCTAssertEqual(json.status, 401, json.text)
    XCTAssertEqual(try convert(server.client, form, [("X-API-Key", server.key)]).status, 202)
  }

  func testTenAMinute_AreCountedByAddress_AndByTheSixtyFourBitsOfAnIPv6One() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: Self.open, clock: clock.counting)
    let first = try convert(server.client, picture)
    XCTAssertEqual(first.status, 202, first.text)
    for (field, value) in [
      ("Limit", "10"), ("Remaining", "9"), ("Limit-Minute", "10"), ("Remaining-Minute", "9"), ("Limit-Day", "50"),
      ("Remaining-Day", "49"),
    ] { XCTAssertEqual(first.header("X-RateLimit-\(field)"), value, field) }
    XCTAssertGreaterThan(Int64(first.header("X-RateLimit-Reset") ?? "") ?? 0, clock.now.seconds)
    for _ in 0..<9 { XCTAssertEqual(try spend(server.client, from: "203.0.113.7").status, 415) }
    let over = try spend(server.client, from: "203.0.113.7")
    XCTAssertEqual(over.status, 429, over.text)
    XCTAssertEqual(over.json["code"]?.string, "rate_limited")
    XCTAssertTrue(
      over.json["error"]?.string?.contains("Without a key an address may make 10 writes a minute") ?? false, over.text)
    XCTAssertTrue((1...6).contains(over.json["retry_after"]?.integer ?? 0), over.text)
    XCTAssertEqual(over.header("Retry-After"), over.json["retry_after"]?.integer.map(String.init))
    XCTAssertEqual(over.header("X-RateLimit-Remaining"), "0")
    XCTAssertEqual(over.header("X-RateLimit-Remaining-Day"), "40")
    XCTAssertEqual(try spend(server.client, from: "203.0.113.8").status, 415, "another address is another visitor")
    for end in 1...10 { XCTAssertEqual(try spend(server.client, from: "2001:db8:1:2::\(end)").status, 415) }
    XCTAssertEqual(try spend(server.client, from: "2001:db8:1:2:ffff::1").status, 429)
    XCTAssertEqual(try spend(server.client, from: "2001:db8:1:3::1").status, 415)
    XCTAssertEqual(try convert(server.client, picture, [("X-API-Key", server.key)]).status, 202)
    clock.advance(by: .seconds(60))
    XCTAssertEqual(try spend(server.client, from: "203.0.113.7").status, 415)
  }

  func testFieldsOfWhoIsNoProxy_ChangeNoAddress() throws {
    let server = try TestServer(settings: ["WONDER_ANONYMOUS": "koalapic"])
    for end in 1...10 { XCTAssertEqual(try spend(server.client, from: "203.0.113.\(end)").status, 415) }
    XCTAssertEqual(try spend(server.client, from: "203.0.113.99").status, 429)
  }

  func testFiftyADay_AreLeftEvenly() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: Self.open, clock: clock.counting)
    for _ in 0..<5 {
      for _ in 0..<10 { XCTAssertEqual(try spend(server.client, from: "203.0.113.7").status, 415) }
      clock.advance(by: .seconds(61))
    }
    let over = try spend(server.client, from: "203.0.113.7")
    XCTAssertEqual(over.status, 429)
    XCTAssertTrue(over.json["error"]?.string?.contains("50 submissions a day") ?? false, over.text)
    XCTAssertTrue((1200...1728).contains(over.json["retry_after"]?.integer ?? 0), over.text)
    XCTAssertEqual(over.header("X-RateLimit-Remaining-Minute"), "10")
    XCTAssertEqual(over.header("X-RateLimit-Remaining-Day"), "0")
    XCTAssertEqual(over.header("X-RateLimit-Limit"), "50", "what is nearer to its end")
    XCTAssertEqual(over.header("X-RateLimit-Remaining"), "0")
    XCTAssertEqual(
      try server.client.get("/api/v1/convert/cnv_nothing", [("X-Forwarded-For", "203.0.113.7")]).status, 404,
      "reads have a rate of their own")
    clock.advance(by: .seconds(1728))
    XCTAssertEqual(try spend(server.client, from: "203.0.113.7").status, 415)
    XCTAssertEqual(try spend(server.client, from: "203.0.113.7").status, 429)
  }

  func testReads_AreBounded() throws {
    let server = try TestServer(settings: Self.open)
    var replies: [Int] = []
    while replies.count < 1000, replies.last != 429 {
      replies.append(try server.client.get("/api/v1/convert/cnv_nothing").status)
    }
    XCTAssertGreaterThanOrEqual(replies.count, 121)
    XCTAssertEqual(replies.last, 429)
  }

  func testIdempotencyKeysOfTwoVisitors_DoNotMeet() throws {
    let server = try TestServer(settings: Self.open)
    let key = [("Idempotency-Key", "one")]
    let first = try convert(server.client, picture, from: "203.0.113.7", key).json["id"]?.string
    XCTAssertEqual(try convert(server.client, picture, from: "203.0.113.7", key).json["id"]?.string, first)
    let other = try convert(server.client, picture.field("quality", "20"), from: "203.0.113.8", key)
    XCTAssertEqual(other.status, 202, other.text)
    XCTAssertNotEqual(other.json["id"]?.string, first)
  }

  func testSuspendingTheirWorkspace_ShutsVisitorsOut() throws {
    let server = try TestServer(settings: Self.open)
    XCTAssertEqual(try convert(server.client, picture).status, 202)
    let reply = try server.admin("PATCH", "/workspaces/visitors", #"{"state":"suspended"}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(try convert(server.client, picture).status, 401)
    XCTAssertEqual(try convert(server.client, picture, [("X-API-Key", server.key)]).status, 202)
  }

  func testRestart_GivesNobodyASecondMinuteOrDay() throws {
    let directory = try TemporaryDirectory()
    func started() throws -> ServedProgram {
      try ServedProgram(data: directory.path + "/data", environment: ["WONDER_ANONYMOUS": "koalapic"])
    }
    let first = try started()
    for _ in 0..<10 { XCTAssertEqual(try spend(first.client, from: "127.0.0.1").status, 415) }
    XCTAssertEqual(first.end(SIGTERM), 0)
    let second = try started()
    defer { second.end(SIGTERM) }
    let reply = try spend(second.client, from: "127.0.0.1")
    XCTAssertLessThanOrEqual(Int(reply.header("X-RateLimit-Remaining-Day") ?? "") ?? 50, 40)
    XCTAssertLessThanOrEqual(Int(reply.header("X-RateLimit-Remaining-Minute") ?? "") ?? 10, 5)
  }

  func testNameThatTakesNoVisitors_AndWorkspaceOfSomebody_StopTheStart() throws {
    XCTAssertThrowsError(try TestServer(settings: ["WONDER_ANONYMOUS": "wonder"])) { error in
      XCTAssertTrue("\(error)".contains("takes no visitors; valid: none, koalapic"), "\(error)")
    }
    XCTAssertThrowsError(
      try TestServer(
        settings: Self.open, prepare: { try $0.run("UPDATE workspaces SET slug = 'visitors'") })
    ) { error in XCTAssertTrue("\(error)".contains("\"visitors\""), "\(error)") }
  }
}
