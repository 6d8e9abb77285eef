/// Finds the encoding that a document says of itself (HTML Standard, section 13.2.3.2, in small).
enum HTMLEncodingSniffer {
  /// How many bytes a declaration is looked for in.
  private static let length = 1024

  private static let names: [String: MarkupEncoding] = [
    "utf-8": .utf8, "utf8": .utf8, "unicode-1-1-utf-8": .utf8, "windows-1252": .windows1252, "cp1252": .windows1252,
    "iso-8859-1": .windows1252, "iso8859-1": .windows1252, "latin1": .windows1252, "l1": .windows1252,
    "us-ascii": .windows1252, "ascii": .windows1252, "iso-8859-15": .windows1252,
    // Whoever can read the declaration does not read UTF-16.
    "utf-16": .utf8, "utf-16le": .utf8, "utf-16be": .utf8,
  ]

  /// The encoding by its name in any spelling, or nil for one that is not known here.
  static func named(_ name: String) -> MarkupEncoding? { names[name.lowercased()] }

  /// What a `meta` element says; without one UTF-8 if the document is that, else windows-1252.
  static func encoding(of bytes: [UInt8]) -> MarkupEncoding {
    let declared = bytes.prefix(length).withUnsafeBufferPointer { declaration(ByteView($0)) }
    if let encoding = declared.flatMap(named) { return encoding }
    return String(validating: bytes, as: UTF8.self) == nil ? .windows1252 : .utf8
  }

  private static func declaration(_ text: ByteView) -> String? {
    var tokenizer = HTMLTokenizer(text)
    while let token = tokenizer.next() {
      guard case .start(let tag) = token, tag.name == "meta" else { continue }
      if let name = tag["charset"] { return trimmed(name) }
      guard let content = tag["content"], tag["http-equiv"]?.lowercased() == "content-type" else { continue }
      let bytes = Array(content.utf8)
      let name = bytes.withUnsafeBufferPointer { view in
        ByteView(view).find("charset=", from: 0).map { String(decoding: bytes[($0 + 8)...], as: UTF8.self) }
      }
      if let name { return trimmed(name) }
    }
    return nil
  }

  private static func trimmed(_ name: String) -> String {
    let ends: Set<Character> = [" ", "\t", "\n", "\"", "'", ";"]
    return String(name.drop { ends.contains($0) }.prefix { !ends.contains($0) })
  }
}
