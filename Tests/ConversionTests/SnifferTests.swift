import Formats
import Conversion
import XCTest

final class SnifferTests: XCTestCase {
  func testType_OfFirstBytes_NamesWhatTheFileIs() {
    let cases: [([UInt8], String)] = [
      ([], "empty"),
      ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "png"),
      ([0x89, 0x50, 0x4E, 0x47], "unknown"),
      ([0xFF, 0xD8, 0xFF, 0xE0], "jpeg"),
      (Array("GIF89a".utf8), "gif"),
      (Array("RIFF\0\0\0\0WEBPVP8 ".utf8), "webp"),
      (Array("BM6".utf8), "bmp"),
      ([0x49, 0x49, 0x2A, 0], "tiff"),
      (Array("%PDF-1.7".utf8), "pdf"),
      ([0x50, 0x4B, 3, 4], "zip"),
      (Array("\0\0\0\u{18}ftypavif".utf8), "avif"),
      (Array("hello, world\r\n".utf8), "text"),
      (Array(("Grüße".utf8)).dropLast(2).map { $0 }, "text"),
      (Array("\n<!DOCTYPE html><p>".utf8), "html"),
      (Array("<svg xmlns=''>".utf8), "svg"),
      ([0, 1, 2, 3], "unknown"),
    ]
    for (bytes, name) in cases { XCTAssertEqual(Sniffer.type(of: bytes).name, name, "\(bytes)") }
  }
}
