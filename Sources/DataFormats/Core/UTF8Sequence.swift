/// Well-formed sequences of UTF-8 (Unicode 3.9, table 3-7).
enum UTF8Sequence {
  /// The length of the sequence of a character beyond ASCII; 0 where it goes on behind `count` bytes, negative where it is malformed.
  static func length(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let lead = base[0]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return -1
    }
    if count > 1, !second.contains(base[1]) { return -1 }
    for index in 2..<max(2, min(length, count)) where base[index] & 0xC0 != 0x80 { return -1 }
    return count < length ? 0 : length
  }
}
