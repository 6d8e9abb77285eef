import DataFormats

/// Finds the encoding that a document says of itself (HTML Standard, section 13.2.3.2, in small).
enum HTMLEncodingSniffer {
  /// How many bytes a declaration is looked for in.
  private static let length = 1024

  private static let unicode: Set<String> = [
    "utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8",
    // Whoever can read the declaration does not read UTF-16.
    "utf-16", "utf-16le", "utf-16be",
  ]

  private static let western: Set<String> = [
    "windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "iso88591", "iso_8859-1", "iso_8859-1:1987",
    "iso-ir-100", "csisolatin1", "latin1", "l1", "cp819", "ibm819", "us-ascii", "ascii", "ansi_x3.4-1968",
  ]

  /// What names of encodings begin with that browsers read and that are not read here.
  private static let unread = [
    "shift", "sjis", "x-sjis", "ms_kanji", "ms932", "windows-", "cp125", "x-cp125", "csshiftjis", "euc-", "x-euc-",
    "cseuc", "iso-2022", "csiso2022", "gb", "x-gbk", "csgb", "hz-gb", "chinese", "big5", "cn-big5", "x-x-big5",
    "csbig5", "ks_c", "ksc", "korean", "csksc", "ibm866", "cp866", "csibm866", "iso-8859-", "iso8859", "iso_8859",
    "macintosh", "x-mac-", "csmacintosh", "dos-874", "tis-620",
  ]

  /// The encoding by its name in any spelling, or nil for one that is not known here.
  static func named(_ name: String) -> MarkupEncoding? {
    let name = name.lowercased()
    if unicode.contains(name) { return .utf8 }
    if western.contains(name) { return .windows1252 }
    return CharacterTable(name: name).map(MarkupEncoding.table)
  }

  /// What a `meta` element says; without one, or with the name of none, UTF-8 if the document is that, else windows-1252.
  ///
  /// A page that was saved anew may keep the mark of the one-byte encoding that it had, and hardly any text in one is UTF-8 by
  /// chance. Throws for an encoding that is not read here, unless any other will do.
  static func encoding(of bytes: [UInt8], allowsUnknown: Bool) throws(DataFault) -> MarkupEncoding {
    let declared = bytes.prefix(length).withUnsafeBufferPointer { declaration(ByteView($0)) }
    let encoding = declared.flatMap(named)
    if case .utf8? = encoding { return .utf8 }
    if case .windows1252? = encoding { return .windows1252 }
    if String(validating: bytes, as: UTF8.self) != nil { return .utf8 }
    if let encoding { return encoding }
    guard let declared, !allowsUnknown, unread.contains(where: declared.lowercased().hasPrefix) else {
      return .windows1252
    }
    throw DataFault(.unsupported, "the encoding \(declared.prefix(40)) is not read here; use UTF-8")
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
