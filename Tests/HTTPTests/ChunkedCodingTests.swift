import XCTest

@testable import HTTP

final class ChunkedCodingTests: XCTestCase {
  func testDecode_AtEverySplitPoint_GivesTheBody() throws {
    let coded = "5\r\nhello\r\n00006;a=\"b c\" ; d\r\n world\r\nA ;x\r\n0123456789\r\n0;end\r\nVary: *\r\n\r\n"
    for split in 0...coded.utf8.count {
      let decoded = try decode(coded, split: split)
      XCTAssertEqual(decoded.text, "hello world0123456789")
      XCTAssertTrue(decoded.isComplete, "split at \(split)")
    }
  }

  func testDecode_WithBadCoding_IsRefusedAtEverySplitPoint() {
    let coded = [
      "0x5\r\nhello\r\n", "+5\r\nhello\r\n", "-5\r\n", "5_0\r\n", " 5\r\n", "5 \r\n", "\r\n", ";a\r\n", "5\nhello",
      "5\r\nhello0\r\n",
      "5\r\nhello\n0\r\n", "5\r\nhell\r\n0\r\n\r\n", "g\r\n", "5;a\rb\r\n", "5;\u{0}\r\n", "5;a\n",
      "00000000000000005\r\n",
      "FFFFFFFFFFFFFFFF\r\n", "5;" + String(repeating: "a", count: 1025) + "\r\n", "0\r\nHost: a\r\n\r\n",
      "0\r\nContent-Length: 9\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\nX\r\n\r\n", "0\r\nX: a\n\r\n",
      "0\r\n folded: x\r\n\r\n",
    ]
    for text in coded {
      for split in 0...min(60, text.utf8.count) {
        XCTAssertThrowsError(try decode(text, split: split), "\(text) split at \(split)")
      }
    }
  }

  func testDecode_WithExtensionsThatFollowTheGrammar_GivesTheBody() throws {
    let extensions = [
      ";a", " ;a", "\t;\ta", ";a=b", ";a = b", ";a=b;c;d=e", ";a=\"\"", ";a=\"b;c=\\\"\\\\ \tcaf\u{e9}\" ;d",
      ";!#$%&'*+-.^_`|~=1",
    ]
    for text in extensions {
      let coded = "2\(text)\r\nhi\r\n0\(text)\r\n\r\n"
      for split in 0...coded.utf8.count {
        let decoded = try decode(coded, split: split)
        XCTAssertEqual(decoded.text, "hi", text)
        XCTAssertTrue(decoded.isComplete, text)
      }
    }
  }

  func testDecode_WithExtensionsThatBreakTheGrammar_IsRefusedAtEverySplitPoint() {
    let extensions = [
      ";", " ;", "; ", ";;", ";;a", ";a;", ";a; ", ";a ", ";a=b ", ";a=\"b\" ", ";a=", ";a= ", ";a=;b", ";=b", ";a==b",
      ";a=b=c",
      ";a b", ";a=b c", ";a=\"b", ";a=\"b\\", ";a=\"b\\\"", ";a=\"b\"c", ";a=b\"c\"", ";a\"b\"", ";a,b", ";a=b,c",
      ";a(b)", ";caf\u{e9}",
      ";a=caf\u{e9}", ";a=\u{7f}", ";a=\"\u{7f}\"", ";a=\"\u{1}\"", ";a=\"\\\u{0}\"", ";a=\"b\rc\"", ";a=\"b\nc\"",
      ";a\u{b}",
      " a", "a=b", "\u{b};a", ";a\rb", ";a\n", " ", "\t",
    ]
    for text in extensions {
      for size in ["2", "0"] {
        let coded = "\(size)\(text)\r\nhi\r\n0\r\n\r\n"
        for split in 0...coded.utf8.count {
          XCTAssertThrowsError(try decode(coded, split: split), "\(coded) split at \(split)")
        }
      }
    }
  }

  func testDecode_WithTrailersThatBreakTheGrammarOrBelongInTheHead_IsRefused() {
    let trailers = [
      "X : y", " X: y", ": y", "X", "X y: z", "X: \u{0}", "X: \u{7f}", "X: a\rb", "X: y\r\n z", "X: y\n\r\n",
      "Caf\u{e9}: x",
      "TE: trailers", "connection: close", "Authorization: Bearer x", "Expect: 100-continue", "Trailer: x",
      "Content-Encoding: gzip", "Content-Range: bytes 0-1/2", "Cookie: a=b", "Idempotency-Key: 1",
      "X-Forwarded-For: ::1",
    ]
    for text in trailers {
      XCTAssertThrowsError(try decode("2\r\nhi\r\n0\r\n\(text)\r\n\r\n", split: 0), text)
    }
    XCTAssertNoThrow(try decode("2\r\nhi\r\n0\r\nDigest: x\r\nX-Sum:\t1 \r\n\r\n", split: 0))
  }

  func testDecode_WithManyExtensions_IsRefused() {
    let chunk = "1;" + String(repeating: "e", count: 1000) + "\r\nx\r\n"
    XCTAssertThrowsError(try decode(String(repeating: chunk, count: 20), split: 0))
  }

  func testDecode_WithoutLastLine_IsNotComplete() throws {
    XCTAssertFalse(try decode("5\r\nhello\r\n0\r\n", split: 0).isComplete)
  }

  private func decode(_ coded: String, split: Int) throws -> (text: String, isComplete: Bool) {
    var coding = ChunkedCoding()
    var body: [UInt8] = []
    var isComplete = false
    let all = Array(coded.utf8)
    for piece in [all[..<split], all[split...]] {
      try piece.withUnsafeBytes { bytes in
        var offset = 0
        while true {
          switch try coding.next(bytes, from: &offset) {
          case .data(let range): body += bytes[range]
          case .more: return
          case .end:
            isComplete = true
            return
          }
        }
      }
    }
    return (String(decoding: body, as: UTF8.self), isComplete)
  }
}
