import DataFormats
import XCTest

final class ByteWordTests: XCTestCase {
  /// All pairs of bytes at neighbouring places, where a sum could borrow from the next.
  func testWord_FindsTheFirstByteThatEndsARun() {
    let (quote, backslash) = (ByteWord.all(0x22), ByteWord.all(0x5C))
    for pair in 0..<0x10000 {
      var bytes = [UInt8](repeating: 0x61, count: 8)
      bytes[3] = UInt8(pair >> 8)
      bytes[4] = UInt8(pair & 0xFF)
      let ends = { (byte: UInt8) in byte < 0x20 || byte == 0x22 || byte == 0x5C }
      let word = bytes.withUnsafeBufferPointer { $0.baseAddress.map { ByteWord($0) } }
      XCTAssertEqual(word?.ordinary(but: quote, backslash), bytes.firstIndex(where: ends) ?? 8)
      XCTAssertEqual(word?.plain(but: quote, backslash), bytes.firstIndex { ends($0) || $0 >= 0x80 } ?? 8)
    }
  }

  func testUTF8_IsWhatTheStandardLibraryTakesForIt() {
    for first in 0x80...0xFF {
      for second in stride(from: 0x70, through: 0xFF, by: 3) {
        for rest: [UInt8] in [[], [0x41], [0x80], [0xBF, 0x80], [0x80, 0xC0], [0xBF, 0xBF, 0x41]] {
          let bytes = [0x41, UInt8(first), UInt8(second)] + rest
          let found = bytes.withUnsafeBytes { UTF8Sequence.firstFault($0) }
          XCTAssertEqual(found.place == nil, String(validating: bytes, as: UTF8.self) != nil, "\(bytes)")
        }
      }
    }
  }

  func testPlace_CountsLinesAndCharacters() throws {
    let text = "aé\n😀b\r\ncd\re"
    let wanted = [
      (0, 1, 1), (1, 1, 2), (3, 1, 3), (4, 2, 1), (8, 2, 2), (9, 2, 3), (11, 3, 1), (13, 3, 3), (14, 4, 1), (15, 4, 2),
    ]
    for (offset, line, column) in wanted {
      let place = try ByteFeed(Array(text.utf8)).place(of: offset)
      XCTAssertEqual([place.line, place.column], [line, column], "\(offset)")
    }
  }
}
