import Foundation
import XCTest

@testable import HTTP

final class ResponseFileTests: XCTestCase {
  func testContentDisposition_WithUnusualNames_IsOneSafeLine() {
    let names = [
      "photo.jpg": "attachment; filename=\"photo.jpg\"; filename*=UTF-8''photo.jpg",
      "na\u{ef}ve \"x\".png": "attachment; filename=\"na_ve _x_.png\"; filename*=UTF-8''na%C3%AFve%20%22x%22.png",
      "a\r\nb\\%/": "attachment; filename=\"a__b___\"; filename*=UTF-8''a%0D%0Ab%5C%25%2F",
    ]
    for (name, value) in names { XCTAssertEqual(ContentDisposition.value(fileName: name), value) }
  }

  func testByteRange_OfFields_IsReadStrictly() {
    let ranges: [(String?, ByteRange)] = [
      (nil, .whole), ("bytes=0-0", .part(0..<1)), ("bytes=2-", .part(2..<10)), ("bytes=-3", .part(7..<10)),
      ("bytes=-30", .part(0..<10)), ("bytes=5-100", .part(5..<10)), ("bytes=10-", .unsatisfiable),
      ("bytes=-0", .unsatisfiable), ("bytes=3-2", .whole), ("bytes=0-1,3-4", .whole), ("items=0-1", .whole),
      ("bytes=+1-2", .whole), ("bytes=-", .whole), ("bytes=99999999999999999999-", .whole),
    ]
    for (text, range) in ranges { XCTAssertEqual(ByteRange(text, size: 10), range, text ?? "none") }
  }

  func testKeeper_OfAFile_IsLetGoOfWithTheAnswer() throws {
    final class Keeper: Sendable {}
    weak var kept: Keeper?
    var response: Response? = try { () throws -> Response in
      let keeper = Keeper()
      kept = keeper
      let request = Request(.get, "/file", headers: Headers([(.range, "bytes=2-3")]))
      return Response.file(
        try OpenFile(path: makeFile("0123456789"), keeper: keeper), named: "a.txt", contentType: "text/plain",
        etag: "\"v1\"", for: request)
    }()
    XCTAssertEqual(response?.length, 2)
    XCTAssertNotNil(kept)
    response = nil
    XCTAssertNil(kept)
  }

  func testFile_WithConditions_AnswersThem() throws {
    let cases: [([(name: HeaderName, value: String)], Int, Int64)] = [
      ([], 200, 10), ([(.range, "bytes=2-3")], 206, 2), ([(.range, "bytes=20-")], 416, 0),
      ([(.ifNoneMatch, "\"other\", W/\"v1\"")], 304, 0), ([(.ifNoneMatch, "*")], 304, 0),
      ([(.range, "bytes=2-3"), (.ifRange, "\"v1\"")], 206, 2),
      ([(.range, "bytes=2-3"), (.ifRange, "\"v0\"")], 200, 10),
    ]
    let file = try OpenFile(path: makeFile("0123456789"))
    for (fields, status, length) in cases {
      let request = Request(.get, "/file", headers: Headers(fields))
      let response = Response.file(file, named: "a.txt", contentType: "text/plain", etag: "\"v1\"", for: request)
      XCTAssertEqual(response.status.code, status, "\(fields)")
      XCTAssertEqual(response.length, length, "\(fields)")
      XCTAssertEqual(response.headers[.etag], "\"v1\"")
    }
  }

  func testHeaders_WithControlCharacters_StayOneLine() {
    let headers = Headers([(.location, "/a\r\nSet-Cookie: x\u{0}")])
    XCTAssertEqual(String(decoding: headers.bytes, as: UTF8.self), "Location: /a  Set-Cookie: x \r\n")
  }

  private func makeFile(_ text: String) throws -> String {
    let path = NSTemporaryDirectory() + "wonder-\(UUID().uuidString)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    addTeardownBlock { try FileManager.default.removeItem(atPath: path) }
    return path
  }
}
