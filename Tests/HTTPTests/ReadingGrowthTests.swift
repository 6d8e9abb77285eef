import Basics
import TestSupport
import XCTest

@testable import HTTP

/// Whatever a client sends is read in time that grows with its length and no faster.
final class ReadingGrowthTests: XCTestCase {
  private func assertLinear(_ name: String, _ size: Int, _ body: (Int) throws -> Void) rethrows {
    let ratio = try Growth.ratio(of: size, body)
    XCTAssertLessThan(ratio, Growth.mostForLinear, name)
  }

  private func handled(_ text: String, pieces: Int) throws {
    var limits = MultipartLimits()
    limits.headerLine = .max
    limits.parts = .max
    limits.textField = .max
    limits.textFields = .max
    let bytes = Array(text.utf8)
    var parser = Multipart(try MultipartBoundary(Array("b".utf8)), limits: limits)
    let reader = FormReader(spool: Spool(path: "/nonexistent"), limits: limits, entropy: .system)
    try bytes.withUnsafeBytes { bytes in
      for start in stride(from: 0, to: bytes.count, by: pieces) {
        let piece = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + pieces)])
        try parser.feed(piece, reader.handle)
      }
    }
    try parser.finish()
  }

  func testMultipart_ByteByByte() throws {
    let part = "Content-Disposition: form-data; name="
    try assertLinear("a long header line", 20_000) { count in
      try handled("--b\r\n\(part)a; x=\(String(repeating: "y", count: count))\r\n\r\n1\r\n--b--\r\n", pieces: 1)
    }
    try assertLinear("many parameters", 5000) { count in
      try handled("--b\r\n\(part)a\(String(repeating: ";p=1", count: count))\r\n\r\n1\r\n--b--\r\n", pieces: 7)
    }
    try assertLinear("half boundaries", 10_000) { count in
      try handled("--b\r\n\(part)a\r\n\r\n\(String(repeating: "\r\n--", count: count))\r\n--b--\r\n", pieces: 1)
    }
    try assertLinear("equal names", 500) { count in
      try handled(
        String(repeating: "--b\r\n\(part)\"options[a]\"\r\n\r\n1\r\n", count: count) + "--b--\r\n", pieces: 1000)
    }
    try assertLinear("percent signs", 20_000) { count in
      try handled("--b\r\n\(part)\"\(String(repeating: "%2", count: count))\"\r\n\r\n1\r\n--b--\r\n", pieces: 4096)
    }
  }

  func testMultipart_WithManyMarksOnALetter_IsRefused() {
    let marks = "a" + String(repeating: "\u{301}", count: 31)
    for text in [
      "--b\r\nContent-Disposition: form-data; name=\"\(marks)\"\r\n\r\n1\r\n--b--\r\n",
      "--b\r\nContent-Disposition: form-data; name=a; filename=\"\(marks)\"\r\n\r\n1\r\n--b--\r\n",
      "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\(marks)\r\n--b--\r\n",
    ] {
      XCTAssertThrowsError(try handled(text, pieces: 1000)) {
        XCTAssertEqual(($0 as? HTTPFailure)?.word, "malformed_form")
      }
    }
  }

  func testFields_OfAForm() {
    func fields(_ count: Int) -> FormFields { (0..<count).map { ("options[m\($0)]", "1") } }
    let forms = [2000: fields(2000), 8000: fields(8000)]
    assertLinear("group", 2000) { _ = forms[$0]?.group("options") }
    assertLinear("text", 2000) { count in for name in ["from", "to", "options[m1]"] { _ = forms[count]?.text(name) } }
    let twice: FormFields = [("a", "1"), ("a", "2"), ("a", "")]
    XCTAssertEqual(twice.text("a"), "2")
  }

  func testHeaders_AsTextOfOneByteALetter() {
    let headers = Headers([(.origin, "é\u{301}"), (.userAgent, "plain")])
    XCTAssertEqual(headers[.origin], "\u{C3}\u{A9}\u{CC}\u{81}")
    XCTAssertEqual(headers[.userAgent], "plain")
    XCTAssertEqual(headers.values(of: .origin), ["\u{C3}\u{A9}\u{CC}\u{81}"])
    assertLinear("compared", 20_000) { count in
      let headers = Headers([(.origin, "a" + String(repeating: "\u{301}\u{323}", count: count))])
      XCTAssertFalse(headers[.origin] == "a\u{301}" || headers[.origin]?.lowercased() == "same-origin")
    }
  }

  func testLists_InHeaders() throws {
    let file = try OpenFile(path: #filePath)
    assertLinear("If-None-Match", 10_000) { count in
      let request = Request(.get, "/x", headers: Headers([(.ifNoneMatch, String(repeating: "W/\"a\",", count: count))]))
      _ = Response.file(file, named: "x", contentType: "text/plain", etag: "\"1\"", for: request)
    }
    assertLinear("X-Forwarded-For", 10_000) { count in
      let fields = ForwardedFields(
        Headers([(.forwardedFor, String(repeating: "1.2.3.4, ", count: count) + "192.0.2.7")]))
      XCTAssertLessThanOrEqual(fields.hops.count, 64)
      XCTAssertEqual(fields.hops.last?.client, IPAddress("192.0.2.7"))
    }
    assertLinear("Forwarded", 5000) { count in
      let fields = ForwardedFields(Headers([(.forwarded, String(repeating: "for=1.2.3.4;a=\"b,c\", ", count: count))]))
      XCTAssertLessThanOrEqual(fields.hops.count, 64)
    }
  }

  func testHead_WithManyFieldsOrALongLine() throws {
    var limits = ServerLimits()
    (limits.fields, limits.fieldBytes, limits.requestLine) = (.max, 10 << 20, 10 << 20)
    let shapes: [(String, (Int) -> String)] = [
      ("fields", { "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "A: b\r\n", count: $0) + "\r\n" }),
      ("connection", { "GET / HTTP/1.1\r\nHost: a\r\nConnection: \(String(repeating: "a,", count: $0))\r\n\r\n" }),
      ("query", { "GET /?\(String(repeating: "a=1&", count: $0)) HTTP/1.1\r\nHost: a\r\n\r\n" }),
      ("segments", { "GET \(String(repeating: "/a", count: $0)) HTTP/1.1\r\nHost: a\r\n\r\n" }),
      ("escapes", { "GET /\(String(repeating: "%61/", count: $0)) HTTP/1.1\r\nHost: a\r\n\r\n" }),
    ]
    for (name, shape) in shapes {
      try assertLinear(name, 2000) { count in
        // Piece by piece, as a slow client sends it.
        let bytes = Array(shape(count).utf8)
        var parser = RequestParser(limits: limits)
        try bytes.withUnsafeBytes { bytes in
          for end in stride(from: 50, to: bytes.count, by: 50) {
            _ = try parser.parse(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
          }
          _ = try parser.parse(bytes)
        }
      }
    }
  }
}
