import Basics
import TestSupport
import XCTest

/// What Convertly's list of webhooks tells of those that reached nobody: nothing of the network inside.
final class ConvertlyUnreachedTests: XCTestCase {
  private func endpoint(_ server: TestServer, _ url: String) throws -> Int64 {
    let body = #"{"workspace":"api-workspace","url":"\#(url)","style":"convertly"}"#
    let made = try server.admin("POST", "/endpoints", body)
    return try XCTUnwrap(made.json["endpoint"]?["id"]?.integer, made.text)
  }

  /// Sends a sample and waits for the first attempt at it.
  private func send(_ server: TestServer, to url: String) throws {
    let tried = try server.admin("POST", "/endpoints/\(endpoint(server, url))/test")
    XCTAssertEqual(tried.json["delivery"]?["attempts"]?.integer, 1, tried.text)
  }

  func testWebhooksThatReachNobody_AreToldInTheSameWords_WithNoTime() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1/32"])
    let client = ConvertlyClient(server: server)
    let closed = try WebhookReceiver { _ in .status(200) }
    closed.close()
    let targets = [
      "http://no-such-host.invalid/", "http://127.0.0.1:\(closed.port)/", "http://10.0.0.1/", "http://127.0.0.1:22/",
      "http://127.0.0.1:\(server.client.port)/",
    ]
    for url in targets { try send(server, to: url) }
    let list = try client.get("/api/webhooks/deliveries")
    let entries = try XCTUnwrap(list.json["deliveries"]?.array, list.text)
    XCTAssertEqual(entries.count, targets.count)
    let told = entries.map { entry in
      ["error", "httpStatus", "responsePreview", "lastAttemptAt", "nextAttemptAt", "completedAt"].map {
        entry[$0]?.text ?? "nothing"
      }.joined(separator: ", ")
    }
    XCTAssertEqual(Set(told), [#""could not connect", null, null, null, null, null"#])
    let id = try XCTUnwrap(entries.first?["id"]?.string)
    let bearer = [("Authorization", "Bearer \(server.key)")]
    let again = try server.client.send("POST", "/api/webhooks/deliveries/\(id)/retry", bearer).json["delivery"]
    XCTAssertEqual(again?["retryOf"]?.string, id)
    // Its first attempt may have ended by now.
    XCTAssertTrue(["null", #""could not connect""#].contains(again?["error"]?.text ?? "nothing"))
    XCTAssertEqual(again?["lastAttemptAt"], .null)
  }

  func testWebhookThatWasAnswered_IsToldWithItsStatusAndTimes() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1/32"])
    let receiver = try WebhookReceiver { _ in .status(500, body: "out of order") }
    defer { receiver.close() }
    try send(server, to: receiver.url)
    let list = try ConvertlyClient(server: server).get("/api/webhooks/deliveries")
    let entry = try XCTUnwrap(list.json["deliveries"]?.array?.first, list.text)
    XCTAssertEqual(entry["error"]?.string, "answered with status 500")
    XCTAssertEqual(entry["httpStatus"]?.integer, 500)
    XCTAssertEqual(entry["responsePreview"]?.string, "out of order")
    XCTAssertNotNil(entry["lastAttemptAt"]?.string)
  }
}
