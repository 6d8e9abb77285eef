import Basics
import Foundation
import Glibc
import Storage
import XCTest

@testable import HTTP

final class ServerTests: XCTestCase {
  private static let get = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"

  func testServe_OverOneConnection_AnswersEveryRequest() throws {
    let client = try RawClient(port: try start())
    for _ in 0..<3 {
      try client.send(Self.get)
      let answer = try client.answer()
      XCTAssertEqual(answer.status, 200)
      XCTAssertEqual(answer.body, "hello")
      XCTAssertNil(answer["Connection"])
      XCTAssertNotNil(answer["Date"])
      XCTAssertEqual(answer["X-Request-Id"]?.count, 15)
    }
  }

  func testServe_WithPipelinedRequests_AnswersInOrder() throws {
    let client = try RawClient(port: try start())
    let paths = (0..<20).map { "/echo/\($0)" }
    try client.send(paths.map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
    XCTAssertEqual(try paths.map { _ in try client.answer().body }, paths)
  }

  func testServe_WithHead_SendsNoBody() throws {
    let client = try RawClient(port: try start())
    try client.send(Self.get.replacing("GET", with: "HEAD") + Self.get)
    XCTAssertEqual(try client.answer(isHead: true)["Content-Length"], "5")
    XCTAssertEqual(try client.answer().body, "hello")
  }

  func testServe_WithFile_SendsItOrItsRange() throws {
    let client = try RawClient(port: try start())
    let text = String(decoding: try FileBytes.read(#filePath, atMost: 1 << 20), as: UTF8.self)
    try client.send("GET /file HTTP/1.1\r\nHost: a\r\n\r\nGET /file HTTP/1.1\r\nHost: a\r\nRange: bytes=0-5\r\n\r\n")
    XCTAssertEqual(try client.answer().body, text)
    let part = try client.answer()
    XCTAssertEqual(part.status, 206)
    XCTAssertEqual(part.body, "import")
  }

  func testServe_WithChunkedBody_GivesItToTheHandler() throws {
    let client = try RawClient(port: try start())
    let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    try client.send(head + "5\r\nhello\r\n")
    try client.send("6\r\n world\r\n0\r\n\r\n" + Self.get)
    XCTAssertEqual(try client.answer().body, "hello world")
    XCTAssertEqual(try client.answer().body, "hello")
  }

  func testServe_WithLargeBody_CountsEveryByte() throws {
    let client = try RawClient(port: try start())
    let size = 5_000_000
    try client.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n")
    try client.send([UInt8](repeating: 7, count: size))
    XCTAssertEqual(try client.answer().body, "\(size)")
    try client.send(Self.get)
    XCTAssertEqual(try client.answer().body, "hello")
  }

  func testServe_WithTooLargeContentLength_AnswersBeforeTheBody() throws {
    let client = try RawClient(port: try start())
    try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n")
    try client.send([UInt8](repeating: 7, count: 500_000))
    let answer = try client.answer()
    XCTAssertEqual(answer.status, 413)
    XCTAssertEqual(answer["Connection"], "close")
  }

  func testServe_WithTooLargeChunkedBody_IsRefused() throws {
    let client = try RawClient(port: try start())
    try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n")
    try client.send([UInt8](repeating: 7, count: 0x20000))
    XCTAssertEqual(try client.answer().status, 413)
  }

  func testServe_WithExpectation_SendsContinueWhenTheBodyIsRead() throws {
    let client = try RawClient(port: try start())
    try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    XCTAssertEqual(try client.answer().status, 100)
    try client.send("ok")
    XCTAssertEqual(try client.answer().body, "ok")
  }

  func testServe_WithExpectationAndRefusal_SendsNoContinue() throws {
    let client = try RawClient(port: try start())
    try client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
    let answer = try client.answer()
    XCTAssertEqual(answer.status, 503)
    XCTAssertEqual(answer["Retry-After"], "7")
    XCTAssertEqual(answer["Connection"], "close")
  }

  func testServe_WithHalfClosedClient_StillAnswers() throws {
    let client = try RawClient(port: try start())
    try client.send(Self.get)
    client.finishSending()
    XCTAssertEqual(try client.answer().body, "hello")
    XCTAssertTrue(try client.isClosed())
  }

  func testServe_WithMalformedRequest_ParsesNoLaterByte() throws {
    let client = try RawClient(port: try start())
    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n" + Self.get)
    XCTAssertEqual(try client.answer().status, 400)
    XCTAssertTrue(try client.isClosed())
  }

  func testServe_WithUnreadSmallBody_KeepsTheConnection() throws {
    let client = try RawClient(port: try start())
    try client.send("POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")
    XCTAssertEqual(try client.answer().status, 503)
    try client.send("12345" + Self.get)
    XCTAssertEqual(try client.answer().body, "hello")
  }

  func testServe_WithSlowHead_TimesOut() throws {
    var limits = ServerLimits()
    limits.headerTime = .milliseconds(50)
    let client = try RawClient(port: try start(limits: limits))
    try client.send("GET /hello HTTP/1.1\r\n")
    XCTAssertEqual(try client.answer().status, 408)
  }

  func testServe_WithSlowBody_TimesOut() throws {
    var limits = ServerLimits()
    limits.bodyRateWindow = .milliseconds(50)
    let client = try RawClient(port: try start(limits: limits))
    try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
    XCTAssertEqual(try client.answer().status, 408)
  }

  func testServe_BeyondTheMostConnections_ClosesTheOldestIdleOne() throws {
    var limits = ServerLimits()
    limits.connections = 2
    let port = try start(limits: limits)
    let clients = try (0..<2).map { _ in try RawClient(port: port) }
    for client in clients {
      try client.send(Self.get)
      XCTAssertEqual(try client.answer().status, 200)
    }
    let third = try RawClient(port: port)
    try third.send(Self.get)
    XCTAssertEqual(try third.answer().status, 200)
    XCTAssertTrue(try clients[0].isClosed())
  }

  func testStart_OnAPortInUse_IsRefused() throws {
    let port = try start(loops: 2)
    let second = makeServer([.tcp(address: "127.0.0.1", port: port)], loops: 2)
    XCTAssertThrowsError(try second.start()) { XCTAssertEqual(($0 as? SystemFailure)?.code, EADDRINUSE) }
  }

  func testStart_OnAUnixPath_ServesItAndRemovesIt() throws {
    let path = NSTemporaryDirectory() + "wonder-\(UUID().uuidString.prefix(8)).sock"
    let server = makeServer([.unix(path: path)])
    try server.start()
    var status = stat()
    XCTAssertEqual(stat(path, &status), 0)
    XCTAssertEqual(status.st_mode & 0o777, 0o600)
    server.stop()
    XCTAssertNotEqual(stat(path, &status), 0)
    XCTAssertThrowsError(try makeServer([.unix(path: "/tmp/" + String(repeating: "a", count: 110))]).start())
  }

  func testDrain_WithIdleAndActiveConnections_FinishesTheActiveOne() async throws {
    let gate = Gate()
    let server = makeServer([.tcp(address: "127.0.0.1", port: 0)], gate: gate)
    try server.start()
    let idle = try RawClient(port: server.ports[0])
    let active = try RawClient(port: server.ports[0])
    try idle.send(Self.get)
    XCTAssertEqual(try idle.answer().status, 200)
    try active.send(Self.get.replacing("hello", with: "wait"))
    await gate.entered()
    async let drained: Void = server.drain(within: .seconds(10))
    XCTAssertTrue(try idle.isClosed())
    gate.open()
    let answer = try active.answer()
    XCTAssertEqual(answer.body, "waited")
    XCTAssertEqual(answer["Connection"], "close")
    await drained
    XCTAssertThrowsError(try RawClient(port: server.ports[0]))
    server.stop()
  }

  private func start(limits: ServerLimits = ServerLimits(), loops: Int = 1) throws -> UInt16 {
    let server = makeServer([.tcp(address: "127.0.0.1", port: 0)], limits: limits, loops: loops)
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }

  private func makeServer(
    _ addresses: [ListenAddress], limits: ServerLimits = ServerLimits(), loops: Int = 1, gate: Gate = Gate()
  ) -> Server {
    Server(limits: limits, router: .forTests(gate), loops: loops, log: .silent, listen: addresses)
  }
}

extension Router {
  /// Routes that show what arrives.
  fileprivate static func forTests(_ gate: Gate) -> Router {
    let routes = [
      Route(.get, "/hello") { _ in .text(.ok, "hello") },
      Route(.get, "/file") { request in
        .file(try OpenFile(path: #filePath), named: "x.swift", contentType: "text/plain", etag: "\"1\"", for: request)
      },
      Route(.get, "/echo/{word}") { .text(.ok, $0.path) },
      Route(.post, "/echo", bodyLimit: 100_000) {
        .text(.ok, String(decoding: try await $0.body.collect(atMost: 100_000), as: UTF8.self))
      },
      Route(.post, "/count", bodyLimit: .max) { request in
        var count = 0
        while try await request.body.readChunk({ count += $0.count }) {}
        return .text(.ok, "\(count)")
      },
      Route(.post, "/refuse") { _ in throw HTTPFailure.unavailable("busy", retryAfterSeconds: 7) },
      Route(.get, "/wait") { _ in
        await gate.pass()
        return .text(.ok, "waited")
      },
    ]
    return Router(groups: [RouteGroup(routes, refuse: refusal("group"))], fallback: refusal("fallback"))
  }
}
