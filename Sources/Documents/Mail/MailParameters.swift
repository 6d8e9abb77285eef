/// A field that is a word with parameters, as Content-Type is (RFC 2045 section 5.1), and the longer ones of RFC 2231.
struct MailParameters {
  /// The word before the parameters, in lower case.
  let word: String
  private var values: [String: String] = [:]

  /// By its name in lower case.
  subscript(_ name: String) -> String? { values[name] }

  /// Parameters beyond so many are passed over.
  private static let most = 200

  init(_ value: ArraySlice<UInt8>) {
    var rest = HeaderText.unfolded(value.prefix(1 << 16))[...]
    word = MailParameters.trimmed(rest.prefix { $0 != 0x3B }).lowercased()
    rest = rest.drop { $0 != 0x3B }
    var pieces: [String: [(number: Int, isCoded: Bool, bytes: [UInt8])]] = [:]
    var count = 0
    while rest.first == 0x3B, count < MailParameters.most {
      rest = rest.dropFirst()
      count += 1
      let name = MailParameters.trimmed(rest.prefix { $0 != 0x3D && $0 != 0x3B }).lowercased()
      rest = rest.drop { $0 != 0x3D && $0 != 0x3B }
      guard rest.first == 0x3D else { continue }
      rest = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
      let bytes = MailParameters.value(&rest)
      let parts = name.split(separator: "*", omittingEmptySubsequences: false)
      let isCoded = parts.count > 1 && parts.last == ""
      let number = parts.count > 1 ? Int(parts[1]) : nil
      if parts.count == 1 {
        values[name] = values[name] ?? HeaderText.decode(bytes[...])
      } else {
        pieces[String(parts[0]), default: []].append((number ?? 0, isCoded, bytes))
      }
    }
    for (name, pieces) in pieces { values[name] = MailParameters.joined(pieces) }
  }

  /// A word, or a text in quotes; what follows up to the next semicolon goes.
  private static func value(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    if rest.first == 0x22 {
      rest = rest.dropFirst()
      while let byte = rest.popFirst(), byte != 0x22 {
        if byte == 0x5C, let next = rest.popFirst() { bytes.append(next) } else { bytes.append(byte) }
      }
    } else {
      bytes = Array(rest.prefix { $0 != 0x3B })
      while bytes.last == 0x20 || bytes.last == 0x09 { bytes.removeLast() }
    }
    rest = rest.drop { $0 != 0x3B }
    return bytes
  }

  /// The pieces of one value by their numbers; the first that is coded tells the charset (RFC 2231 sections 3 and 4).
  private static func joined(_ pieces: [(number: Int, isCoded: Bool, bytes: [UInt8])]) -> String {
    var charset: String?
    var bytes: [UInt8] = []
    var written: [UInt8] = []
    for (index, piece) in pieces.sorted(by: { $0.number < $1.number }).enumerated() {
      var text = piece.bytes[...]
      if index == 0, piece.isCoded {
        let parts = text.split(separator: 0x27, maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3 {
          charset = String(decoding: parts[0], as: UTF8.self)
          text = parts[2]
        }
      }
      written += text
      bytes += piece.isCoded ? Escapes.decode(text, mark: 0x25) : Array(text)
    }
    return MailCharset.text(bytes, named: charset) ?? String(decoding: written, as: UTF8.self)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: HeaderText.unfolded(bytes), as: UTF8.self)
  }
}
