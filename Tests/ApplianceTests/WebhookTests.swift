import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// Webhooks of a whole appliance: a job ends, and a real receiver is told in the words of its style.
final class WebhookTests: XCTestCase {
  private let allowed = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]

  private func receiver(_ answer: WebhookReceiver.Answer = .status(200)) throws -> WebhookReceiver {
    let receiver = try WebhookReceiver { _ in answer }
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private func form(_ receiver: WebhookReceiver, _ bytes: [UInt8]) -> MultipartForm {
    MultipartForm.conversion().field("webhook_url", receiver.url).field("webhook_secret", "client_shared_secret")
      .file("files[]", "output.png", bytes)
  }

  /// A PNG whose header is right and whose picture is not.
  private let damaged = Array(SamplePictures.photo.prefix(2000))

  private func endpoint(_ server: TestServer, _ url: String, _ style: String, _ events: String? = nil) throws
    -> JSONValue
  {
    let events = events.map { ",\"events\":\"\($0)\"" } ?? ""
    let body = "{\"workspace\":\"api-workspace\",\"url\":\"\(url)\",\"style\":\"\(style)\"\(events)}"
    let reply = try server.admin("POST", "/endpoints", body)
    XCTAssertEqual(reply.status, 201, reply.text)
    return try XCTUnwrap(reply.json["endpoint"])
  }

  func testCompletedJob_TellsItsOwnAddressAsTheSeedPageShows() throws {
    let server = try TestServer(settings: allowed)
    let receiver = try receiver()
    let id =
      try server.submit(form(receiver, SamplePictures.photo), [("Idempotency-Key", "run-001")])
      .json["request_id"]?.string ?? ""
    let request = try XCTUnwrap(receiver.wait(for: 1).first)
    let link = try XCTUnwrap(request.json["outputs"]?[0]?["download_url"]?.string)
    XCTAssertEqual(
      request.text,
      #"{"event":"conversion.job.completed","workspace":{"slug":"api-workspace"},"job":{"request_id":"\#(id)","#
        + #""status":"completed","idempotency_key":"run-001"},"outputs":[{"file_name":"output.jpg","download_url":"\#(link)"}]}"#
    )
    XCTAssertTrue(link.hasPrefix("http://127.0.0.1:\(server.client.port)/files/"), link)
    XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200)
    XCTAssertEqual(request[exact: "X-WonderConvert-Event"], "conversion.job.completed")
    XCTAssertEqual(request[exact: "X-WonderConvert-Request-Id"], id)
    let code = HMAC(key: Array("client_shared_secret".utf8)).code(for: request.body)
    XCTAssertEqual(request[exact: "X-WonderConvert-Signature"], "sha256=" + Hexadecimal.encode(code))
    XCTAssertEqual(receiver.requests.count, 1)
  }

  func testFailedJob_TellsWhy_AndPublicURLIsInFrontOfLinks() throws {
    let server = try TestServer(settings: allowed.merging(["WONDER_PUBLIC_URL": "https://w.example/"]) { $1 })
    let receiver = try receiver()
    _ = try server.submit(form(receiver, damaged))
    let failed = try XCTUnwrap(receiver.wait(for: 1).first).json
    XCTAssertEqual(failed["event"]?.string, "conversion.job.failed")
    XCTAssertEqual(failed["job"]?["status"]?.string, "failed")
    XCTAssertNotNil(failed["job"]?["error_message"]?.string)
    XCTAssertEqual(failed["job"]?["idempotency_key"], .null)
    XCTAssertEqual(failed["outputs"]?.text, "[]")
    _ = try server.submit(form(receiver, SamplePictures.photo))
    let link = try XCTUnwrap(receiver.wait(for: 2).last).json["outputs"]?[0]?["download_url"]?.string ?? ""
    XCTAssertTrue(link.hasPrefix("https://w.example/files/"), link)
  }

  func testPrivateAddress_IsRefusedByDefault_AndOnlyTheOperatorLearnsWhy() throws {
    let server = try TestServer()
    let receiver = try receiver()
    let id = try server.submit(form(receiver, SamplePictures.photo)).json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    while true {
      let delivery = try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"]?[0]
      guard delivery?["attempts"]?.integer != 0 else { continue }
      XCTAssertEqual(delivery?["last_error"]?.string, "address not allowed")
      XCTAssertEqual(delivery?["status"]?.string, "waiting")
      XCTAssertTrue(delivery?["hint"]?.string?.contains("WONDER_ALLOW_PRIVATE_TARGETS") ?? false)
      break
    }
    XCTAssertEqual(receiver.requests.count, 0)
  }

  func testOwnAddress_IsNeverCalled() throws {
    let server = try TestServer(settings: allowed)
    let body = #"{"workspace":"api-workspace","url":"http://127.0.0.1:\#(server.client.port)/"}"#
    let id = try server.admin("POST", "/endpoints", body).json["endpoint"]?["id"]?.integer ?? 0
    let tried = try server.admin("POST", "/endpoints/\(id)/test")
    XCTAssertEqual(tried.status, 200)
    XCTAssertEqual(tried.json["delivery"]?["attempts"]?.integer, 1)
    XCTAssertEqual(tried.json["delivery"]?["last_error"]?.string, "address not allowed")
  }

  /// One job of one file and one of two, told to an endpoint of each style.
  func testEndpoints_AreToldInTheirStyles() throws {
    let server = try TestServer(settings: allowed)
    let (convertly, koala, standard) = (try receiver(), try receiver(), try receiver())
    let secret = try endpoint(server, convertly.url, "convertly")["secret"]?.string ?? ""
    _ = try endpoint(server, koala.url, "koalapic")
    _ = try endpoint(server, standard.url, "standard", "conversion.completed, job.completed")
    let photo = SamplePictures.photo
    let one = try server.submit(MultipartForm.conversion().file("files[]", "a.png", photo)).json["request_id"]?.string
    _ = try server.ended(one ?? "")
    let two = try server.submit(
      MultipartForm.conversion().file("files[]", "b.png", photo).file("files[]", "c.png", photo)
    ).json["request_id"]?.string
    _ = try server.ended(two ?? "")

    let events = convertly.wait(for: 5).map(\.json)
    XCTAssertEqual(
      events.compactMap { $0["type"]?.string }.sorted(),
      [
        "conversion.completed", "conversion.completed", "conversion.progress", "conversion.progress",
        "conversion.started",
      ])
    XCTAssertEqual(Set(events.compactMap { $0["id"]?.string }).count, 5)
    let completed = try XCTUnwrap(
      convertly.requests.first {
        $0.json["type"]?.string == "conversion.completed" && $0.json["data"]?["filename"]?.string == "a.jpg"
      })
    XCTAssertNotNil(
      completed.json["id"]?.string?.wholeMatch(
        of: /evt_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/))
    XCTAssertEqual(
      completed.json["data"]?["jobId"]?.string?.split(separator: "-").map(\.count), [8, 4, 4, 4, 12])
    XCTAssertNotNil(completed.json["created"]?.integer)
    XCTAssertEqual(completed[exact: "convertly-event"], "conversion.completed")
    XCTAssertEqual(completed["user-agent"], "Convertly-Webhooks/1.0")
    let time = completed[exact: "convertly-timestamp"] ?? ""
    let code = HMAC(key: Array(secret.utf8)).code(for: Array((time + ".").utf8), completed.body)
    XCTAssertEqual(completed[exact: "convertly-signature"], "t=\(time),v1=\(Hexadecimal.encode(code))")

    let told = koala.wait(for: 2).map(\.json)
    XCTAssertEqual(told.compactMap { $0["event"]?.string }.sorted(), ["conversion.completed", "job.completed"])
    let single = told.first { $0["event"]?.string == "conversion.completed" }
    XCTAssertTrue(single?["data"]?["download_url"]?.string?.hasSuffix("/a.jpg") ?? false)
    let batch = told.first { $0["event"]?.string == "job.completed" }
    XCTAssertEqual(batch?["data"]?["items"]?.array?.count, 2)

    let general = standard.wait(for: 3).map(\.json)
    XCTAssertEqual(
      general.compactMap { $0["type"]?.string }.sorted(),
      ["conversion.completed", "conversion.completed", "job.completed"])
    XCTAssertEqual(general[0]["data"]?["status"]?.string, "completed")
    let identifiers = standard.requests.compactMap { $0["webhook-id"] }
    XCTAssertEqual(Set(identifiers).count, 3)
  }

  func testSample_ForAnEndpointOfBatchesAlone_IsOfABatch() throws {
    let server = try TestServer(settings: allowed)
    let receiver = try receiver()
    _ = try endpoint(server, receiver.url, "wonder", "job.completed")
    XCTAssertEqual(try server.admin("POST", "/endpoints/1/test").json["delivery"]?["status"]?.string, "delivered")
    let told = try XCTUnwrap(receiver.wait(for: 1).first)
    XCTAssertEqual(told.json["event"]?.string, "conversion.batch.completed")
    XCTAssertEqual(told.json["jobs"]?[0]?["file_name"]?.string, "photo.png")
  }

  func testReplay_SendsAgainUnderTheSameEventWithFreshLinks() throws {
    let server = try TestServer(settings: allowed)
    let receiver = try receiver()
    let id = try server.submit(form(receiver, SamplePictures.photo)).json["request_id"]?.string ?? ""
    _ = receiver.wait(for: 1)
    for body in ["", #"{"event":"conversion.job.completed"}"#] {
      XCTAssertEqual(try server.admin("POST", "/jobs/\(id)/replay", body).status, 202)
    }
    let requests = receiver.wait(for: 3)
    XCTAssertEqual(Set(requests.compactMap { $0[exact: "X-WonderConvert-Delivery"] }).count, 1)
    let listed = try server.admin("GET", "/jobs/\(id)/deliveries").json["deliveries"]?.array ?? []
    XCTAssertEqual(listed.count, 3)
    XCTAssertEqual(listed[1]["replay_of"]?.integer, listed[0]["id"]?.integer)
    XCTAssertEqual(Set(listed.compactMap { $0["event_id"]?.string }).count, 1)
    XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed")
  }

  /// The events of a job go with its files, so what was sent the first time is all there is to send.
  func testReplay_AfterTheFilesHaveGone_SendsTheOldBytes() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: allowed.merging(["WONDER_RETENTION": "1h"]) { $1 }, clock: clock.clock)
    let receiver = try receiver()
    let id = try server.submit(form(receiver, SamplePictures.photo)).json["request_id"]?.string ?? ""
    let first = try XCTUnwrap(receiver.wait(for: 1).first)
    clock.advance(by: .seconds(3700))
    try server.serve.sweep()
    XCTAssertEqual(try server.ended(id).json["outputs"], .array([]))
    XCTAssertEqual(try server.admin("POST", "/jobs/\(id)/replay", #"{"event":"conversion.job.failed"}"#).status, 409)
    XCTAssertEqual(try server.admin("POST", "/jobs/\(id)/replay").status, 202)
    let again = try XCTUnwrap(receiver.wait(for: 2).last)
    XCTAssertEqual(again.body, first.body)
    XCTAssertNotNil(again.json["outputs"]?[0]?["download_url"]?.string)
    for field in ["X-WonderConvert-Delivery", "X-WonderConvert-Signature", "X-WonderConvert-Request-Id"] {
      XCTAssertEqual(again[exact: field], first[exact: field], field)
    }
  }

  func testReplayFailed_SendsEachOnce() throws {
    let server = try TestServer(settings: allowed)
    let broken = try receiver(.status(410))
    _ = try server.submit(form(broken, SamplePictures.photo))
    _ = try server.submit(form(broken, damaged))
    while try server.admin("GET", "/deliveries?status=failed").json["deliveries"]?.array?.count != 2 {}
    XCTAssertEqual(try server.admin("POST", "/deliveries/replay-failed").json["replayed"]?.array?.count, 2)
    _ = broken.wait(for: 4)
    while try server.admin("GET", "/deliveries?status=failed").json["deliveries"]?.array?.count != 4 {}
    let again = try server.admin("POST", "/deliveries/replay-failed", #"{"limit":"1"}"#)
    XCTAssertEqual(again.json["replayed"]?.array?.count, 1)
    XCTAssertEqual(try server.admin("POST", "/deliveries/replay-failed", #"{"limit":"0"}"#).status, 422)
  }
}
