import Basics
import TestSupport
import XCTest

/// What a stranger can do who has read a public key in a page and sends the page's Origin.
final class PublicKeysTests: XCTestCase {
  private let page = ("Origin", "https://app.example.com")
  private let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)
  private let photo = Base64.encode(SamplePictures.photo)

  private func issue(_ server: TestServer) throws -> String {
    try server.admin(
      "POST", "/keys",
      #"{"workspace":"api-workspace","kind":"public","origins":["https://app.example.com"]}"#
    ).json["key"]?["key"]?.string ?? ""
  }

  private func submit(_ server: TestServer, _ key: String, _ form: MultipartForm, _ headers: [(String, String)] = [])
    throws -> TestReply
  {
    try server.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType), page] + headers, body: form.body)
  }

  private func submit(_ server: TestServer, _ key: String, _ document: String) throws -> TestReply {
    try server.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", "application/json"), page], body: Array(document.utf8))
  }

  func testUploadsAndBase64_AreConvertedAtOnce_AndTheLinksWork() throws {
    let server = try TestServer()
    let key = try issue(server)
    let document =
      #"{"conversion_type":"image","from":"png","to":"jpg","sync":true,"inputs":[{"base64":"\#(photo)"}],"#
      + #""watermark":{"base64":"\#(photo)"}}"#
    for reply in [
      try submit(server, key, form.field("sync", "true").field("archive", "zip")), try submit(server, key, document),
    ] {
      XCTAssertEqual(reply.status, 200, reply.text)
      let link = reply.json["outputs"]?[0]?["download_url"]?.string
      XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200)
    }
  }

  func testWhatCallsOrMailsSomebody_OrTellsOfTheWorkspace_IsRefusedByName() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let receiver = try WebhookReceiver { _ in .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)) }
    defer { receiver.close() }
    let key = try issue(server)
    let url = "http://127.0.0.1:\(receiver.port)/x"
    _ = try server.admin("POST", "/presets", #"{"workspace":"api-workspace","name":"web","to":"jpg"}"#)
    let sync = form.field("sync", "true")
    let head = #"{"conversion_type":"image","from":"png","to":"jpg","sync":true,"inputs":[{"base64":"\#(photo)"}"#
    let cases: [(field: String, reply: TestReply)] = [
      ("webhook_url", try submit(server, key, sync.field("webhook_url", url))),
      ("webhook_secret", try submit(server, key, sync.field("webhook_secret", "s"))),
      ("notification_email", try submit(server, key, sync.field("notification_email", "a@example.com"))),
      ("preset", try submit(server, key, sync.field("preset", "web"))),
      ("preset", try submit(server, key, sync.field("preset", "unknown"))),
      ("inputs[1].url", try submit(server, key, head + #",{"url":"\#(url)"}]}"#)),
      ("inputs", try submit(server, key, head + #",{"ftp":{"host":"f.example","path":"a"}}]}"#)),
      ("outputs[0]", try submit(server, key, head + #"],"outputs":[{"ftp":{"host":"f.example"}}]}"#)),
      ("watermark.url", try submit(server, key, head + #"],"watermark":{"url":"\#(url)"}}"#)),
      ("webhook_url", try submit(server, key, head + #"],"webhook_url":"\#(url)"}"#)),
    ]
    for (field, reply) in cases {
      XCTAssertEqual(reply.status, 403, "\(field): \(reply.text)")
      XCTAssertEqual(reply.json["code"]?.string, "secret_key_required", field)
      XCTAssertEqual(reply.json["errors"]?.members?.map(\.name), [field])
      XCTAssertEqual(reply.header("Access-Control-Allow-Origin"), page.1, "the page can read why")
      XCTAssertFalse(reply.text.contains("web\""), "no preset is named")
    }
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try server.client.get("/api/v1/jobs", key: server.key).json["jobs"], .array([]))
    XCTAssertEqual(receiver.requests.count, 0)
  }

  func testWithoutSync_OrAsABatch_IsRefused() throws {
    let server = try TestServer()
    let key = try issue(server)
    for form in [form, form.field("sync", "false")] {
      XCTAssertEqual(try submit(server, key, form).json["code"]?.string, "secret_key_required")
    }
    let batch = try server.client.send(
      "POST", "/api/v1/batches", key: key, [("Content-Type", form.contentType), page],
      body: form.field("sync", "true").body)
    XCTAssertEqual(batch.json["code"]?.string, "secret_key_required", batch.text)
    XCTAssertEqual(try server.files(), [])
  }

  /// A stranger could else occupy the keys that the workspace's server is about to use, or find out which it has used.
  func testIdempotencyKeys_AreNotThoseOfTheSecretKeys() throws {
    let server = try TestServer()
    let key = try issue(server)
    let name = ("Idempotency-Key", "order-1")
    XCTAssertEqual(try submit(server, key, form.field("sync", "true"), [name]).status, 200)
    let own = try server.submit(form.field("options[quality]", "20"), [name])
    XCTAssertEqual(own.status, 202, own.text)
    _ = try server.ended(own.json["request_id"]?.string ?? "")
    let other = try server.submit(form, [("Idempotency-Key", "order-2")])
    let probe = try submit(server, key, form.field("sync", "true"), [("Idempotency-Key", "order-2")])
    XCTAssertEqual(probe.status, 200, probe.text)
    XCTAssertNotEqual(probe.json["job"]?["request_id"], other.json["request_id"])
  }

  func testResultThatIsNotReadyInTime_IsSaidHonestly_AndWaitedForByRepeating() throws {
    let server = try TestServer(patience: .milliseconds(20))
    let key = try issue(server)
    XCTAssertEqual(try server.admin("POST", "/queue/pause", "{}").status, 200)
    let sync = form.field("sync", "true")
    let lost = try submit(server, key, sync)
    XCTAssertEqual(lost.status, 202)
    XCTAssertNil(lost.json["job_status_url"], "it may not be asked")
    XCTAssertTrue(lost.json["message"]?.string?.contains("cannot ask for it later. With an Idempotency-Key") ?? false)
    let name = ("Idempotency-Key", "k")
    let late = try submit(server, key, sync, [name])
    XCTAssertEqual(late.status, 202)
    XCTAssertTrue(late.json["message"]?.string?.contains("Send the same request") ?? false, late.text)
    let id = late.json["request_id"]?.string ?? ""
    XCTAssertEqual(try server.admin("POST", "/queue/resume", "{}").status, 200)
    _ = try server.ended(id)
    let result = try submit(server, key, sync, [name])
    XCTAssertEqual(result.status, 200, result.text)
    XCTAssertEqual(result.json["job"]?["request_id"]?.string, id)
    XCTAssertNotNil(result.json["outputs"]?[0]?["download_url"]?.string)
  }

  /// The addresses are the workspace's own choice, and it wants to know what is done in its name.
  func testEndpointsOfTheWorkspace_HearOfItsJobs() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let receiver = try WebhookReceiver { _ in .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".utf8)) }
    defer { receiver.close() }
    let made = try server.admin(
      "POST", "/endpoints",
      #"{"workspace":"api-workspace","url":"http://127.0.0.1:\#(receiver.port)/hook","style":"wonder"}"#)
    XCTAssertEqual(made.status, 201, made.text)
    XCTAssertEqual(try submit(server, issue(server), form.field("sync", "true")).status, 200)
    XCTAssertEqual(receiver.wait(for: 1).first?.path, "/hook")
  }

  func testRefusalsBeforeTheKeyIsLookedAt_AreReadByItsPagesAlone() throws {
    let server = try TestServer(settings: ["WONDER_HTTP_LINGER_TIME": "0s"])
    let key = try issue(server)
    let evil = ("Origin", "https://evil.example")
    func large(_ origin: String) throws -> TestReply {
      let head = "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key)\r\nOrigin: \(origin)\r\n"
      return try server.client.exchange(Array((head + "Content-Length: 999999999999999\r\n\r\n").utf8))
    }
    func malformed(_ key: String?, _ origin: (String, String)) throws -> TestReply {
      let type = ("Content-Type", "multipart/form-data; boundary=b")
      return try server.client.send("POST", "/api/v1/jobs", key: key, [type, origin], body: Array("x".utf8))
    }
    let cases: [(reply: TestReply, status: Int, origin: String?)] = [
      (try large(page.1), 413, page.1), (try large(evil.1), 413, nil),
      (try malformed(key, page), 400, page.1), (try malformed(key, evil), 403, nil),
      (try malformed(nil, page), 401, page.1), (try malformed(nil, evil), 401, nil),
      (try malformed(server.key, page), 400, nil),
      (try server.client.get("/api/v1/usage", [page]), 401, nil),
    ]
    for (reply, status, origin) in cases {
      XCTAssertEqual(reply.status, status, reply.text)
      XCTAssertEqual(reply.header("Access-Control-Allow-Origin"), origin, reply.text)
      XCTAssertEqual(reply.header("Access-Control-Expose-Headers")?.contains("Retry-After"), origin.map { _ in true })
    }
  }

  func testPreflight_TellsOnlyWhatAPublicKeyMayDo() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    _ = try server.admin(
      "POST", "/keys",
      #"{"workspace":"api-workspace","kind":"public","origins":["https://app.example.com"],"expires":"2h"}"#)
    func ask(_ path: String) throws -> TestReply {
      try server.client.send("OPTIONS", path, [page, ("Access-Control-Request-Method", "GET")])
    }
    XCTAssertEqual(try ask("/api/v1/jobs").header("Access-Control-Allow-Methods"), "POST")
    for path in [
      "/api/v1/jobs/req_x", "/api/v1/jobs/req_x/events", "/api/v1/usage", "/api/v1/presets", "/api/v1/batches",
      "/api/v1/storages",
    ] {
      let reply = try ask(path)
      XCTAssertEqual(reply.status, 204)
      XCTAssertNil(reply.header("Access-Control-Allow-Origin"), path)
      XCTAssertNil(reply.header("Access-Control-Allow-Methods"), path)
    }
    clock.advance(by: .seconds(7201))
    XCTAssertNil(try ask("/api/v1/jobs").header("Access-Control-Allow-Origin"), "no key is left for it")
  }
}
