import Basics

/// Base64 as mail has it (RFC 2045 section 6.8): in lines, and with whatever a transport has put between.
enum MailBase64 {
  /// The bytes of a body; what is none of the alphabet is passed over, and padding ends a run.
  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 3)
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      guard let value = Base64.value(of: byte) else {
        if byte == 0x3D {
          finish(&bytes, bits, count)
          (bits, count) = (0, 0)
        }
        continue
      }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count == 4 {
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits))
        (bits, count) = (0, 0)
      }
    }
    finish(&bytes, bits, count)
    return bytes
  }

  /// Two characters are one byte, three are two.
  private static func finish(_ bytes: inout [UInt8], _ bits: UInt32, _ count: Int) {
    if count == 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 4)) }
    if count == 3 {
      bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
    }
  }
}
