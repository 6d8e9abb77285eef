import Glibc

/// Text from the system, whose names are bytes: what is not UTF-8 in it is kept, and comes back when it is given to the system.
///
/// Each byte that is part of no character stands as one character of the last 128 of Unicode's last private plane; so does
/// each byte of a character that is one of these itself.
package enum SystemText {
  /// Stands for the byte 0x80.
  private static let first: UInt32 = 0x10_FF80

  /// The text of a name or word that ends with a zero.
  package static func text(_ pointer: UnsafePointer<CChar>) -> String {
    if let text = String(validatingCString: pointer), isWhole(text) { return text }
    return text(bytes: UnsafeBufferPointer(start: pointer, count: strlen(pointer)).map { UInt8(bitPattern: $0) })
  }

  package static func text(bytes: [UInt8]) -> String {
    var scalars = String.UnicodeScalarView()
    func keep(_ bytes: some Sequence<UInt8>) {
      for byte in bytes { Unicode.Scalar(first + UInt32(byte) - 0x80).map { scalars.append($0) } }
    }
    var parser = Unicode.UTF8.ForwardParser()
    var rest = bytes.makeIterator()
    var offset = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        let scalar = Unicode.UTF8.decode(encoded)
        if byte(of: scalar) == nil { scalars.append(scalar) } else { keep(encoded) }
        offset += encoded.count
      case .error(let length):
        keep(bytes[offset..<offset + length])
        offset += length
      case .emptyInput: return String(scalars)
      }
    }
  }

  /// The bytes for the system, with the zero that ends them.
  package static func cString(_ text: String) -> [CChar] {
    if isWhole(text) { return Array(text.utf8CString) }
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      if let byte = byte(of: scalar) { bytes.append(byte) } else { bytes += String(scalar).utf8 }
    }
    return bytes.map { CChar(bitPattern: $0) } + [0]
  }

  /// True when everything in it is UTF-8.
  package static func isWhole(_ text: String) -> Bool {
    !text.utf8.contains(0xF4) || !text.unicodeScalars.contains { byte(of: $0) != nil }
  }

  /// The text for whoever takes only UTF-8.
  package static func repaired(_ text: String) -> String {
    isWhole(text) ? text : mapped(text) { _ in "\u{FFFD}" }
  }

  /// The text for people and as JSON: each byte as `\udcXX`, which Python's `os.fsencode` makes that byte again.
  package static func shown(_ text: String) -> String {
    isWhole(text) ? text : mapped(text) { "\\udc" + String($0, radix: 16) }
  }

  private static func mapped(_ text: String, _ change: (UInt8) -> String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      if let byte = byte(of: scalar) { result += change(byte) } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  private static func byte(of scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= first ? UInt8(scalar.value - first) + 0x80 : nil
  }
}
