import Basics
import XCTest

@testable import HTTP

/// Clients that are slow, which are served, beside those that only seem to be there.
final class SlowClientsTests: XCTestCase {
  func testServe_WithBodyBeyondItsTime_TimesOutUnlessMuchHasCome() throws {
    var limits = ServerLimits()
    limits.bodyTime = .milliseconds(100)
    let port = try start(limits)
    let small = try RawClient(port: port)
    try small.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
    XCTAssertEqual(try small.answer().status, 408)
    let large = try RawClient(port: port)
    let size = 4 << 20
    try large.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: \(size + 1)\r\n\r\n")
    try large.send([UInt8](repeating: 7, count: size))
    XCTAssertFalse(large.hasBytes(within: 300), "there is a minute more for what has come")
    try large.send([7])
    XCTAssertEqual(try large.answer().body, "\(size + 1)")
  }

  func testServe_WithReaderThatIsSlowAndAlive_GoesOn() throws {
    let client = try RawClient(port: try start(slow), isNarrow: true)
    try client.send("GET /huge HTTP/1.1\r\nHost: a\r\n\r\n")
    let end = Clock.readMonotonic() + 3_000_000_000
    while Clock.readMonotonic() < end {
      XCTAssertGreaterThan(try client.take(), 0)
      XCTAssertFalse(client.isReset(within: 100))
    }
    XCTAssertTrue(client.isReset(), "now it reads nothing")
  }

  func testServe_WithIdleConnectionThatTakesItsAnswerSlowly_LetsItHaveAllOfIt() throws {
    let client = try RawClient(port: try start(slow), isNarrow: true)
    try client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
    var (total, count) = (0, 0)
    repeat {
      count = try client.take()
      total += count
      XCTAssertFalse(client.isReset(within: 100))
    } while count > 0
    XCTAssertGreaterThan(total, SlowClientsTests.large)
  }

  private static let large = 500_000

  private var slow: ServerLimits {
    var limits = ServerLimits()
    (limits.rateWindow, limits.keepAlive) = (.seconds(1), .seconds(1))
    return limits
  }

  private func start(_ limits: ServerLimits) throws -> UInt16 {
    let routes = [
      Route(.post, "/count", bodyLimit: .max) { request in
        var count = 0
        while try await request.body.readChunk({ count += $0.count }) {}
        return .text(.ok, "\(count)")
      },
      Route(.get, "/huge") { _ in Response(.ok, body: .bytes([UInt8](repeating: 0x61, count: 16 << 20))) },
      Route(.get, "/large") { _ in
        Response(.ok, body: .bytes([UInt8](repeating: 0x61, count: SlowClientsTests.large)))
      },
    ]
    let router = Router(groups: [RouteGroup(routes, refuse: refusal("group"))], fallback: refusal("fallback"))
    let server = Server(limits: limits, router: router, log: .silent, listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }
}
