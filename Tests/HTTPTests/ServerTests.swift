import Basics
import CSystem
import Foundation
import Glibc
import Storage
import Synchronization
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
    limits.rateWindow = .milliseconds(50)
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

  func testServe_WithSlowReader_DropsIt() throws {
    var limits = ServerLimits()
    limits.rateWindow = .milliseconds(50)
    let client = try RawClient(port: try start(limits: limits), isNarrow: true)
    try client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n")
    XCTAssertTrue(client.isReset())
  }

  func testServe_WithIdleConnection_ClosesItAfterTheKeepAliveTime() throws {
    var limits = ServerLimits()
    limits.keepAlive = .milliseconds(300)
    let client = try RawClient(port: try start(limits: limits))
    try client.send(Self.get)
    XCTAssertEqual(try client.answer().status, 200)
    XCTAssertTrue(try client.isClosed())
  }

  func testServe_WithAnswerThatIsNotRead_ResetsTheIdleConnection() throws {
    var limits = ServerLimits()
    limits.keepAlive = .milliseconds(200)
    let client = try RawClient(port: try start(limits: limits), isNarrow: true)
    try client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
    XCTAssertTrue(client.isReset())
  }

  func testServe_WithSilentConnection_ClosesItAfterTheHeaderTime() throws {
    var limits = ServerLimits()
    limits.headerTime = .milliseconds(50)
    XCTAssertTrue(try RawClient(port: try start(limits: limits)).isClosed())
  }

  func testServe_AfterTheMostRequests_ClosesTheConnection() throws {
    var limits = ServerLimits()
    limits.requestsPerConnection = 2
    let client = try RawClient(port: try start(limits: limits))
    try client.send(Self.get + Self.get + Self.get)
    XCTAssertNil(try client.answer()["Connection"])
    XCTAssertEqual(try client.answer()["Connection"], "close")
    XCTAssertTrue(try client.isClosed())
  }

  func testServe_WithHeadInPieces_CountsItsTimeAltogether() throws {
    var limits = ServerLimits()
    limits.headerTime = .milliseconds(200)
    let client = try RawClient(port: try start(limits: limits))
    let start = Clock.readMonotonic()
    // Each byte comes long before the time is over, and yet the head is not there in time.
    while Clock.readMonotonic() - start < 5_000_000_000, (try? client.send("G")) != nil, !client.hasBytes(within: 20) {}
    XCTAssertEqual(try client.answer().status, 408)
    XCTAssertGreaterThanOrEqual(Clock.readMonotonic() - start, 190_000_000)
  }

  func testServe_AfterAPause_AnswersAgain() throws {
    // Longer than a connection keeps its task for.
    let client = try RawClient(port: try start())
    for _ in 0..<2 {
      try client.send(Self.get)
      XCTAssertEqual(try client.answer().body, "hello")
      XCTAssertFalse(client.hasBytes(within: 300))
    }
  }

  func testServe_WithRefusedAdmission_AnswersBeforeTheBody() throws {
    let client = try RawClient(port: try start())
    try client.send("POST /full HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\nExpect: 100-continue\r\n\r\n")
    let answer = try client.answer()
    XCTAssertEqual(answer.status, 503)
    XCTAssertEqual(answer["Retry-After"], "30")
    XCTAssertEqual(answer["Connection"], "close")
    XCTAssertTrue(try client.isClosed())
  }

  func testServe_WithManyTinyChunks_ReadsThemAll() throws {
    let client = try RawClient(port: try start())
    let chunks = String(repeating: "1\r\nx\r\n", count: 100_000)
    try client.send(
      "POST /count HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n")
    XCTAssertEqual(try client.answer().body, "100000")
  }

  func testServe_WithOtherHostInTheTarget_AnswersOnceWithThatOne() throws {
    let client = try RawClient(port: try start())
    try client.send("GET http://b:81/host HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
    let answer = try client.answer()
    XCTAssertEqual(answer.body, "http://b:81 127.0.0.1")
    XCTAssertEqual(answer["Connection"], "close")
    XCTAssertTrue(try client.isClosed())
  }

  func testServe_WithoutHost_NamesTheAddressItListensOn() throws {
    let port = try start()
    let client = try RawClient(port: port)
    try client.send("GET /host HTTP/1.0\r\n\r\n")
    XCTAssertEqual(try client.answer().body, "http://127.0.0.1:\(port) 127.0.0.1")
  }

  func testServe_BehindAProxy_BelievesItOnly() throws {
    let request =
      "GET /host HTTP/1.1\r\nHost: inner\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"
      + "X-Forwarded-Host: files.example\r\n\r\n"
    let stranger = try RawClient(port: try start())
    try stranger.send(request)
    XCTAssertEqual(try stranger.answer().body, "http://inner 127.0.0.1")
    let proxy = try RawClient(port: try start(proxies: TrustedProxies("127.0.0.0/8")))
    try proxy.send(request)
    XCTAssertEqual(try proxy.answer().body, "https://files.example 203.0.113.9")
  }

  func testServe_NamesTheRequestInAnswerAndLog() async throws {
    let lines = Mutex("")
    let written = expectation(description: "written")
    let log = Log { line in
      lines.withLock { $0 += String(decoding: line, as: UTF8.self) }
      written.fulfill()
    }
    let server = makeServer(
      [.tcp(address: "127.0.0.1", port: 0)], proxies: try TrustedProxies("127.0.0.1"), accessLog: log)
    try server.start()
    let client = try RawClient(port: server.ports[0])
    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.7\r\nX-Request-Id: mine\r\n\r\n")
    let id = try XCTUnwrap(client.answer()["X-Request-Id"])
    await fulfillment(of: [written], timeout: 10)
    let line = lines.withLock { $0 }
    XCTAssertTrue(
      line.hasSuffix("peer=192.0.2.7 request=\(id)\n")
        && line.contains("method=GET path=/hello status=200 bytes=5 ms="),
      line)
    server.stop()
  }

  func testListener_GivesItsOptionsToConnections() throws {
    let (descriptors, bound) = try Listener.open(.tcp(address: "127.0.0.1", port: 0), count: 1)
    defer { close(descriptors[0]) }
    guard case .tcp(_, let port) = bound else { return XCTFail("no port") }
    let client = try RawClient(port: port)
    var name = SocketAddress()
    let accepted = csystem_accept(descriptors[0], &name.storage, &name.length)
    XCTAssertGreaterThanOrEqual(accepted, 0)
    defer { close(accepted) }
    var value: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(accepted, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &value, &length)
    XCTAssertEqual(value, 1000 * Listener.silenceSeconds)
    getsockopt(accepted, SOL_SOCKET, SO_KEEPALIVE, &value, &length)
    XCTAssertEqual(value, 1)
    client.finishSending()
  }

  fileprivate static let huge = [UInt8](repeating: 0x61, count: 16 << 20)

  private func start(limits: ServerLimits = ServerLimits(), loops: Int = 1, proxies: TrustedProxies = .none) throws
    -> UInt16
  {
    let server = makeServer([.tcp(address: "127.0.0.1", port: 0)], limits: limits, loops: loops, proxies: proxies)
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }

  private func makeServer(
    _ addresses: [ListenAddress], limits: ServerLimits = ServerLimits(), loops: Int = 1, gate: Gate = Gate(),
    proxies: TrustedProxies = .none, accessLog: Log? = nil
  ) -> Server {
    Server(
      limits: limits, router: .forTests(gate), proxies: proxies, loops: loops, log: .silent, accessLog: accessLog,
      listen: addresses)
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
      Route(.get, "/huge") { _ in Response(.ok, body: .bytes(ServerTests.huge)) },
      Route(.get, "/large") { _ in Response(.ok, body: .bytes(Array(ServerTests.huge.prefix(300_000)))) },
      Route(.get, "/host") { .text(.ok, "\($0.scheme)://\($0.host) \($0.client)") },
      Route(
        .post, "/full", bodyLimit: 100_000,
        admission: { _ in throw HTTPFailure.unavailable("the disk is full", retryAfterSeconds: 30) }
      ) { _ in .text(.ok, "never") },
      Route(.get, "/wait") { _ in
        await gate.pass()
        return .text(.ok, "waited")
      },
    ]
    return Router(groups: [RouteGroup(routes, refuse: refusal("group"))], fallback: refusal("fallback"))
  }
}
