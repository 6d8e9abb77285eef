import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Dialects

/// Each event exactly when the table of the vendor's page (seeds/convertly.txt) says that it fires, to a real receiver.
final class ConvertlyWebhookTests: XCTestCase {
  private func served(_ clock: Clock = .system) throws -> TestServer {
    try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"], clock: clock)
  }

  /// A receiver that answers with these statuses in turn, the last one for ever, and takes samples.
  private func receiver(_ statuses: Int...) throws -> WebhookReceiver {
    let asked = Mutex(0)
    let receiver = try WebhookReceiver { request in
      if request.text.contains("evt_test_") { return .status(200) }
      let number = asked.withLock { asked -> Int in
        asked += 1
        return asked
      }
      return .status(statuses[min(number, statuses.count) - 1], body: "answer \(number)")
    }
    addTeardownBlock { receiver.close() }
    return receiver
  }

  @discardableResult
  private func endpoint(_ server: TestServer, _ receiver: WebhookReceiver, events: String? = nil) throws -> String {
    let chosen = events.map { ",\"events\":\"\($0)\"" } ?? ""
    let made = try server.admin(
      "POST", "/endpoints",
      #"{"workspace":"api-workspace","url":"\#(receiver.url)","style":"convertly"\#(chosen)}"#)
    XCTAssertEqual(made.status, 201, made.text)
    return made.json["secret"]?.string ?? made.json["endpoint"]?["secret"]?.string ?? ""
  }

  private func form(good: Int, bad: Int = 0) -> MultipartForm {
    var form = MultipartForm.conversion()
    for number in 0..<good { form = form.file("files[]", "p\(number).png", SamplePictures.photo) }
    for number in 0..<bad { form = form.file("files[]", "bad\(number).png", Array(SamplePictures.photo.prefix(2000))) }
    return form
  }

  private func submit(_ server: TestServer, _ form: MultipartForm) throws -> String {
    let reply = try server.submit(form)
    XCTAssertEqual(reply.status, 202, reply.text)
    return reply.json["request_id"]?.string ?? ""
  }

  /// The name of a row in this API, by its name in the house's.
  private func uuid(_ server: TestServer, _ kind: PublicIdentifiers.Kind, _ id: String) throws -> String {
    let key = try FileBytes.read(server.dataPath + "/secret.key", atMost: 64)
    let identifiers = PublicIdentifiers(key: HMAC(key: key).code(for: Array("identifiers".utf8)))
    return ConvertlyNames.text(kind, try XCTUnwrap(identifiers.row(kind, id)), identifiers)
  }

  private func types(_ told: [ReceivedRequest]) -> [String: Int] {
    told.reduce(into: [:]) { $0[$1.json["type"]?.string ?? "", default: 0] += 1 }
  }

  /// Waits until nothing more waits for anybody, and gives what has come.
  private func all(_ server: TestServer, _ receiver: WebhookReceiver) throws -> [ReceivedRequest] {
    while try server.admin("GET", "/deliveries").json["deliveries"]?.array?.contains(where: {
      $0["status"]?.string == "waiting"
    }) ?? true { sched_yield() }
    return receiver.requests
  }

  func testOneFile_IsToldWhenItCompletes_AndNotThatItBegan() throws {
    let server = try served()
    let receiver = try receiver(200)
    let secret = try endpoint(server, receiver)
    let id = try submit(server, form(good: 1))
    _ = try server.ended(id)
    let told = try all(server, receiver)
    XCTAssertEqual(types(told), ["conversion.completed": 1])
    let one = try XCTUnwrap(told.first)
    XCTAssertEqual(one.json["data"]?["jobId"]?.string, try uuid(server, .request, id))
    XCTAssertEqual(one.json["data"]?["filename"]?.string, "p0.jpg")
    XCTAssertNotNil(one.json["id"]?.string?.wholeMatch(of: /evt_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/))
    XCTAssertEqual(one["user-agent"], "Convertly-Webhooks/1.0")
    XCTAssertEqual(one[exact: "convertly-event"], "conversion.completed")
    let stamp = try XCTUnwrap(one[exact: "convertly-timestamp"])
    let code = Hexadecimal.encode(HMAC(key: Array(secret.utf8)).code(for: Array("\(stamp).".utf8) + one.body))
    XCTAssertEqual(one[exact: "convertly-signature"], "t=\(stamp),v1=\(code)")
  }

  func testAJobOfSeveralFiles_BeginsOnce_TellsEachFile_AndCompletesOnce() throws {
    let server = try served()
    let receiver = try receiver(200)
    try endpoint(server, receiver)
    let id = try submit(server, form(good: 3))
    _ = try server.ended(id)
    let told = try all(server, receiver)
    XCTAssertEqual(
      types(told), ["conversion.started": 1, "conversion.progress": 3, "conversion.completed": 1])
    XCTAssertEqual(Set(told.map { $0.json["data"]?["jobId"]?.string }), [try uuid(server, .request, id)])
    let files = told.filter { $0.json["type"]?.string == "conversion.progress" }.map { $0.json["data"] }
    XCTAssertEqual(files.compactMap { $0?["filename"]?.string }.sorted(), ["p0.png", "p1.png", "p2.png"])
    XCTAssertEqual(files.compactMap { $0?["progress"]?.integer }.sorted(), [33, 66, 100])
    XCTAssertEqual(Set(told.map { $0.json["id"]?.string }).count, told.count)
  }

  func testABatch_BeginsOnce_TellsEachFile_AndCompletesAsAWhole() throws {
    let server = try served()
    let receiver = try receiver(200)
    try endpoint(server, receiver)
    let batch = form(good: 2, bad: 1).field("mode", "zip")
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", batch.contentType)], body: batch.body)
    let id = try XCTUnwrap(reply.json["batch_id"]?.string)
    while try server.client.get("/api/v1/batches/\(id)", key: server.key).json["batch"]?["status"]?.string
      == "processing"
    { sched_yield() }
    let told = try all(server, receiver)
    XCTAssertEqual(
      types(told), ["conversion.started": 1, "conversion.progress": 3, "conversion.completed": 1])
    XCTAssertEqual(Set(told.map { $0.json["data"]?["jobId"]?.string }), [try uuid(server, .batch, id)])
    let end = told.first { $0.json["type"]?.string == "conversion.completed" }
    XCTAssertEqual(end?.json["data"]?["failedFiles"]?.integer, 1)
  }

  func testAFailedJob_IsToldSo() throws {
    let server = try served()
    let receiver = try receiver(200)
    try endpoint(server, receiver)
    _ = try server.ended(try submit(server, form(good: 0, bad: 1)))
    let told = try all(server, receiver)
    XCTAssertEqual(types(told), ["conversion.failed": 1])
    XCTAssertEqual(told.first?.json["data"]?["filename"]?.string, "bad0.png")
    XCTAssertNotNil(told.first?.json["data"]?["error"]?.string)
  }

  func testAReceiverThatFailsTwice_IsToldOnTheThird_UnderTheSameIdentifier() throws {
    let clock = FixedClock()
    let server = try served(clock.clock)
    let receiver = try receiver(500, 503, 200)
    try endpoint(server, receiver)
    _ = try server.ended(try submit(server, form(good: 1)))
    for (attempts, pause) in [(1, Duration.seconds(5)), (2, .seconds(25))] {
      var row: JSONValue?
      while row?["attempts"]?.integer != Int64(attempts) {
        row = try server.admin("GET", "/deliveries").json["deliveries"]?.array?.last
      }
      XCTAssertEqual(row?["next_attempt_at"]?.string, "\(clock.now + pause)")
      clock.advance(by: pause)
      // What is new wakes the sender.
      XCTAssertEqual(try server.admin("POST", "/endpoints/1/test").status, 200)
    }
    var row: JSONValue?
    while row?["status"]?.string != "delivered" {
      row = try server.admin("GET", "/deliveries").json["deliveries"]?.array?.last
    }
    XCTAssertEqual(row?["attempts"]?.integer, 3)
    let own = receiver.requests.filter { !($0.json["id"]?.string?.hasPrefix("evt_test_") ?? true) }
    XCTAssertEqual(own.count, 3)
    XCTAssertEqual(Set(own.map(\.text)).count, 1)
    XCTAssertEqual(Set(own.compactMap { $0[exact: "convertly-timestamp"] }).count, 3)
  }

  func testDeliveries_AreListedAndSentAgain_ToTheirOwnWorkspaceAlone() throws {
    let server = try served()
    let receiver = try receiver(200)
    try endpoint(server, receiver)
    _ = try server.ended(try submit(server, form(good: 1)))
    _ = try all(server, receiver)
    let bearer = [("Authorization", "Bearer \(server.key)")]
    let list = try server.client.get("/api/webhooks/deliveries?limit=25", bearer)
    XCTAssertEqual(list.status, 200, list.text)
    let one = try XCTUnwrap(list.json["deliveries"]?.array?.first)
    XCTAssertEqual(one["endpoint"]?.string, receiver.url)
    XCTAssertEqual(one["eventType"]?.string, "conversion.completed")
    XCTAssertEqual(one["status"]?.string, "delivered")
    XCTAssertEqual(one["httpStatus"]?.integer, 200)
    XCTAssertEqual(one["responsePreview"]?.string, "answer 1")
    XCTAssertEqual(one["attempts"]?.integer, 1)
    XCTAssertNotNil(one["createdAt"]?.string)
    let id = try XCTUnwrap(one["id"]?.string)
    XCTAssertEqual(id.split(separator: "-").map(\.count), [8, 4, 4, 4, 12])
    let path = "/api/webhooks/deliveries/\(id)/retry"
    let again = try server.client.send("POST", path, bearer)
    XCTAssertEqual(again.status, 200, again.text)
    XCTAssertEqual(again.json["delivery"]?["retryOf"]?.string, id)
    let told = receiver.wait(for: 2)
    XCTAssertEqual(told[0].json["id"], told[1].json["id"])
    XCTAssertEqual(try server.admin("POST", "/workspaces", #"{"slug":"others","plan":"pro"}"#).status, 201)
    let key = try server.admin("POST", "/keys", #"{"workspace":"others"}"#).json["key"]?["key"]?.string ?? ""
    let strangers = [("Authorization", "Bearer \(key)")]
    XCTAssertEqual(try server.client.get("/api/webhooks/deliveries", strangers).json["deliveries"]?.array?.count, 0)
    XCTAssertEqual(try server.client.send("POST", path, strangers).status, 404)
    XCTAssertEqual(receiver.requests.count, 2)
    XCTAssertEqual(try server.client.get("/api/webhooks/deliveries?limit=0", bearer).status, 400)
    XCTAssertEqual(try server.client.get("/api/webhooks/deliveries").status, 401)
  }

  func testATest_CanBeSentOfEachEventThatJobsHave() throws {
    let server = try served()
    let receiver = try receiver(200)
    let events = ["conversion.started", "conversion.progress", "conversion.completed", "conversion.failed"]
    for (index, event) in events.enumerated() {
      try endpoint(server, receiver, events: event)
      XCTAssertEqual(try server.admin("POST", "/endpoints/\(index + 1)/test").status, 200, event)
    }
    XCTAssertEqual(Set(receiver.wait(for: 4).compactMap { $0.json["type"]?.string }), Set(events))
  }
}
