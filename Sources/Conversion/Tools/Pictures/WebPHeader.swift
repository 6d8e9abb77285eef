/// What the beginning of a WebP file tells (RFC 9649, 2).
struct WebPHeader {
  /// A larger colour profile is not looked for.
  static let mostBytes = 4 << 20

  let width: Int
  let height: Int
  let isAnimated: Bool
  let profile: [UInt8]?
  /// What else it tells about itself, in webpmux's words.
  let metadata: [String]

  /// Nil for what is none.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 30, bytes.starts(with: Array("RIFF".utf8)), bytes[8...].starts(with: Array("WEBP".utf8)) else {
      return nil
    }
    func number(_ place: Int, _ count: Int) -> Int {
      (0..<count).reversed().reduce(0) { $0 << 8 | Int(bytes[place + $1]) }
    }
    switch String(decoding: bytes[12..<16], as: UTF8.self) {
    case "VP8 ":
      (width, height) = (number(26, 2) & 0x3FFF, number(28, 2) & 0x3FFF)
      (isAnimated, profile, metadata) = (false, nil, [])
    case "VP8L":
      let sides = number(21, 4)
      (width, height) = ((sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1)
      (isAnimated, profile, metadata) = (false, nil, [])
    case "VP8X":
      (width, height) = (number(24, 3) + 1, number(27, 3) + 1)
      metadata = [(0x08, "exif"), (0x04, "xmp")].filter { bytes[20] & $0.0 != 0 }.map(\.1)
      isAnimated = bytes[20] & 0x02 != 0
      // It stands before all else where there is one.
      let hasProfile = bytes.count > 38 && bytes[30...].starts(with: Array("ICCP".utf8))
      let size = hasProfile ? number(34, 4) : 0
      profile = hasProfile && size > 0 && size <= bytes.count - 38 ? Array(bytes[38..<38 + size]) : nil
    default: return nil
    }
  }
}
