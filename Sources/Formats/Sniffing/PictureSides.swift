package import Basics
import Glibc

/// How wide and high a picture says at its beginning that it is, without a look at any pixel: PNG, GIF, BMP, WebP and JPEG.
package struct PictureSides: Equatable, Sendable {
  /// So far into a JPEG is looked for its frame: profiles and thumbnails may stand before it.
  private static let mostRead = 1 << 20
  private static let mostSide = 1 << 24

  package let width: Int
  package let height: Int

  /// Nil for anything else, and for sides that no picture has.
  package init?(_ bytes: [UInt8]) {
    let reader = Reader(bytes: bytes)
    guard let (width, height) = reader.sides(), (1...Self.mostSide).contains(width),
      (1...Self.mostSide).contains(height)
    else { return nil }
    (self.width, self.height) = (width, height)
  }

  /// Of the file at a path.
  package init?(ofFileAt path: String) throws(SystemFailure) {
    let descriptor = try check("open", path) { open(SystemText.cString(path), O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Self.mostRead)
    let count = try check("pread", path) { pread(descriptor, &bytes, bytes.count, 0) }
    self.init(Array(bytes.prefix(count)))
  }

  private struct Reader {
    let bytes: [UInt8]

    func sides() -> (Int, Int)? {
      if begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return pair(big(16, 4), big(20, 4)) }
      if begins(Array("GIF8".utf8)) { return pair(little(6, 2), little(8, 2)) }
      if begins(Array("BM".utf8)), little(14, 4) ?? 0 >= 40 { return pair(signed(18), signed(22)) }
      if begins(Array("RIFF".utf8)), at(8, Array("WEBP".utf8)) { return webp() }
      return begins([0xFF, 0xD8, 0xFF]) ? jpeg() : nil
    }

    /// The three kinds of a first chunk (the WebP container specification; RFC 6386 section 9.1).
    private func webp() -> (Int, Int)? {
      if at(12, Array("VP8X".utf8)) { return pair(little(24, 3).map { $0 + 1 }, little(27, 3).map { $0 + 1 }) }
      if at(12, Array("VP8L".utf8)) {
        return little(21, 4).map { (($0 & 0x3FFF) + 1, ($0 >> 14 & 0x3FFF) + 1) }
      }
      guard at(12, Array("VP8 ".utf8)) else { return nil }
      return pair(little(26, 2).map { $0 & 0x3FFF }, little(28, 2).map { $0 & 0x3FFF })
    }

    /// From one segment to the next up to that of the frame (ITU T.81, B.2.2).
    private func jpeg() -> (Int, Int)? {
      var place = 2
      while let mark = big(place, 2), let length = big(place + 2, 2), length >= 2, mark >= 0xFF01 {
        if mark == 0xFFFF {
          place += 1
          continue
        }
        let isFrame = (0xFFC0...0xFFCF).contains(mark) && ![0xFFC4, 0xFFC8, 0xFFCC].contains(mark)
        if isFrame { return pair(big(place + 7, 2), big(place + 5, 2)) }
        place += 2 + length
      }
      return nil
    }

    private func begins(_ start: [UInt8]) -> Bool { at(0, start) }

    private func at(_ place: Int, _ what: [UInt8]) -> Bool {
      bytes.count >= place + what.count && bytes[place..<place + what.count].elementsEqual(what)
    }

    private func pair(_ width: Int?, _ height: Int?) -> (Int, Int)? {
      guard let width, let height else { return nil }
      return (width, height)
    }

    private func big(_ place: Int, _ count: Int) -> Int? {
      guard bytes.count >= place + count else { return nil }
      return bytes[place..<place + count].reduce(0) { $0 << 8 | Int($1) }
    }

    private func little(_ place: Int, _ count: Int) -> Int? {
      guard bytes.count >= place + count else { return nil }
      return bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// A height below 0 is one of rows from the top.
    private func signed(_ place: Int) -> Int? {
      little(place, 4).map { Int(Int32(truncatingIfNeeded: $0).magnitude) }
    }
  }
}
