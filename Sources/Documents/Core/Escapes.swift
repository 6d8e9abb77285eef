import Basics

/// Bytes that are written as a mark and two hexadecimal digits.
enum Escapes {
  /// The bytes of a text; what is no whole escape stays as it stands.
  static func decode(_ text: some RandomAccessCollection<UInt8>, mark: UInt8) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text[...]
    while let byte = rest.first {
      let digits = rest.dropFirst().prefix(2)
      if byte == mark, digits.count == 2, let high = digits.first.flatMap(Hexadecimal.value),
        let low = digits.last.flatMap(Hexadecimal.value)
      {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
        rest = rest.dropFirst()
      }
    }
    return bytes
  }
}
