import XCTest

@testable import Conversion

/// Files of kinds that the product does not write, put together by hand.
enum ToolSamples {
  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  static func big(_ value: Int, _ count: Int = 4) -> [UInt8] { little(value, count).reversed() }

  /// A GIF of frames of one colour each, by codes of seven bits that are never widened.
  static func film(_ colours: [[UInt8]], side: Int) -> [UInt8] {
    var bytes = Array("GIF89a".utf8) + little(side, 2) + little(side, 2) + [0x80, 0, 0, 0, 0, 0, 255, 255, 255]
    bytes += [0x21, 0xFF, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
    for colour in colours {
      bytes += [0x21, 0xF9, 4, 4, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0] + little(side, 2) + little(side, 2) + [0x80]
      bytes += colour + [0, 0, 0, 7]
      var (data, held, bits): ([UInt8], Int, Int) = ([], 0, 0)
      func put(_ code: Int) {
        held |= code << bits
        bits += 8
        while bits >= 8 {
          data.append(UInt8(held & 255))
          (held, bits) = (held >> 8, bits - 8)
        }
      }
      for pixel in 0..<side * side {
        if pixel % 64 == 0 { put(128) }
        put(0)
      }
      put(129)
      for start in stride(from: 0, to: data.count, by: 255) {
        let block = data[start..<min(start + 255, data.count)]
        bytes += [UInt8(block.count)] + block
      }
      bytes.append(0)
    }
    return bytes + [0x3B]
  }

  /// EXIF with a maker and an orientation.
  static func exif(maker: String, orientation: Int) -> [UInt8] {
    let name = Array(maker.utf8) + [0]
    return Array("MM".utf8) + big(42, 2) + big(8) + big(2, 2) + big(0x010F, 2) + big(2, 2) + big(name.count) + big(38)
      + big(0x0112, 2) + big(3, 2) + big(1) + big(orientation, 2) + [0, 0] + big(0) + name
  }

  /// A JPEG with EXIF in it.
  static func with(exif: [UInt8], _ jpeg: [UInt8]) -> [UInt8] {
    let payload = Array("Exif\0\0".utf8) + exif
    return Array(jpeg.prefix(2)) + [0xFF, 0xE1] + big(payload.count + 2, 2) + payload + jpeg.dropFirst(2)
  }

  /// A JPEG with a colour profile in it.
  static func with(profile: [UInt8], _ jpeg: [UInt8]) -> [UInt8] {
    let payload = Array("ICC_PROFILE\0".utf8) + [1, 1] + profile
    return Array(jpeg.prefix(2)) + [0xFF, 0xE2] + big(payload.count + 2, 2) + payload + jpeg.dropFirst(2)
  }

  /// A profile whose colours reach further than sRGB's, with the place of a copyright as its mark.
  static let wideProfile: [UInt8] = {
    func fixed(_ value: Double) -> [UInt8] { big(Int((value * 65_536).rounded())) }
    func place(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] {
      Array("XYZ \0\0\0\0".utf8) + fixed(x) + fixed(y) + fixed(z)
    }
    let curve = Array("curv\0\0\0\0".utf8) + big(1) + [2, 0x33]
    let words = Array("wide colours".utf8) + [0]
    let tags: [(String, [UInt8])] = [
      ("rXYZ", place(0.51512, 0.2412, -0.00105)), ("gXYZ", place(0.29198, 0.69225, 0.04189)),
      ("bXYZ", place(0.1571, 0.06657, 0.78407)), ("rTRC", curve), ("gTRC", curve), ("bTRC", curve),
      ("wtpt", place(0.9642, 1, 0.8249)), ("cprt", Array("text\0\0\0\0".utf8) + words),
      ("desc", Array("desc\0\0\0\0".utf8) + big(words.count) + words + [UInt8](repeating: 0, count: 78)),
    ]
    var (table, data): ([UInt8], [UInt8]) = (big(tags.count), [])
    for (name, body) in tags {
      table += Array(name.utf8) + big(132 + tags.count * 12 + data.count) + big(body.count)
      data += body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    }
    var head = [UInt8](repeating: 0, count: 128)
    head.replaceSubrange(8..<9, with: [2])
    head.replaceSubrange(12..<24, with: Array("mntrRGB XYZ ".utf8))
    head.replaceSubrange(36..<40, with: Array("acsp".utf8))
    head.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
    var bytes = head + table + data
    bytes.replaceSubrange(0..<4, with: big(bytes.count))
    return bytes
  }()
}
