import Appliance
import Basics
import Synchronization
import TestSupport
import XCTest

/// An address that rests says so wherever its webhooks are shown, and an endpoint that fails is not one that works.
final class RestingTests: XCTestCase {
  private func run(_ server: TestServer, _ words: [String]) -> String {
    let lines = Mutex("")
    let code = Commands.run(
      ["admin"] + words, environment: ["WONDER_DATA": server.dataPath],
      console: Console(out: { line in lines.withLock { $0 += line + "\n" } }, error: { _ in }))
    XCTAssertEqual(code, 0)
    return lines.withLock { $0 }
  }

  func testAddressThatFails_RestsInTheListsOfDeliveriesAndEndpoints_AndInTheCommands() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let receiver = try WebhookReceiver { _ in .status(503) }
    addTeardownBlock { receiver.close() }
    let made = try server.admin("POST", "/endpoints", #"{"workspace":"api-workspace","url":"\#(receiver.url)"}"#)
    let id = made.json["endpoint"]?["id"]?.integer ?? 0
    XCTAssertEqual(made.json["endpoint"]?["condition"]?.string, "working")
    func endpoint() throws -> JSONValue {
      let reply = try server.client.get("/admin/api/v1/endpoints?workspace=api-workspace", session.headers)
      return reply.json["endpoints"]?[0] ?? .null
    }
    _ = try server.admin("POST", "/endpoints/\(id)/test")
    XCTAssertEqual(try endpoint()["condition"]?.string, "failing")
    XCTAssertEqual(try endpoint()["state"]?.string, "enabled")
    XCTAssertEqual(try endpoint()["resting_until"], .null)
    for _ in 0..<24 { _ = try server.admin("POST", "/endpoints/\(id)/test") }
    let until = try XCTUnwrap(try endpoint()["resting_until"]?.string)
    XCTAssertEqual(try endpoint()["condition"]?.string, "resting")
    let reply = try server.client.get("/admin/api/v1/deliveries?workspace=api-workspace", session.headers)
    let first = try XCTUnwrap(reply.json["deliveries"]?[0])
    XCTAssertEqual(first["status"]?.string, "waiting")
    XCTAssertNotNil(first["resting_until"]?.string)
    XCTAssertEqual(first["resting_because"]?.string, "it failed too often in a row")
    for (words, columns) in [
      (["deliveries"], ["RESTING UNTIL", "NEXT"]), (["endpoints"], ["RESTING UNTIL", "CONDITION"]),
    ] {
      let table = run(server, words)
      for column in columns { XCTAssertTrue(table.contains(column), table) }
      XCTAssertTrue(table.contains(until.prefix(16)), table)
    }
    let rests = try server.admin("GET", "/health").json["health"]?["webhooks"]?["rests"]
    XCTAssertEqual(rests?[0]?["what"]?.string, receiver.url)
    XCTAssertTrue(rests?[0]?["because"]?.string?.contains("failures in a row") ?? false)
  }

  func testEndpoint_ThatIsTurnedOff_SaysSo() throws {
    let server = try TestServer()
    let made = try server.admin("POST", "/endpoints", #"{"workspace":"api-workspace","url":"http://a.example/"}"#)
    let id = made.json["endpoint"]?["id"]?.integer ?? 0
    XCTAssertEqual(
      try server.admin("POST", "/endpoints/\(id)/disable").json["endpoint"]?["condition"]?.string, "off")
  }
}
