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

  private func start(_ limits: ServerLimits) throws -> UInt16 {
    let routes = [
      Route(.post, "/count", bodyLimit: .max) { request in
        var count = 0
        while try await request.body.readChunk({ count += $0.count }) {}
        return .text(.ok, "\(count)")
      }
    ]
    let router = Router(groups: [RouteGroup(routes, refuse: refusal("group"))], fallback: refusal("fallback"))
    let server = Server(limits: limits, router: router, log: .silent, listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }
}
