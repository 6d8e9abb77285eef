import XCTest

@testable import Outbound

/// Where bodies end, in whatever pieces they come.
final class BodyMeterTests: XCTestCase {
  private func chunks(_ text: String, piece: Int) -> (taken: Int, isComplete: Bool)? {
    let bytes = Array((text + "GET / HTTP/1.1").utf8)
    var meter = ChunkMeter()
    var taken = 0
    for start in stride(from: 0, to: bytes.count, by: piece) {
      let part = Array(bytes[start..<min(bytes.count, start + piece)])
      guard let count = part.withUnsafeBytes({ meter.take($0) }) else { return nil }
      taken += count
      if count < part.count { break }
    }
    return (taken, meter.isComplete)
  }

  func testChunks_EndWhereTheyEndInAnyPieces() {
    let bodies = [
      "0\r\n\r\n", "1\r\na\r\n0\r\n\r\n", "A\r\n0123456789\r\n000\r\n\r\n",
      "3;x=\"a b\"\r\nabc\r\n0;y\r\nT: u\r\nV: w\r\n\r\n",
      "3 \r\nabc\r\n0\r\n\r\n", "00000003\r\n\r\n\r\r\n0\r\n\r\n",
    ]
    for body in bodies {
      for piece in 1...body.utf8.count + 14 {
        let result = chunks(body, piece: piece)
        XCTAssertEqual(result?.taken, body.utf8.count, "\(body.debugDescription) in pieces of \(piece)")
        XCTAssertEqual(result?.isComplete, true)
      }
    }
  }

  func testBadChunks_AreRefusedInAnyPieces() {
    let bodies = [
      "\r\n", "g\r\n", "1\nab", "1\r\nab\r\n", "1\r\na\n", "0\r\n\n", "0\r\nA\rB\r\n", "1000000000000000\r\n", " 1\r\n",
    ]
    for body in bodies {
      for piece in 1...body.utf8.count + 14 { XCTAssertNil(chunks(body, piece: piece), body.debugDescription) }
    }
  }

  /// A head ends at its first empty line, wherever it is cut.
  func testHead_EndsAtItsEmptyLine() {
    for head in ["a\r\n\r\n", "a\n\n", "a\r\nb\r\n\r\n", "a\n\r\n"] {
      let bytes = Array((head + "rest\r\n\r\n").utf8)
      for cut in 0..<head.utf8.count {
        XCTAssertNil(MessageFields.end(of: Array(bytes[..<cut]), from: 0), head.debugDescription)
        XCTAssertEqual(MessageFields.end(of: bytes, from: cut), head.utf8.count, head.debugDescription)
      }
    }
  }
}
