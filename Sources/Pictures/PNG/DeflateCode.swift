import Formats

/// The symbols of DEFLATE (RFC 1951 section 3.2.5) as entries of an `InflateTable`, and the codes that need no table in
/// the stream.
enum DeflateCode {
  static let lengthBases: [UInt16] = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ]
  static let lengthBits: [UInt8] = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  static let distanceBases: [UInt16] = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12_289, 16_385, 24_577,
  ]
  static let distanceBits: [UInt8] = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]

  /// In which order the lengths of the code for code lengths come (section 3.2.7).
  static let order: [Int] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// The entries of literals, the end and lengths; two symbols of the fixed code mean nothing.
  static let literals: [UInt32] =
    (0..<256).map(literal) + [InflateTable.special | InflateTable.blockEnd]
    + zip(lengthBases, lengthBits).map(value) + [InflateTable.special, InflateTable.special]

  static let distances: [UInt32] =
    zip(distanceBases, distanceBits).map(value) + [InflateTable.special, InflateTable.special]

  static let codeLengths: [UInt32] = (0..<19).map { value($0, 0) }

  static let fixedLiterals: [UInt8] = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }

  static let fixedDistances = [UInt8](repeating: 5, count: 32)

  private static func literal(_ byte: UInt32) -> UInt32 { InflateTable.literal | 1 << 24 | byte << 8 }

  private static func value(_ base: UInt16, _ bits: UInt8) -> UInt32 { UInt32(base) << 16 | UInt32(bits) }
}
