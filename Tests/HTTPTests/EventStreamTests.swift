import Basics
import Synchronization
import XCTest

@testable import HTTP

final class EventStreamTests: XCTestCase {
  private static let get = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n"

  private let closed = XCTestExpectation(description: "the stream is closed")
  private lazy var hub = EventHub(closed: closed)

  override func setUp() {
    closed.assertForOverFulfill = true
  }

  func testOpen_SaysWhatItIsAndFlushesAtOnce() throws {
    let client = try RawClient(port: try start().ports[0])
    try client.send(Self.get)
    let answer = try client.answer()
    XCTAssertEqual(answer.status, 200)
    XCTAssertEqual(answer["Content-Type"], "text/event-stream")
    XCTAssertEqual(answer["Cache-Control"], "no-cache, no-transform")
    XCTAssertEqual(answer["X-Accel-Buffering"], "no")
    XCTAssertEqual(answer["Transfer-Encoding"], "chunked")
    XCTAssertNil(answer["Content-Length"])
    XCTAssertEqual(try client.chunk(), ":\n\n")
  }

  func testOpen_WithInitialEvents_SendsThemFirst() throws {
    let client = try RawClient(port: try start(initial: [ServerSentEvent(id: "1", data: "old")]).ports[0])
    try client.send(Self.get)
    _ = try client.answer()
    hub.send(ServerSentEvent(id: "2", data: "new"))
    XCTAssertEqual(try client.chunk(), ":\n\nid: 1\ndata: old\n\n")
    XCTAssertEqual(try client.chunk(), "id: 2\ndata: new\n\n")
  }

  func testSend_FromAnotherThread_ArrivesInOrder() throws {
    let client = try open(try start())
    var text = ""
    for number in 0..<200 {
      let event = ServerSentEvent(id: "\(number)", name: "tick", data: "a\nb")
      // A client that answers for each event keeps up, so none may be lost.
      XCTAssertTrue(hub.send(event))
      text += try XCTUnwrap(client.chunk())
    }
    XCTAssertEqual(text, (0..<200).map { "id: \($0)\nevent: tick\ndata: a\ndata: b\n\n" }.joined())
  }

  func testHeartbeat_WhileNothingIsSent_IsAComment() throws {
    let client = try open(try start(heartbeat: .milliseconds(5)))
    XCTAssertEqual(try client.chunk(), ":\n\n")
    XCTAssertEqual(try client.chunk(), ":\n\n")
  }

