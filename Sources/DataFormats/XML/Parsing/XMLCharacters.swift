/// Which characters XML 1.0, fifth edition, allows where.
enum XMLCharacters {
  /// Production [4] beyond ASCII.
  private static let nameStart: [ClosedRange<UInt32>] = [
    0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F,
    0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF,
  ]

  /// What production [4a] adds beyond ASCII.
  private static let nameOnly: [ClosedRange<UInt32>] = [0xB7...0xB7, 0x300...0x36F, 0x203F...0x2040]

  /// Production [2].
  static func isAllowed(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF, 9, 10, 13: true
    default: false
    }
  }

  static func isNameStart(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x61...0x7A, 0x41...0x5A, 0x5F, 0x3A: true
    case ..<0x80: false
    default: nameStart.contains { $0.contains(scalar) }
    }
  }

  static func isName(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x30...0x39, 0x2D, 0x2E: true
    default: isNameStart(scalar) || nameOnly.contains { $0.contains(scalar) }
    }
  }

  /// True for a byte that a name may hold, every byte of a character beyond ASCII included.
  static func isNameByte(_ byte: UInt8) -> Bool { byte >= 0x80 || isName(UInt32(byte)) }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }

  /// A character for a message: itself where it can be seen, its number otherwise.
  static func shown(_ scalar: UInt32) -> String {
    if scalar > 0x20, scalar < 0x7F { return "'\(Character(UnicodeScalar(UInt8(scalar))))'" }
    let digits = String(scalar, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
