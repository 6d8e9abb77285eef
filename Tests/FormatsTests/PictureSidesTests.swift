import Formats
import XCTest

final class PictureSidesTests: XCTestCase {
  private func word(_ text: String) -> [UInt8] { Array(text.utf8) }

  func testSides_AreThoseOfTheBeginning() throws {
    let files: [(name: String, bytes: [UInt8], width: Int, height: Int)] = [
      ("gif", word("GIF89a") + [44, 1, 200, 0, 0, 0, 0], 300, 200),
      ("bmp", word("BM") + [UInt8](repeating: 0, count: 12) + [40, 0, 0, 0, 5, 0, 0, 0, 0xFD, 0xFF, 0xFF, 0xFF], 5, 3),
      (
        "webp", word("RIFF") + [0, 0, 0, 0] + word("WEBPVP8X") + [10, 0, 0, 0, 0, 0, 0, 0, 43, 1, 0, 199, 0, 0], 300,
        200
      ),
      ("webp, lossless", word("RIFF....WEBPVP8L....") + [0x2F, 0x77, 0xC0, 0x13, 0x00], 120, 80),
      (
        "jpeg", [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC2, 0, 11, 8, 0, 200, 1, 44, 1, 1, 0x11, 0], 300, 200
      ),
    ]
    for file in files {
      let sides = try XCTUnwrap(PictureSides(file.bytes), file.name)
      XCTAssertEqual(sides.width, file.width, file.name)
      XCTAssertEqual(sides.height, file.height, file.name)
      for count in 0..<file.bytes.count { _ = PictureSides(Array(file.bytes.prefix(count))) }
    }
  }

  func testWhatIsNoPicture_HasNone() {
    for bytes in [
      [], word("GIF89a"), word("GIF89a") + [0, 0, 0, 0, 0], [0xFF, 0xD8, 0xFF, 0xD9],
      [0xFF, 0xD8, 0xFF, 0xE0, 0, 0, 0],
    ] {
      XCTAssertNil(PictureSides(bytes))
    }
  }
}
