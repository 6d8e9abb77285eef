/// Bytes and numbers in 32 lower-case characters that cannot be mistaken for one another (no i, l, o, u).
package enum Base32 {
  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  /// What each byte stands for; 255 for one that is none of the alphabet.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  /// A 64-bit number as 13 characters, the same length always.
  package static func encode(_ number: UInt64) -> String {
    var text = [UInt8](repeating: 0, count: 13)
    var rest = number
    for index in text.indices.reversed() {
      text[index] = alphabet[Int(rest & 31)]
      rest >>= 5
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The number of exactly 13 characters, or nil; upper case is not accepted, so each number has one spelling.
  package static func decode(_ text: Substring) -> UInt64? {
    guard text.utf8.count == 13 else { return nil }
    var number: UInt64 = 0
    for byte in text.utf8 {
      let digit = values[Int(byte)]
      // The first of the 65 bits has no place in the number.
      guard digit < 32, number < 1 << 59 else { return nil }
      number = number << 5 | UInt64(digit)
    }
    return number
  }

  /// Random bytes as text, five bits a character; the last bits that fill no character are left out.
  package static func text(_ bytes: [UInt8]) -> String { text(bytes, alphabet) }

  /// The same in the letters of RFC 4648, which apps for one-time codes read.
  package static func standard(_ bytes: [UInt8]) -> String {
    text(bytes, Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8))
  }

  private static func text(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
    var result: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for byte in bytes {
      buffer = buffer << 8 | UInt32(byte)
      bits += 8
      while bits >= 5 {
        bits -= 5
        result.append(alphabet[Int(buffer >> UInt32(bits) & 31)])
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
