import Basics
import XCTest

@testable import HTTP

/// Bodies that two servers could cut in two ways, over the wire: 400, and nothing that follows is read as a request.
final class RefusedFramingTests: XCTestCase {
  func testBodyThatIsFramedInAnotherWay_IsRefused_AndNoLaterByteIsParsed() throws {
    let port = try start()
    let coded = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
    let requests = [
      coded + "gzip\r\n\r\n", coded + "chunked, gzip\r\n\r\n", coded + "chunked, chunked\r\n\r\n0\r\n\r\n",
      coded + "gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", coded + "chunked\r\n , gzip\r\n\r\n0\r\n\r\n",
      coded + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      coded + "chunked\r\n\r\n2;\r\nhi\r\n0\r\n\r\n", coded + "chunked\r\n\r\n2;a=\"b\r\nhi\r\n0\r\n\r\n",
      coded + "chunked\r\n\r\n2;a b\r\nhi\r\n0\r\n\r\n", coded + "chunked\r\n\r\n2\r\nhi\r\n0;\r\n\r\n",
      coded + "chunked\r\n\r\n2\r\nhi\r\n0\r\nX : y\r\n\r\n", coded + "chunked\r\n\r\n2\r\nhi\r\n0\r\nTE: x\r\n\r\n",
    ]
    for request in requests {
      let client = try RawClient(port: port)
      try client.send(request + "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      let answer = try client.answer()
      XCTAssertEqual(answer.status, 400, request)
      XCTAssertEqual(answer["Connection"], "close", request)
      XCTAssertEqual(try client.rest(), "", request)
    }
  }

  private func start() throws -> UInt16 {
    let routes = [
      Route(.get, "/hello") { _ in .text(.ok, "hello") },
      Route(.post, "/echo", bodyLimit: 1000) {
        .text(.ok, String(decoding: try await $0.body.collect(atMost: 1000), as: UTF8.self))
      },
    ]
    let server = Server(
      router: Router(groups: [RouteGroup(routes, refuse: refusal("group"))], fallback: refusal("fallback")),
      log: .silent,
      listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }
}
