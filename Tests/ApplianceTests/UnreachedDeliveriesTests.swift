import Basics
import TestSupport
import XCTest

@testable import Engine

/// What a customer learns of the network inside from webhooks that reach nobody: nothing.
final class UnreachedDeliveriesTests: XCTestCase {
  func testWebhooksThatReachNobody_AreToldInTheSameWords_AndOnlyTheOperatorLearnsMore() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.1/32"])
    let session = try server.signIn("a@example.com", workspace: "api-workspace", role: "admin")
    let closed = try WebhookReceiver { _ in .status(200) }
    closed.close()
    let canary = try WebhookReceiver { _ in .status(200) }
    defer { canary.close() }
    let targets = [
      ("http://no-such-host.invalid/", "the name could not be resolved"),
      ("http://127.0.0.1:\(closed.port)/", "could not connect"),
      ("http://127.0.0.2:\(canary.port)/", "address not allowed"), ("http://10.0.0.1/", "address not allowed"),
      ("http://127.0.0.1:22/", "address not allowed"),
      ("http://127.0.0.1:\(server.client.port)/", "address not allowed"),
    ]
    var seen: Set<String> = []
    for (url, reason) in targets {
      let body = #"{"workspace":"api-workspace","url":"\#(url)"}"#
      let made = try server.client.send(
        "POST", "/admin/api/v1/endpoints", session.headers, body: Array(body.utf8))
      let endpoint = try XCTUnwrap(made.json["endpoint"]?["id"]?.integer, made.text)
      let tried = try server.client.send("POST", "/admin/api/v1/endpoints/\(endpoint)/test", session.headers)
      let delivery = try XCTUnwrap(tried.json["delivery"], tried.text)
      let id = delivery["id"]?.integer ?? 0
      let listed = try server.client.send("GET", "/admin/api/v1/deliveries/\(id)", session.headers).json["delivery"]
      for shown in [delivery, try XCTUnwrap(listed)] {
        let attempt = shown["history"]?[0]
        seen.insert(
          [
            shown["last_error"], shown["hint"], attempt?["error"], attempt?["status"], attempt?["milliseconds"],
            attempt?["response"],
          ].map { $0?.text ?? "nothing" }.joined(separator: ", "))
      }
      let known = try server.admin("GET", "/deliveries/\(id)").json["delivery"]
      XCTAssertEqual(known?["last_error"]?.string, reason, url)
      XCTAssertEqual(known?["history"]?[0]?["error"]?.string, reason, url)
    }
    XCTAssertEqual(seen, [#""could not connect", null, "could not connect", null, 0, """#])
    XCTAssertEqual(canary.requests.count, 0)
  }

  func testTimeOutBeforeTheConnection_AndTroubleWithTheMailServer_AreToldCustomersInOneTextEach() {
    XCTAssertEqual(Unreached.shown("no connection in time", style: "standard"), "could not connect")
    XCTAssertEqual(Unreached.shown("no complete answer in time", style: "standard"), "no complete answer in time")
    XCTAssertEqual(Unreached.shown("answered with status 404", style: "standard"), "answered with status 404")
    let mail = [
      "the name could not be resolved", "could not connect", "no connection in time", "no complete answer in time",
      "TLS failed", "the mail server refused the user name or password", "not an answer of a mail server",
    ]
    XCTAssertEqual(Set(mail.map { Unreached.shown($0, style: "mail") }), ["the mail server could not be used"])
    XCTAssertEqual(Unreached.shown("answered with status 550", style: "mail"), "answered with status 550")
  }
}
