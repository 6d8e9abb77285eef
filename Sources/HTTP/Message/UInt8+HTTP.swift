extension UInt8 {
  static let carriageReturn: UInt8 = 0x0D
  static let lineFeed: UInt8 = 0x0A
  static let space: UInt8 = 0x20
  static let tab: UInt8 = 0x09
  static let slash: UInt8 = 0x2F
  static let colon: UInt8 = 0x3A
  static let percent: UInt8 = 0x25

  /// True for the characters of a token (RFC 9110 section 5.6.2).
  var isToken: Bool {
    let below64: UInt64 = 0x03FF_6CFA_0000_0000
    let from64: UInt64 = 0x57FF_FFFF_C7FF_FFFE
    guard self < 128 else { return false }
    return (self < 64 ? below64 : from64) >> UInt64(self & 63) & 1 == 1
  }

  /// True for what a field value may hold: visible characters, space, tab and obs-text (RFC 9110 section 5.5).
  var isFieldValue: Bool {
    self >= 0x20 ? self != 0x7F : self == .tab
  }

  var isDigit: Bool { self >= 0x30 && self <= 0x39 }

  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }

  /// The letter in lower case; other bytes stay.
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension UnsafeRawBufferPointer {
  /// The part of the buffer without spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high, self[low] == .space || self[low] == .tab { low += 1 }
    while high > low, self[high - 1] == .space || self[high - 1] == .tab { high -= 1 }
    return low..<high
  }

  /// True when the range holds the ASCII word in any case; the word is given in lower case.
  func equals(_ word: StaticString, in range: Range<Int>) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { letters in
      var index = range.lowerBound
      for letter in letters {
        if self[index].lowercased != letter { return false }
        index += 1
      }
      return true
    }
  }

  func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeRawBufferPointer(rebasing: self[range]), as: UTF8.self)
  }

  /// The text of the range, or nil when it is not UTF-8.
  func validText(_ range: Range<Int>) -> String? {
    String(validating: UnsafeRawBufferPointer(rebasing: self[range]), as: UTF8.self)
  }
}
