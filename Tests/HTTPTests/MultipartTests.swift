import XCTest

@testable import HTTP

final class MultipartTests: XCTestCase {
  func testFixtures_AtEverySplitPoint_AreByteExact() throws {
    let fixtures = try MultipartFixture.all()
    XCTAssertEqual(fixtures.count, 33)
    for fixture in fixtures {
      let wrong = (0...fixture.body.count).filter { split in
        let parts = try? read([fixture.body[..<split], fixture.body[split...]], fixture.boundary)
        return parts != (fixture.isRefused ? nil : fixture.parts)
      }
      XCTAssertEqual(wrong, [], fixture.name)
    }
  }

  func testFixtures_ByteByByte_AreByteExact() throws {
    for fixture in try MultipartFixture.all() {
      let parts = try? read(fixture.body.indices.map { fixture.body[$0...$0] }, fixture.boundary)
      XCTAssertEqual(parts, fixture.isRefused ? nil : fixture.parts, fixture.name)
    }
  }

  func testRead_OfPartsWithoutABody_AtEverySplitPoint_KeepsTheNextPart() throws {
    let head = "--b\r\nContent-Disposition: form-data; name="
    let rows: [(part: String, name: String, data: String)] = [
      ("none\r\n\r\n", "none", ""), ("empty\r\n\r\n\r\n", "empty", ""), ("near\r\n\r\n--bx\r\n", "near", "--bx"),
      ("lines\r\n\r\n\r\n\r\n\r\n", "lines", "\r\n\r\n"),
      ("coded\r\nContent-Transfer-Encoding: base64\r\n\r\n", "coded", ""), ("last\r\n\r\n", "last", ""),
    ]
    let body = rows.map { head + $0.part }.joined() + "--b--\r\n"
    let expected = rows.map { MultipartFixture.Part(name: $0.name, data: Array($0.data.utf8)) }
    let bytes = Array(body.utf8)
    for split in 0...bytes.count {
      XCTAssertEqual(try read([bytes[..<split], bytes[split...]], "b"), expected, "split at \(split)")
    }
    XCTAssertEqual(try read(bytes.indices.map { bytes[$0...$0] }, "b"), expected)
  }

  func testRead_WithNamesOfBrowsers_GivesTheFileName() throws {
    let names = [
      #"filename="a%22b.png""#: "a\"b.png", #"filename="a\"b\\c.png""#: #"a"b\c.png"#,
      #"filename="C:\dir\x.png""#: #"C:\dir\x.png"#, "filename=plain.png": "plain.png", #"filename="""#: "",
      #"filename="x"; filename*=UTF-8''na%C3%AFve.png"#: "na\u{ef}ve.png",
      #"filename="x"; filename*=UTF-8''%zz"#: "x", #"filename*=latin1''y; filename="x""#: "x",
      #"filename="a;b=c.png""#: "a;b=c.png",
    ]
    for (text, expected) in names { XCTAssertEqual(try form(text).first?.fileName, expected, text) }
  }

  func testRead_WithBrokenParts_IsRefused() {
    let dispositions = [
      "name=\"b\"", "filename=\"x", "filename=\"a\"; filename=\"b\"", "filename*=latin1''x", "filename*=UTF-8''%zz",
      "filename=\"a\"b", "x=1\r\nContent-Disposition: form-data; name=\"b\"", "x=1\r\n folded: y",
      "x=1\r\nContent-Transfer-Encoding: rot13", "x=1\r\nX: " + String(repeating: "a", count: 8200),
      "x=1" + String(repeating: "\r\nX: y", count: 16),
    ]
    for text in dispositions { XCTAssertThrowsError(try form(text), text) }
  }

  func testRead_WithTooManyParts_IsRefused() {
    let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n"
    let body = String(repeating: part, count: 1101) + "--b--"
    XCTAssertThrowsError(try read([Array(body.utf8)[...]], "b"))
    XCTAssertEqual(try read([Array((String(repeating: part, count: 1100) + "--b--").utf8)[...]], "b").count, 1100)
  }

  func testRead_WithLongSurroundings_IsRefused() {
    let part = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--"
    let text = String(repeating: "a", count: 70_000)
    XCTAssertThrowsError(try read([Array((text + "\r\n" + part).utf8)[...]], "b"))
    XCTAssertThrowsError(try read([Array((part + text).utf8)[...]], "b"))
    XCTAssertEqual(try read([Array(("preamble\r\n" + part + "epilogue").utf8)[...]], "b").count, 1)
  }

  func testBoundary_OfContentTypes_IsReadOrRefused() throws {
    let good = ["multipart/form-data; boundary=abc", "Multipart/Form-Data; charset=x; Boundary=\"abc\""]
    for type in good { XCTAssertEqual(try MultipartBoundary(contentType: type).delimiter, Array("\r\n--abc".utf8)) }
    let bad = [
      "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=a\"b",
      "multipart/form-data; boundary=a; boundary=b", "text/plain; boundary=a",
      "multipart/form-data; boundary=" + String(repeating: "a", count: 71), "multipart/form-data; boundary=\"a \"",
      "multipart/form-data; boundary=a\\b", "multipart/form-data; boundary=a\u{7F}b",
      "multipart/form-data; boundary=\u{E4}",
    ]
    for type in bad { XCTAssertThrowsError(try MultipartBoundary(contentType: type), type) }
  }

  func testBoundary_OfOtherVisibleCharacters_IsTaken() throws {
    for boundary in ["*****", "a b", "&$#@!<[{|}]>;~^`%", "----=_Part*1"] {
      let type = "multipart/form-data; boundary=\"\(boundary)\""
      XCTAssertEqual(try MultipartBoundary(contentType: type).delimiter, Array("\r\n--\(boundary)".utf8), boundary)
    }
    XCTAssertEqual(
      try MultipartBoundary(contentType: "multipart/form-data;boundary=*****").delimiter, Array("\r\n--*****".utf8))
    let body = "--*****\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--****\r\n--*****--\r\n"
    let parts = try read([Array(body.utf8)[...]], "*****")
    XCTAssertEqual(parts, [MultipartFixture.Part(name: "a", data: Array("x\r\n--****".utf8))])
  }

  private func form(_ parameters: String) throws -> [MultipartFixture.Part] {
    let body = "--b\r\nContent-Disposition: form-data; name=\"a\"; \(parameters)\r\n\r\nx\r\n--b--"
    return try read([Array(body.utf8)[...]], "b")
  }

  private func read(_ pieces: [ArraySlice<UInt8>], _ boundary: String) throws -> [MultipartFixture.Part] {
    var parser = Multipart(try MultipartBoundary(Array(boundary.utf8)))
    var parts: [MultipartFixture.Part] = []
    for piece in pieces {
      try piece.withUnsafeBytes { bytes in
        try parser.feed(bytes) { event in
          switch event {
          case .part(let part):
            parts.append(.init(name: part.name, isFile: part.fileName != nil, fileName: part.fileName))
          case .data(let bytes): parts[parts.count - 1].data += bytes
          case .endOfPart: break
          }
        }
      }
    }
    try parser.finish()
    return parts
  }
}
