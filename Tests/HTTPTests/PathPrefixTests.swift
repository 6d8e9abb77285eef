import Basics
import XCTest

@testable import HTTP

final class PathPrefixTests: XCTestCase {
  private let router = Router(
    groups: [
      RouteGroup(
        [Route(.get, "/where") { request in .json(.ok, Array("\(request.path) \(request.prefix.text)".utf8)) }],
        refuse: { _, _ in Response(.notFound) })
    ], prefix: PathPrefix(ofURL: "https://host/tools/wonder/"), fallback: { _, _ in Response(.notFound) })

  private func get(_ path: String, _ headers: [(HeaderName, String)] = []) async -> Response {
    var request = Request(.get, path, headers: Headers(headers))
    if let text = headers.first?.1 { request.prefix = PathPrefix(text) ?? .none }
    return await router.respond(to: &request)
  }

  func testPath_IsFoundWithAndWithoutItsPrefix() async {
    for path in ["/where", "/tools/wonder/where"] {
      guard case .bytes(let bytes) = await get(path).body else { return XCTFail(path) }
      XCTAssertEqual(String(decoding: bytes, as: UTF8.self), "/where /tools/wonder")
    }
    for path in ["/tools/where", "/tools/wonderwhere", "/tools/wonder/tools/wonder/where"] {
      let status = await get(path).status
      XCTAssertEqual(status, .notFound, path)
    }
  }

  func testPrefixItself_LeadsToTheFirstPage() async {
    let response = await get("/tools/wonder")
    XCTAssertEqual(response.status.code, 308)
    XCTAssertEqual(response.headers[.location], "/tools/wonder/")
  }

  func testText_IsAPlainPath() {
    for (text, prefix) in [("/a", "/a"), ("/a/", "/a"), ("", ""), ("/", ""), ("/a/b-c_d.e~f", "/a/b-c_d.e~f")] {
      XCTAssertEqual(PathPrefix(text)?.text, prefix, text)
    }
    for text in [
      "a", "//a", "/a//b", "/../a", "/a/.", "/a\r\nX: y", "/a\"b", "/a?b", "/a b",
      "/" + String(repeating: "a", count: 300),
    ] {
      XCTAssertNil(PathPrefix(text), text)
    }
    XCTAssertEqual(PathPrefix(ofURL: "http://h:1/x/y?z").text, "/x/y")
    XCTAssertEqual(PathPrefix(ofURL: "http://h").text, "")
    XCTAssertEqual(PathPrefix(ofURL: "").text, "")
  }

  func testForwardedPrefix_IsTheLastProxysAndAPlainPath() {
    func prefix(_ values: String...) -> String? {
      ForwardedFields(Headers(values.map { (.forwardedPrefix, $0) })).prefix?.text
    }
    XCTAssertEqual(prefix("/evil, /wonder"), "/wonder")
    XCTAssertEqual(prefix("/evil", "/wonder/"), "/wonder")
    XCTAssertNil(prefix("https://evil"))
    XCTAssertNil(prefix())
  }
}
