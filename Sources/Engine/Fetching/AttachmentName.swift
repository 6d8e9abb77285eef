import Basics

/// The name that a server gives a file in Content-Disposition (RFC 6266), read as browsers read it.
enum AttachmentName {
  /// The name, not yet made harmless; nil when there is none.
  ///
  /// `filename*` wins when it can be read; a `filename` that is not UTF-8 is ISO 8859-1.
  static func read(_ value: [UInt8]) -> String? {
    var plain: String?
    var rest = value[...]
    // The kind, attachment or inline, says nothing about the name.
    rest = rest.drop { $0 != semicolon }
    while rest.first == semicolon {
      rest = rest.dropFirst().drop(while: isSpace)
      let name = rest.prefix { $0 != equals && $0 != semicolon }
      rest = rest.dropFirst(name.count)
      guard rest.first == equals else { continue }
      rest = rest.dropFirst().drop(while: isSpace)
      let text = takeValue(&rest)
      rest = rest.drop { $0 != semicolon }
      switch String(decoding: name.filter { !isSpace($0) }, as: UTF8.self).lowercased() {
      case "filename*": if let exact = extended(text) { return exact }
      case "filename": plain = plain ?? decoded(text)
      default: break
      }
    }
    return plain.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static let (semicolon, equals, quote, backslash) = (UInt8(0x3B), UInt8(0x3D), UInt8(0x22), UInt8(0x5C))

  @Sendable private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D, 0x0A].contains(byte) }

  /// A token or a quoted string, whose backslashes hide the next byte.
  private static func takeValue(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    guard rest.first == quote else {
      let token = rest.prefix { $0 != semicolon && !isSpace($0) }
      rest = rest.dropFirst(token.count)
      return Array(token)
    }
    rest = rest.dropFirst()
    var text: [UInt8] = []
    while let byte = rest.popFirst(), byte != quote {
      text.append(byte == backslash ? rest.popFirst() ?? byte : byte)
    }
    return text
  }

  /// `UTF-8'language'percent-encoded` (RFC 8187 section 3.2), which is the only charset that senders may use.
  private static func extended(_ value: [UInt8]) -> String? {
    let parts = value.split(separator: 0x27, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, String(decoding: parts[0], as: UTF8.self).lowercased() == "utf-8" else { return nil }
    return PercentEncoding.decode(parts[2])
  }

  private static func decoded(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self) ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
  }
}