  func testFinish_EndsTheBodyAndKeepsTheConnection() async throws {
    let client = try open(try start(), then: "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
    hub.send(ServerSentEvent(data: "last"))
    hub.finish()
    XCTAssertEqual(try client.chunk(), "data: last\n\n")
    XCTAssertNil(try client.chunk())
    XCTAssertEqual(try client.answer().body, "hello")
    await fulfillment(of: [closed], timeout: 10)
  }

  func testOpen_OfAStreamThatIsOver_IsNoContentWithoutABody() async throws {
    for (initial, status) in [([], 204), ([ServerSentEvent(id: "1", data: "last")], 200)] {
      let closed = expectation(description: "closed")
      hub = EventHub(closed: closed)
      let server = try start(initial: initial, isOver: true)
      let client = try RawClient(port: server.ports[0])
      try client.send(Self.get + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      let answer = try client.answer()
      XCTAssertEqual(answer.status, status)
      if status == 204 {
        XCTAssertNil(answer["Content-Length"])
        XCTAssertNil(answer["Transfer-Encoding"])
        XCTAssertNil(answer["Content-Type"])
      } else {
        XCTAssertEqual(try client.chunk(), ":\n\nid: 1\ndata: last\n\n")
        XCTAssertNil(try client.chunk())
      }
      XCTAssertEqual(try client.answer().body, "hello")
      await fulfillment(of: [closed], timeout: 10)
      XCTAssertEqual(hub.count, 0)
    }
  }

  func testClose_ByTheClient_UnsubscribesTheProducer() async throws {
    for end in [{ $0.finishSending() }, { $0.reset() }, { _ in }] as [(RawClient) -> Void] {
      let closed = expectation(description: "closed")
      hub = EventHub(closed: closed)
      end(try open(try start(heartbeat: .seconds(3600))))
      await fulfillment(of: [closed], timeout: 10)
      XCTAssertEqual(hub.count, 0)
    }
  }

  func testClose_OfTheSendingHalfOnly_EndsTheBody() async throws {
    let client = try open(try start())
    client.finishSending()
    XCTAssertNil(try client.chunk())
    XCTAssertTrue(try client.isClosed())
    await fulfillment(of: [closed], timeout: 10)
  }

  func testSend_ToAStuckClientBeyondTheCapacity_DropsIt() async throws {
    let client = try open(try start(), isNarrow: true)
    hub.send(ServerSentEvent(data: Self.huge))
    try client.awaitBytes()
    for _ in 0..<EventChannel.capacity { XCTAssertTrue(hub.send(ServerSentEvent(data: "x"))) }
    XCTAssertFalse(hub.send(ServerSentEvent(data: "x")))
    await fulfillment(of: [closed], timeout: 10)
    XCTAssertFalse(try client.rest().hasSuffix("0\r\n\r\n"))
  }

  func testSend_ToAStuckClient_DropsItAfterTheStallTime() async throws {
    var limits = ServerLimits()
    limits.rateWindow = .milliseconds(50)
    let client = try open(try start(limits: limits), isNarrow: true)
    hub.send(ServerSentEvent(data: Self.huge))
    await fulfillment(of: [closed], timeout: 10)
    XCTAssertFalse(try client.rest().hasSuffix("0\r\n\r\n"))
  }

  func testOpen_BeyondTheMostStreams_IsRefused() throws {
    var limits = ServerLimits()
    (limits.streams, limits.streamsPerHolder) = (3, 2)
    let streams = EventStreams(limits)
    var places = try [streams.enter("a"), streams.enter("a")]
    XCTAssertThrowsError(try streams.enter("a")) { XCTAssertEqual(($0 as? HTTPFailure)?.status, .tooManyRequests) }
    places.append(try streams.enter("b"))
    XCTAssertThrowsError(try streams.enter("c")) { XCTAssertEqual(($0 as? HTTPFailure)?.status, .serviceUnavailable) }
    places.removeFirst()
    XCTAssertNoThrow(places.append(try streams.enter("a")))
    let stream = EventStream(EventChannel(), place: places.removeLast())
    XCTAssertEqual(streams.count, 3)
    stream.close()
    XCTAssertEqual(streams.count, 2)
  }

  func testDrain_WithOpenStreams_EndsThemAtOnce() async throws {
    let server = try start()
    let client = try open(server)
    let stuck = try open(server, isNarrow: true)
    closed.expectedFulfillmentCount = 2
    hub.send(ServerSentEvent(data: Self.huge))
    try stuck.awaitBytes()
    XCTAssertEqual(try client.chunk()?.utf8.count, Self.huge.utf8.count + 8)
    let start = Clock.readMonotonic()
    await server.drain(within: .seconds(600))
    XCTAssertLessThan(Clock.readMonotonic() - start, 5_000_000_000)
    XCTAssertNil(try client.chunk())
    XCTAssertTrue(try client.isClosed())
    await fulfillment(of: [closed], timeout: 0)
  }

  func testStop_WithOpenStreams_ClosesThem() async throws {
    let server = try start()
    let client = try open(server)
    server.stop()
    await fulfillment(of: [closed], timeout: 0)
    XCTAssertTrue(try client.isClosed())
  }

  func testOpen_OverHTTP10_EndsWithTheConnection() throws {
    let client = try RawClient(port: try start().ports[0])
    try client.send("GET /events HTTP/1.0\r\n\r\n")
    let answer = try client.answer()
    XCTAssertNil(answer["Transfer-Encoding"])
    XCTAssertEqual(answer["Connection"], "close")
    hub.send(ServerSentEvent(data: "x"))
    hub.finish()
    XCTAssertEqual(try client.rest(), ":\n\ndata: x\n\n")
  }

  func testOpen_WithHead_SendsNoBody() async throws {
    let client = try RawClient(port: try start().ports[0])
    try client.send(Self.get.replacing("GET", with: "HEAD") + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
    XCTAssertEqual(try client.answer(isHead: true)["Content-Type"], "text/event-stream")
    XCTAssertEqual(try client.answer().body, "hello")
    await fulfillment(of: [closed], timeout: 10)
  }

  func testAccessLog_IsWrittenWhenTheStreamEnds() async throws {
    let lines = Mutex<[String]>([])
    let written = expectation(description: "written")
    let log = Log { line in
      lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
      written.fulfill()
    }
    let client = try open(try start(accessLog: log))
    XCTAssertEqual(lines.withLock { $0 }, [])
    hub.send(ServerSentEvent(data: "x"))
    hub.finish()
    await fulfillment(of: [written], timeout: 10)
    XCTAssertTrue(
      lines.withLock { $0.joined() }.contains("path=/events status=200 bytes=12 ms="), "\(lines.withLock { $0 })")
    XCTAssertEqual(try client.chunk(), "data: x\n\n")
  }

  func testSend_ToManyStreams_ReachesEachOne() async throws {
    var limits = ServerLimits()
    limits.connections = 1000
    let server = try start(limits: limits, loops: 2)
    closed.expectedFulfillmentCount = 500
    let clients = try (0..<500).map { _ in try open(server) }
    XCTAssertEqual(hub.count, 500)
    for number in 0..<3 { XCTAssertTrue(hub.send(ServerSentEvent(data: "\(number)"))) }
    hub.finish()
    for client in clients {
      var text = ""
      while let chunk = try client.chunk() { text += chunk }
      XCTAssertEqual(text, "data: 0\n\ndata: 1\n\ndata: 2\n\n")
    }
    await fulfillment(of: [closed], timeout: 10)
  }

  /// More than a sending socket takes (tcp_wmem).
  private static let huge = String(repeating: "x", count: 8 << 20)

  /// A client whose stream is open; `request` is sent along, for when it has ended.
  private func open(_ server: Server, isNarrow: Bool = false, then request: String = "") throws -> RawClient {
    let client = try RawClient(port: server.ports[0], isNarrow: isNarrow)
    try client.send(Self.get + request)
    XCTAssertEqual(try client.answer().status, 200)
    XCTAssertEqual(try client.chunk(), ":\n\n")
    return client
  }

  private func start(
    limits: ServerLimits = ServerLimits(), loops: Int = 1, accessLog: Log? = nil, initial: [ServerSentEvent] = [],
    heartbeat: Duration = .seconds(15), isOver: Bool = false
  ) throws -> Server {
    let routes = [
      Route(.get, "/events") { [hub] _ in
        let stream = hub.open(initial: initial, heartbeat: heartbeat)
        if isOver { hub.finish() }
        return .events(stream)
      },
      Route(.get, "/hello") { _ in .text(.ok, "hello") },
    ]
    let router = Router(groups: [RouteGroup(routes, refuse: refusal("group"))], fallback: refusal("fallback"))
    let server = Server(
      limits: limits, router: router, loops: loops, log: .silent, accessLog: accessLog,
      listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    addTeardownBlock { server.stop() }
    return server
  }
}
