import XCTest

@testable import HTTP

final class RequestParserTests: XCTestCase {
  func testParse_WithPlainRequest_GivesItsParts() throws {
    let head = try XCTUnwrap(
      parse("POST /a%20b/c?x=1&y=a+b%21 HTTP/1.1\r\nHost: a.example:80\r\nContent-Length: 5\r\n\r\n"))
    XCTAssertEqual(head.method, .post)
    XCTAssertEqual(head.path, "/a b/c")
    XCTAssertEqual(head.query.map(\.name), ["x", "y"])
    XCTAssertEqual(head.query.map(\.value), ["1", "a b!"])
    XCTAssertEqual(head.host, "a.example:80")
    XCTAssertEqual(head.framing, .length(5))
    XCTAssertFalse(head.wantsClose)
  }

  func testParse_WithAcceptableHeads_TakesThem() {
    let heads = [
      "GET / HTTP/1.0\r\n\r\n",
      "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET http://a/x?y HTTP/1.1\r\nHost: A\r\n\r\n",
      "GET https://[::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n",
      "GET / HTTP/1.1\r\nHost:a\r\nX-Value: caf\u{e9}\r\nX.Custom|Pipe:\tb \t\r\n\r\n",
      "GET /...a/b.. HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9007199254740992\r\n\r\n",
    ]
    for head in heads { XCTAssertNotNil(try parse(head), head) }
  }

  func testParse_WithRefusedHeads_GivesTheStatus() {
    for (status, head) in RefusedHeads.all {
      XCTAssertThrowsError(try parse(head), head) { error in
        XCTAssertEqual((error as? HTTPFailure)?.status.code, status, head)
      }
    }
  }

  func testParse_AtEverySplitPoint_GivesTheSameOutcome() {
    let good = (0, "\r\nGET /x HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n")
    for (status, head) in RefusedHeads.all.filter({ $0.1.utf8.count < 200 }) + [good] {
      let bytes = Array(head.utf8)
      for split in 0..<bytes.count {
        var parser = RequestParser()
        var outcome = 0
        do {
          _ = try bytes[..<split].withUnsafeBytes { try parser.parse($0) }
          outcome = try bytes.withUnsafeBytes { try parser.parse($0) } == nil ? -1 : 0
        } catch {
          outcome = (error as? HTTPFailure)?.status.code ?? -2
        }
        XCTAssertEqual(outcome, status, "\(head) split at \(split)")
      }
    }
  }

  func testParse_WithPartOfAHead_WaitsForMore() throws {
    XCTAssertNil(try parse("GET / HTTP/1.1\r\nHost: a\r\n"))
    XCTAssertNil(try parse("GET /" + String(repeating: "a", count: 8000)))
  }

  func testParse_WithMoreThanOneHead_TakesTheFirst() throws {
    let first = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"
    var parser = RequestParser()
    let bytes = Array((first + "GET /2").utf8)
    let parsed = try bytes.withUnsafeBytes { try parser.parse($0) }
    XCTAssertEqual(parsed?.count, first.utf8.count)
  }

  private func parse(_ text: String) throws -> RequestHead? {
    var parser = RequestParser()
    return try Array(text.utf8).withUnsafeBytes { try parser.parse($0) }?.head
  }
}
