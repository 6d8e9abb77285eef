import Basics
import Synchronization
import TestSupport
import XCTest

@testable import HTTP

/// One connection never has a loop for itself, however much it has sent ahead.
final class TurnsTests: XCTestCase {
  /// Holds the loop until both clients have sent all, and notes who is served when.
  private final class Course: Sendable {
    let isHeld = XCTestExpectation(description: "the loop is held")
    private let bell = Doorbell()
    private let served = Mutex<[String]>([])

    var order: [String] { served.withLock { $0 } }

    func hold() {
      isHeld.fulfill()
      _ = bell.wait(timeout: .seconds(10))
    }

    func release() { bell.ring() }

    func note(_ name: String) { served.withLock { $0.append(name) } }
  }

  private let course = Course()

  private func start() throws -> UInt16 {
    let spool = try TemporaryDirectory()
    let router = Router(
      groups: [
        RouteGroup(
          [
            Route(.get, "/hold") { [course] _ in
              course.hold()
              return .text(.ok, "held")
            },
            Route(.get, "/many") { [course] _ in
              course.note("many")
              return .text(.ok, "")
            },
            Route(.get, "/one") { [course] _ in
              course.note("one")
              return .text(.ok, "")
            },
            Route(.post, "/chunks") { [course] request in
              while try await request.body.readChunk({ _ in course.note("many") }) {}
              return .text(.ok, "")
            },
            Route(.post, "/form") { [course] request in
              _ = try await UploadForm.read(request, into: Spool(path: spool.path))
              course.note("form")
              return .text(.ok, "")
            },
          ], refuse: refusal("group"))
      ], fallback: refusal("fallback"))
    let server = Server(router: router, log: .silent, listen: [.tcp(address: "127.0.0.1", port: 0)])
    try server.start()
    addTeardownBlock { server.stop() }
    return try XCTUnwrap(server.ports.first)
  }

  /// What was served before the one request of another client, after `greedy` had sent all of its own.
  private func place(_ greedy: String) throws -> Int {
    let port = try start()
    let (first, second, holder) = (
      try RawClient(port: port), try RawClient(port: port), try RawClient(port: port)
    )
    try holder.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
    wait(for: [course.isHeld], timeout: 10)
    try first.send(greedy)
    try second.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n")
    course.release()
    XCTAssertEqual(try second.answer().status, 200)
    return try XCTUnwrap(course.order.firstIndex(of: "one"))
  }

  func testRequests_SentAhead_LetOthersThrough() throws {
    XCTAssertLessThan(try place(String(repeating: "GET /many HTTP/1.1\r\nHost: a\r\n\r\n", count: 200)), 100)
  }

  func testTinyChunks_LetOthersThrough() throws {
    let head = "POST /chunks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    XCTAssertLessThan(try place(head + String(repeating: "1\r\na\r\n", count: 10_000) + "0\r\n\r\n"), 5000)
  }

  func testSmallFiles_LetOthersThrough() throws {
    let form = (0..<100).reduce(MultipartForm()) { $0.file("files[]", "\($1).png", [1]) }
    let head =
      "POST /form HTTP/1.1\r\nHost: a\r\nContent-Type: \(form.contentType)\r\nContent-Length: \(form.body.count)\r\n\r\n"
    XCTAssertEqual(try place(head + String(decoding: form.body, as: UTF8.self)), 0)
  }
}
