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
      (Array("\0\0\0\u{1C}ftypmif1\0\0\0\0mif1avifmiaf".utf8), "avif"),
      (Array("\0\0\0\u{18}ftypmif1\0\0\0\0mif1heic".utf8), "heic"),
      (Array("\0\0\0\u{18}ftypM4A \0\0\0\0isommp42".utf8), "m4a"),
      (Array("\0\0\0\u{14}ftypqt  \0\0\0\0qt  ".utf8), "mov"),
      (Array("\0\0\0\u{18}ftypisom\0\0\0\0isomiso2".utf8), "mp4"),
      ([0x1A, 0x45, 0xDF, 0xA3, 0x93, 0x42, 0x82, 0x84] + Array("webm".utf8), "webm"),
      ([0x1A, 0x45, 0xDF, 0xA3, 0x93, 0x42, 0x82, 0x88] + Array("matroska".utf8), "mkv"),
      (Array("OggS".utf8) + [UInt8](repeating: 0, count: 24) + Array("OpusHead".utf8), "opus"),
      (Array("OggS".utf8) + [UInt8](repeating: 0, count: 24) + Array("\u{1}vorbis".utf8), "ogg"),
      ([0xFF, 0xFB, 0x90, 0x64, 0, 0], "mp3"), ([0xFF, 0xF1, 0x50, 0x80, 0, 0x1F, 0xFC], "aac"),
      (Array("%!PS-Adobe-3.0 EPSF-3.0\n".utf8), "eps"), (Array("%!PS-Adobe-3.0\n% EPSF\n".utf8), "ps"),
      ([UInt8](repeating: 0x61, count: 257) + Array("ustar\0".utf8), "tar"), ([0x1F, 0x8B, 8], "gz"),
      ([0xFF, 0xFE, 0x61, 0, 0x2C, 0, 0x62, 0], "text"),
      ([0xFE, 0xFF, 0, 0x3C, 0, 0x3F, 0, 0x78, 0, 0x6D, 0, 0x6C], "xml"),
      (Array("Stra".utf8) + [0xDF] + Array("e;M".utf8) + [0xFC] + Array("nchen\r\n".utf8), "text"),
    ]
    for (bytes, name) in cases { XCTAssertEqual(Sniffer.type(of: bytes).name, name, "\(bytes)") }
  }
}
