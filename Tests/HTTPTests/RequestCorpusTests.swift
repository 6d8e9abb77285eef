import Basics
import Foundation
import TestSupport
import XCTest

@testable import HTTP

/// The request corpus of gunicorn: what it refuses by default must be refused here.
final class RequestCorpusTests: XCTestCase {
  func testCorpus_OfRefusedRequests_IsRefused() throws {
    let document = try JSONReader.parse(Corpora.bytes("gunicorn-requests/cases.json"))
    let cases = try XCTUnwrap(document["cases"]?.array).filter {
      $0["kind"]?.string == "invalid" && $0["cfg"]?.boolean == false
    }
    let accepted = cases.filter { isAccepted($0) }.compactMap { $0["id"]?.string }
    XCTAssertEqual(cases.count, 70)
    // Only gunicorn's own limits: a line of more than 4,094 bytes, a field of more than 8,190; ours are settings.
    XCTAssertEqual(accepted, ["006", "007", "008"])
  }

  /// True when every request of the bytes is read with its whole body.
  private func isAccepted(_ value: JSONValue) -> Bool {
    guard let text = value["b64"]?.string, let data = Data(base64Encoded: text) else { return true }
    var rest = [UInt8](data)
    while !rest.isEmpty {
      var parser = RequestParser()
      guard let parsed = try? rest.withUnsafeBytes({ try parser.parse($0) }) else { return false }
      rest.removeFirst(parsed.count)
      switch parsed.head.framing {
      case .length(let length):
        guard length <= rest.count else { return false }
        rest.removeFirst(Int(length))
      case .chunked:
        guard let used = chunkedLength(rest) else { return false }
        rest.removeFirst(used)
      }
    }
    return true
  }

  private func chunkedLength(_ bytes: [UInt8]) -> Int? {
    var coding = ChunkedCoding()
    return bytes.withUnsafeBytes { bytes in
      var offset = 0
      while let step = try? coding.next(bytes, from: &offset) {
        if step == .end { return offset }
        if step == .more { return nil }
      }
      return nil
    }
  }
}
