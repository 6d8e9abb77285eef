/// The text of links as a reader sees it, with white space collapsed.
///
/// Links inside of each other share it, so that it is read once.
struct LinkText {
  /// Elements that do not part the words beside them.
  static let inline: Set<String> = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
  ]
  /// Elements whose text nobody sees.
  static let hidden: Set<String> = [
    "script", "style", "title", "iframe", "noembed", "noframes", "textarea", "datalist", "rp",
  ]

  private var bytes: [UInt8] = []

  /// Where the next text will stand.
  var end: Int { bytes.count }

  mutating func space() { if bytes.last != 0x20 { bytes.append(0x20) } }

  mutating func add(_ text: ArraySlice<UInt8>) {
    for byte in text {
      if byte <= 0x20 { space() } else { bytes.append(byte) }
    }
  }

  /// The text from a place on, cut where it is longer than is told.
  func words(from start: Int) -> String {
    let own = bytes[start...].drop { $0 == 0x20 }
    // A character has at most four bytes.
    let scalars = String(decoding: own.prefix(PageLink.longestText * 4), as: UTF8.self).unicodeScalars
    let text = String(String.UnicodeScalarView(scalars.prefix(PageLink.longestText)))
    return text.utf8.last == 0x20 ? String(text.dropLast()) : text
  }

  /// The same of the value of an attribute.
  static func words(of value: String) -> String {
    var text = LinkText()
    text.add(Array(value.utf8)[...])
    return text.words(from: 0)
  }
}
