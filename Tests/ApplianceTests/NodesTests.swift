import Basics
import Formats
import Glibc
import TestSupport
import Synchronization
import XCTest

@testable import Conversion

/// Machines that come for orders, as the test's own node and as the real `wonder join`.
final class NodesTests: XCTestCase {
  private static let text = [UInt8](repeating: 0x61, count: 9 << 20)

  private func server() throws -> TestServer {
    try TestServer(settings: ["WONDER_LAUNCH_LANES": "quick", "WONDER_MAX_UPLOAD": "20MB"])
  }

  private func add(_ server: TestServer, _ name: String = "one") throws -> String {
    let reply = try server.admin("POST", "/nodes", #"{"name":"\#(name)"}"#)
    XCTAssertEqual(reply.status, 201)
    return try XCTUnwrap(reply.json["node"]?["token"]?.string)
  }

  private static func call(
    _ server: TestServer, _ token: String, _ method: String, _ path: String, _ body: [UInt8] = Array("{}".utf8)
  ) throws -> TestReply {
    try server.client.send(method, "/nodes/v1" + path, [("Authorization", "Bearer \(token)")], body: body)
  }

  private static func claim(_ server: TestServer, _ token: String, version: String = BuiltProgram.version) throws
    -> TestReply
  {
    try call(server, token, "POST", "/claims", Array(#"{"version":"\#(version)","places":2}"#.utf8))
  }

  /// What a node gets that asked before there was anything to do.
  private func order(_ server: TestServer, _ token: String, for submit: () throws -> String) throws -> (
    request: String, order: JSONValue
  ) {
    let answer = Mutex<TestReply?>(nil)
    let waiting = ServiceThread("claim") {
      let reply = try? NodesTests.claim(server, token)
      answer.withLock { $0 = reply }
    }
    while try server.admin("GET", "/nodes").json["nodes"]?[0]?["places"]?.integer == nil { sched_yield() }
    let request = try submit()
    waiting.join()
    return (request, try XCTUnwrap(answer.withLock { $0?.json["orders"]?[0] }))
  }

  /// Submits a large text once the server knows that the node is there.
  private func submit(_ server: TestServer) throws -> String {
    let form = MultipartForm().field("from", "txt").field("to", "sha256").field("conversion_type", "other")
      .field("total_files", "1").file("files[]", "a.txt", NodesTests.text)
    let reply = try server.submit(form)
    XCTAssertEqual(reply.status, 202, "\(reply.json.text)")
    return try XCTUnwrap(reply.json["request_id"]?.string)
  }

  func testJoin_DoesWhatItsServerHas() throws {
    let server = try server()
    let token = try add(server)
    let node = try Shell.spawn(
      [BuiltProgram.path, "join", "http://127.0.0.1:\(server.client.port)"],
      environment: ["WONDER_NODE_TOKEN": token], output: 1, error: nil)
    defer {
      kill(node, SIGTERM)
      XCTAssertEqual(Shell.wait(for: node), 0)
    }
    while try server.admin("GET", "/nodes").json["nodes"]?[0]?["places"]?.integer == nil { sched_yield() }
    let ended = try server.ended(try submit(server))
    XCTAssertEqual(ended.json["job"]?["status"]?.string, "completed", ended.json.text)
    let link = try XCTUnwrap(ended.json["outputs"]?[0]?["download_url"]?.string)
    let made = try server.client.get(server.path(of: link))
    XCTAssertEqual(
      String(decoding: made.body.prefix(64), as: UTF8.self), Hexadecimal.encode(SHA256.digest(NodesTests.text)))
    let remote = try server.admin("GET", "/server").json["server"]?["remote"]
    XCTAssertEqual(remote?["nodes"]?[0]?["name"]?.string, "one")
    XCTAssertEqual(remote?["nodes"]?[0]?["done"]?.integer, 1)
  }

  func testNode_GetsOrdersWithTheirFiles_AndBringsTheResult() throws {
    let server = try server()
    let token = try add(server)
    let (request, item) = try order(server, token) { try submit(server) }
    let name = try XCTUnwrap(item["name"]?.string)
    let order = try XCTUnwrap(item["order"].flatMap(RemoteOrder.init))
    XCTAssertEqual(try NodesTests.call(server, token, "GET", "/orders/\(name)/in-1").body, NodesTests.text)
    for other in ["in-2", "order.json", "lease", "out-1"] {
      XCTAssertEqual(try NodesTests.call(server, token, "GET", "/orders/\(name)/\(other)").status, 404, other)
    }
    XCTAssertEqual(try NodesTests.call(server, token, "PUT", "/orders/\(name)/in-1").status, 404)
    let bytes = Array("made elsewhere".utf8)
    XCTAssertEqual(try NodesTests.call(server, token, "PUT", "/orders/\(name)/out-1", bytes).status, 204)
    let stranger = try add(server, "two")
    XCTAssertEqual(
      try NodesTests.call(server, stranger, "GET", "/orders/\(name)/in-1").status, 410, "it is another node's")
    let outcome = ConversionOutcome(
      size: Int64(bytes.count), width: nil, height: nil, sha256: SHA256.digest(bytes))
    func result(_ lease: String) -> [UInt8] {
      let piece = RemoteResult.Piece(file: 0, outcome: outcome, label: nil, part: nil)
      return Array(RemoteResult(lease: lease, host: "x", .made([piece])).json.text.utf8)
    }
    XCTAssertEqual(try NodesTests.call(server, token, "POST", "/orders/\(name)/result", result("other")).status, 400)
    XCTAssertEqual(
      try NodesTests.call(server, token, "POST", "/orders/\(name)/result", result(order.lease)).status, 204)
    let ended = try server.ended(request)
    XCTAssertEqual(ended.json["outputs"]?[0]?["size"]?.integer, Int64(bytes.count), ended.json.text)
    XCTAssertEqual(
      try NodesTests.call(server, token, "POST", "/orders/\(name)/result", result(order.lease)).status, 410)
  }

  func testNode_OfAnotherVersionOrWithoutAToken_GetsNothing() throws {
    let server = try server()
    let token = try add(server)
    let other = try NodesTests.claim(server, token, version: "0.0.9")
    XCTAssertEqual(other.status, 409)
    XCTAssert(other.json["message"]?.string?.contains("The node's wonder is 0.0.9") ?? false, other.json.text)
    XCTAssertEqual(try NodesTests.claim(server, "wn_nonsense").status, 401)
    XCTAssertEqual(try server.admin("DELETE", "/nodes/one").status, 204)
    XCTAssertEqual(try NodesTests.claim(server, token).status, 401)
    for name in ["a/b", "A", "launcher", ""] {
      XCTAssertEqual(try server.admin("POST", "/nodes", #"{"name":"\#(name)"}"#).status, 422, name)
    }
    _ = try add(server, "two")
    XCTAssertEqual(try server.admin("POST", "/nodes", #"{"name":"two"}"#).status, 409)
  }

  func testNode_ThatNobodyWaitsFor_IsToldSo() throws {
    let server = try server()
    let token = try add(server)
    let (request, item) = try order(server, token) { try submit(server) }
    let name = try XCTUnwrap(item["name"]?.string)
    XCTAssertEqual(try server.client.send("DELETE", "/api/v1/jobs/\(request)", key: server.key).status, 200)
    func gone() throws -> Bool {
      let signs = Array(#"{"orders":[{"name":"\#(name)","percent":5}]}"#.utf8)
      return try NodesTests.call(server, token, "POST", "/signs", signs).json["gone"] == .array([.string(name)])
    }
    while try !gone() { sched_yield() }
    XCTAssertEqual(try NodesTests.call(server, token, "PUT", "/orders/\(name)/out-1", [1]).status, 410)
  }
}
