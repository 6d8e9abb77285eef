import Basics

/// Bytes written as text that mail carries unharmed (RFC 2045 section 6.7).
enum QuotedPrintable {
  /// The bytes of a body; what is no code of this form stays as it stands, as section 6.7 advises.
  static func decode(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    // Where blanks begin that stand at the end of a line and were put there on the way.
    var solid = 0
    var place = text.startIndex
    while place < text.endIndex {
      let byte = text[place]
      place += 1
      if byte == 0x3D, let (value, end) = code(text, place) {
        if let value { bytes.append(value) }
        solid = bytes.count
        place = end
      } else if byte == 0x0A {
        let hasReturn = bytes.count > solid && bytes.last == 0x0D
        bytes.removeLast(bytes.count - solid)
        bytes += hasReturn ? [0x0D, 0x0A] : [0x0A]
        solid = bytes.count
      } else {
        bytes.append(byte)
        if ![0x20, 0x09, 0x0D].contains(byte) { solid = bytes.count }
      }
    }
    return bytes
  }

  /// The byte of two digits, or none for the end of a line that goes on; and where that ends.
  private static func code(_ text: ArraySlice<UInt8>, _ place: Int) -> (UInt8?, end: Int)? {
    if text.endIndex - place >= 2, let high = Hexadecimal.value(of: text[place]),
      let low = Hexadecimal.value(of: text[place + 1])
    {
      return (high << 4 | low, place + 2)
    }
    var end = place
    while end < text.endIndex, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
    if end < text.endIndex, text[end] == 0x0D { end += 1 }
    if end == text.endIndex { return (nil, end) }
    return text[end] == 0x0A ? (nil, end + 1) : nil
  }
}
