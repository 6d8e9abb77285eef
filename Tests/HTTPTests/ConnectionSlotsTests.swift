import Basics
import Synchronization
import XCTest

@testable import HTTP

/// Who goes when all connections are taken.
final class ConnectionSlotsTests: XCTestCase {
  /// What the server's clock is ahead of the machine's.
  private final class Lead: Sendable {
    private let span = Mutex<Int64>(0)

    var nanoseconds: Int64 { span.withLock { $0 } }

    func become(seconds: Int64) { span.withLock { $0 = seconds * 1_000_000_000 } }
  }

  private let lead = Lead()

  private func start(connections: Int, _ handled: XCTestExpectation? = nil) throws -> UInt16 {
    var limits = ServerLimits()
    limits.connections = connections
    let router = Router(
      groups: [
        RouteGroup(
          [
            Route(.get, "/hello") { _ in .text(.ok, "hello") },
            Route(.post, "/open") { request in
              handled?.fulfill()
              return .text(.ok, "\(try await request.body.collect(atMost: 1 << 20).count)")
            },
            Route(.post, "/known") { request in
              request.vouch()
              handled?.fulfill()
              return .text(.ok, "\(try await request.body.collect(atMost: 1 << 20).count)")
            },
            Route(.post, "/refuse") { _ in throw HTTPFailure.notFound },
          ], refuse: refusal("group"))
      ], fallback: refusal("fallback"))
    let clock = Clock(now: Clock.system.now) { [lead] in Clock.readMonotonic() + lead.nanoseconds }
    let server = Server(
      limits: limits, router: router, clock: clock, log: .silent, listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }

  private func begin(_ path: String, _ port: UInt16, bytes: Int = 0) throws -> RawClient {
    let client = try RawClient(port: port)
    try client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n")
    if bytes > 0 { try client.send([UInt8](repeating: 0x61, count: bytes)) }
    return client
  }

  private func hello(_ port: UInt16) throws -> RawClient {
    let client = try RawClient(port: port)
    try client.send("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
    return client
  }

  func testNewClient_WhenSlowBodiesFillTheSlots_IsServed() throws {
    let handled = expectation(description: "handled")
    handled.expectedFulfillmentCount = 8
    let port = try start(connections: 8, handled)
    let slow = try (0..<8).map { _ in try begin("/open", port) }
    wait(for: [handled], timeout: 10)
    for _ in 0..<4 {
      XCTAssertEqual(try hello(port).answer().status, 200)
    }
    let closed = slow.filter { $0.hasBytes(within: 50) }
    XCTAssertFalse(closed.isEmpty)
    for client in closed { XCTAssertEqual(try client.answer().status, 503) }
  }

  func testNewClient_WhenSlowHeadsFillTheSlots_IsServed() throws {
    let port = try start(connections: 4)
    let slow = try (0..<4).map { _ in
      let client = try RawClient(port: port)
      try client.send("POST /open HTTP/1.1\r\nHost:")
      return client
    }
    XCTAssertEqual(try hello(port).answer().status, 200)
    withExtendedLifetime(slow) {}
  }

  func testNewClient_WhenBodiesNobodyWantsFillTheSlots_IsServed() throws {
    let port = try start(connections: 4)
    let slow = try (0..<4).map { _ in try begin("/refuse", port) }
    for client in slow { XCTAssertEqual(try client.answer().status, 404) }
    XCTAssertEqual(try hello(port).answer().status, 200)
  }

  func testSlowest_GoesFirst_AndIdleOnesBeforeIt() throws {
    let handled = expectation(description: "handled")
    handled.expectedFulfillmentCount = 3
    let port = try start(connections: 4, handled)
    let idle = try hello(port)
    XCTAssertEqual(try idle.answer().status, 200)
    let clients = try [20_000, 10, 5000].map { try begin("/open", port, bytes: $0) }
    wait(for: [handled], timeout: 10)
    lead.become(seconds: 5)
    let first = try hello(port)
    XCTAssertEqual(try first.answer().status, 200)
    XCTAssertTrue(try idle.isClosed())
    lead.become(seconds: 8)
    // The first newcomer is idle now, so it goes before the slowest.
    let second = try hello(port)
    XCTAssertEqual(try second.answer().status, 200)
    XCTAssertTrue(try first.isClosed())
    let head = "POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
    try second.send(head + String(repeating: "a", count: 50_000))
    XCTAssertEqual(try second.answer().status, 404)
    let third = try hello(port)
    XCTAssertEqual(try third.answer().status, 200)
    XCTAssertEqual(try clients[1].answer().status, 503)
    for index in [0, 2] { XCTAssertFalse(clients[index].hasBytes(within: 0)) }
  }

  func testKnownClients_AreNeverClosedForANewOne() throws {
    let handled = expectation(description: "handled")
    handled.expectedFulfillmentCount = 3
    let port = try start(connections: 3, handled)
    let known = try (0..<2).map { _ in try begin("/known", port, bytes: 59_999) }
    let open = try begin("/open", port, bytes: 59_999)
    wait(for: [handled], timeout: 10)
    XCTAssertEqual(try hello(port).answer().status, 200)
    XCTAssertEqual(try open.answer().status, 503)
    for client in known {
      try client.send("a")
      XCTAssertEqual(try client.answer().body, "60000")
    }
  }
}
