import Basics

/// The bytes that stand in addresses, and how others are written there (RFC 3986 section 2).
enum AddressBytes {
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// RFC 3986 section 3.1.
  static func isOfScheme(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }

  /// RFC 3986 section 2.3.
  static func isUnreserved(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
  }

  /// What browsers leave as it is in a path or a query (WHATWG URL, the path percent-encode set).
  private static func mayStand(_ byte: UInt8) -> Bool {
    guard byte > 0x20, byte < 0x7F else { return false }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"), UInt8(ascii: "^"),
      UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "}"):
      return false
    default: return true
    }
  }

  /// Writes what may not stand in an address as its bytes in hexadecimal.
  static func encoded(_ text: String) -> String {
    if text.utf8.allSatisfy(mayStand) { return text }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 2)
    for byte in text.utf8 {
      if mayStand(byte) { bytes.append(byte) } else { PercentEncoding.append(byte, to: &bytes) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One spelling of what is written in hexadecimal: unreserved characters are themselves, and digits large
  /// (RFC 3986 section 6.2.2).
  ///
  /// The bytes in `escaping` are written in hexadecimal, and what may not stand in an address, too.
  static func normalised(_ text: some Collection<UInt8>, escaping: [UInt8] = []) -> [UInt8] {
    let text = Array(text)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var place = 0
    var stray = -3
    while place < text.count {
      let byte = text[place]
      if byte == UInt8(ascii: "%"), let value = escape(text, at: place) {
        let isPlain = isUnreserved(value) && bytes.count - stray > 2
        if isPlain { bytes.append(value) } else { PercentEncoding.append(value, to: &bytes) }
        place += 3
        continue
      }
      // The digits of a percent sign that has none are not to come from what is written in hexadecimal behind it.
      if byte == UInt8(ascii: "%") { stray = bytes.count }
      if mayStand(byte), !escaping.contains(byte) {
        bytes.append(byte)
      } else {
        PercentEncoding.append(byte, to: &bytes)
      }
      place += 1
    }
    return bytes
  }

  static func normalised(_ text: String) -> String { String(decoding: normalised(text.utf8), as: UTF8.self) }

  /// The bytes with those in place that are written in hexadecimal and pass.
  static func decoded(_ text: String, where passes: (UInt8) -> Bool) -> [UInt8] {
    let text = Array(text.utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var place = 0
    var stray = -3
    while place < text.count {
      let value = text[place] == UInt8(ascii: "%") ? escape(text, at: place) : nil
      if let value, passes(value), bytes.count - stray > 2 {
        bytes.append(value)
        place += 3
      } else {
        if text[place] == UInt8(ascii: "%"), value == nil { stray = bytes.count }
        bytes.append(text[place])
        place += 1
      }
    }
    return bytes
  }

  /// The byte that `%` and two digits stand for.
  private static func escape(_ text: [UInt8], at place: Int) -> UInt8? {
    guard place + 2 < text.count, let high = Hexadecimal.value(of: text[place + 1]),
      let low = Hexadecimal.value(of: text[place + 2])
    else { return nil }
    return high << 4 | low
  }
}
