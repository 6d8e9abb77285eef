import Basics
import XCTest

final class SystemTextTests: XCTestCase {
  private func bytes(_ text: String) -> [UInt8] {
    SystemText.cString(text).dropLast().map { UInt8(bitPattern: $0) }
  }

  func testAnyBytes_ComeBackAsTheyWere() {
    let cases: [[UInt8]] = [
      [], Array("photo.png".utf8), Array("Ünï 文 🏳️.png".utf8), [0x63, 0x61, 0x66, 0xE9, 0x2E, 0x70], Array(1...255),
      // Half a character, an overlong one, a surrogate, one beyond Unicode.
      [0xE2, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x8F, 0xBF],
      // The very characters that stand for bytes.
      Array("a\u{10FF80}\u{10FFFF}b".utf8), Array("\u{10FF7F}\u{10FF80}".utf8) + [0x80],
      // A letter and its mark stay two.
      Array("e\u{301}".utf8),
    ]
    for name in cases {
      let text = SystemText.text(bytes: name)
      XCTAssertEqual(bytes(text), name)
      let pointed = (name.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { buffer in
        buffer.baseAddress.map { SystemText.text($0) }
      }
      XCTAssertEqual(pointed.map(bytes), name)
      XCTAssertEqual(SystemText.isWhole(text), text.utf8.elementsEqual(name))
    }
  }

  func testBytesThatAreNoText_AreShownOrRepaired() {
    let text = SystemText.text(bytes: [0x63, 0x61, 0x66, 0xE9, 0x2E, 0xFF])
    XCTAssertEqual(SystemText.shown(text), "caf\\udce9.\\udcff")
    XCTAssertEqual(SystemText.repaired(text), "caf\u{FFFD}.\u{FFFD}")
    XCTAssertEqual(SystemText.shown("文.png"), "文.png")
  }
}
