import Appliance
import Basics
import TestSupport
import XCTest

/// Links of webhooks that are sent again: they work as long as the files are kept, whatever is told of.
final class ReplayLinksTests: XCTestCase {
  private let settings = [
    "WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", "WONDER_LINK_LIFETIME": "1h", "WONDER_RETENTION": "48h",
  ]

  private func receiver() throws -> WebhookReceiver {
    let receiver = try WebhookReceiver()
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private func endpoint(_ server: TestServer, _ url: String, _ style: String, _ event: String) throws {
    let made = try server.admin(
      "POST", "/endpoints",
      #"{"workspace":"api-workspace","url":"\#(url)","style":"\#(style)","events":"\#(event)"}"#)
    XCTAssertEqual(made.status, 201, made.text)
  }

  private func batch(_ server: TestServer, _ mode: String, tells url: String? = nil) throws {
    var form = MultipartForm().field("from", "png").field("to", "jpg").field("mode", mode)
      .file("files[]", "a.png", SamplePictures.photo).file("files[]", "b.png", SamplePictures.photo)
    if let url { form = form.field("webhook_url", url).field("webhook_secret", "s3cret") }
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(reply.status, 202, reply.text)
  }

  /// Sends all webhooks again, once so many were delivered.
  private func replayAll(_ server: TestServer, _ count: Int) throws {
    var delivered: [JSONValue] = []
    while delivered.count != count {
      delivered = try server.admin("GET", "/deliveries?status=delivered").json["deliveries"]?.array ?? []
    }
    for delivery in delivered {
      let reply = try server.admin("POST", "/deliveries/\(delivery["id"]?.integer ?? 0)/replay")
      XCTAssertEqual(reply.status, 202, reply.text)
    }
  }

  /// The first link to a file of what was told.
  private func link(_ told: ReceivedRequest) throws -> String {
    let found = told.text.firstMatch(of: /"download_?[uU]rl":"([^"]+)"/).map { String($0.1) }
    return try XCTUnwrap(found, told.text)
  }

  /// Checks that the same was told twice, first with a link that is over by now and then with one that works.
  private func check(_ server: TestServer, _ told: [ReceivedRequest], _ what: String) throws {
    let works = try told.map { try server.client.get(server.path(of: link($0))).status == 200 }
    XCTAssertEqual(works, [false, true], what)
  }

  func testBatch_IsWordedAnew_ForItsOwnAddressAndForEndpoints() throws {
    for mode in ["zip", "individual"] {
      let clock = FixedClock()
      let server = try TestServer(settings: settings, clock: clock.clock)
      let receiver = try receiver()
      let place = "http://127.0.0.1:\(receiver.port)"
      try endpoint(server, place + "/end", "standard", "job.completed")
      try batch(server, mode, tells: place + "/own")
      _ = receiver.wait(for: 2)
      clock.advance(by: .seconds(7200))
      try replayAll(server, 2)
      let told = receiver.wait(for: 4)
      for path in ["/own", "/end"] { try check(server, told.filter { $0.path == path }, "\(mode) \(path)") }
    }
  }

  func testBatch_WhoseFilesHaveGone_IsSentAsItWas() throws {
    for mode in ["zip", "individual"] {
      let clock = FixedClock()
      let server = try TestServer(settings: settings, clock: clock.clock)
      let receiver = try receiver()
      try batch(server, mode, tells: receiver.url)
      let first = try XCTUnwrap(receiver.wait(for: 1).first)
      clock.advance(by: .seconds(49 * 3600))
      try server.serve.sweep()
      try replayAll(server, 1)
      XCTAssertEqual(receiver.wait(for: 2).last?.text, first.text, mode)
    }
  }

  func testFilesOfABatch_AreWordedAnew() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: settings, clock: clock.clock)
    let receiver = try receiver()
    try endpoint(server, receiver.url, "convertly", "conversion.progress")
    try batch(server, "individual")
    _ = receiver.wait(for: 2)
    clock.advance(by: .seconds(7200))
    try replayAll(server, 2)
    let told = Dictionary(grouping: receiver.wait(for: 4)) { $0.json["id"]?.string ?? "" }
    XCTAssertEqual(told.count, 2)
    for (id, requests) in told { try check(server, requests, id) }
  }

  func testStoredFile_IsWordedAnew() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: settings, clock: clock.clock)
    let receiver = try receiver()
    try endpoint(server, receiver.url, "convertly", "file.uploaded")
    let file = MultipartForm().file("file", "kept.png", SamplePictures.photo)
    let bearer = [("Authorization", "Bearer \(server.key)"), ("Content-Type", file.contentType)]
    let reply = try server.client.send("POST", "/api/files", bearer, body: file.body)
    XCTAssertEqual(reply.status, 201, reply.text)
    _ = receiver.wait(for: 1)
    clock.advance(by: .seconds(301))
    try replayAll(server, 1)
    let told = receiver.wait(for: 2)
    XCTAssertEqual(Set(told.map { $0.json["id"]?.string }).count, 1)
    try check(server, told, "file.uploaded")
  }
}
