/// Reads the tokens of an HTML document one after the other (HTML Standard, section 13.2.5).
///
/// The text is UTF-8 with line feeds alone as line ends. Time is linear in it, and no text is refused.
struct HTMLTokenizer {
  /// How many attributes of a tag are kept, for each new name is compared with all before.
  private static let mostAttributes = 512

  let text: ByteView
  var place = 0
  var model = HTMLContentModel.data
  /// The name of the last start tag, whose end tag alone ends what is not read as data.
  var lastStart: [UInt8]
  /// Whether `<![CDATA[` is one, which it is inside of SVG and MathML.
  var allowsSections = false
  /// Text that has been read and not been given out.
  var pending: [UInt8] = []
  /// A token that comes after the text which is given out first.
  private var held: HTMLToken?

  init(_ text: ByteView, model: HTMLContentModel = .data, lastStart: String = "") {
    self.text = text
    self.model = model
    self.lastStart = Array(lastStart.utf8)
  }

  var isAtEnd: Bool { place >= text.count }

  /// The next token, or nil at the end of the document.
  mutating func next() -> HTMLToken? {
    if let token = held {
      held = nil
      return token
    }
    while !isAtEnd {
      guard let token = read() else { continue }
      if pending.isEmpty { return token }
      held = token
      return takeText()
    }
    return pending.isEmpty ? nil : takeText()
  }

  private mutating func takeText() -> HTMLToken {
    defer { pending = [] }
    return .text(pending)
  }

  /// Reads on; nil where what was read is text or nothing.
  private mutating func read() -> HTMLToken? {
    switch model {
    case .data: return readData()
    case .escapableRawText, .rawText: return readRawText()
    case .script: return readScript()
    case .plainText:
      appendReplacingNull(place..<text.count)
      place = text.count
      return nil
    case .section:
      readSection()
      return nil
    }
  }

  private mutating func readData() -> HTMLToken? {
    let start = place
    while !isAtEnd, text[place] != UInt8(ascii: "<"), text[place] != UInt8(ascii: "&") { place += 1 }
    pending.append(contentsOf: text.slice(start..<place))
    if isAtEnd { return nil }
    if text[place] == UInt8(ascii: "&") {
      readReferenceIntoText()
      return nil
    }
    return readMarkup()
  }

  /// Reads what begins with `<` in data.
  private mutating func readMarkup() -> HTMLToken? {
    switch text[place + 1] {
    case UInt8(ascii: "!"): return readDeclaration()
    case UInt8(ascii: "?"): return readBogusComment(from: place + 1)
    case UInt8(ascii: "/"): return readEndTagOrText()
    case let byte where ASCII.isLetter(byte):
      place += 1
      return readTag(isEnd: false)
    default:
      pending.append(UInt8(ascii: "<"))
      place += 1
      return nil
    }
  }

  private mutating func readEndTagOrText() -> HTMLToken? {
    if ASCII.isLetter(text[place + 2]) {
      place += 2
      return readTag(isEnd: true)
    }
    if place + 2 >= text.count {
      pending.append(contentsOf: text.slice(place..<text.count))
      place = text.count
      return nil
    }
    if text[place + 2] == UInt8(ascii: ">") {
      place += 3
      return nil
    }
    return readBogusComment(from: place + 2)
  }

  /// Reads a tag from its name on; nil where the document ends inside of it.
  mutating func readTag(isEnd: Bool) -> HTMLToken? {
    let start = place
    while !isAtEnd, !Self.endsName(text[place]) { place += 1 }
    var name: [UInt8] = []
    appendName(start..<place, to: &name)
    var tag = HTMLTag(name: String(decoding: name, as: UTF8.self))
    guard readAttributes(&tag) else { return nil }
    if isEnd { return .end(tag.name) }
    lastStart = name
    return .start(tag)
  }

  static func endsName(_ byte: UInt8) -> Bool {
    isSpace(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ">")
  }

  /// Tab, line feed, form feed and space; carriage returns have been taken away before.
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0C }

  /// Appends a range in small letters with U+FFFD for U+0000.
  func appendName(_ range: Range<Int>, to target: inout [UInt8]) {
    for byte in text.slice(range) {
      if byte == 0 { target.append(scalar: 0xFFFD) } else { target.append(ASCII.lower(byte)) }
    }
  }

  mutating func appendReplacingNull(_ range: Range<Int>) {
    for byte in text.slice(range) {
      if byte == 0 { pending.append(scalar: 0xFFFD) } else { pending.append(byte) }
    }
  }

  private mutating func skipSpace() { while Self.isSpace(text[place]) { place += 1 } }

  /// Reads the rest of a tag; false where the document ends first.
  private mutating func readAttributes(_ tag: inout HTMLTag) -> Bool {
    while true {
      skipSpace()
      guard !isAtEnd else { return false }
      switch text[place] {
      case UInt8(ascii: ">"):
        place += 1
        return true
      case UInt8(ascii: "/"):
        place += 1
        if text[place] == UInt8(ascii: ">") { tag.isSelfClosing = true }
      default:
        let attribute = readAttribute()
        if !isAtEnd, tag.attributes.count < Self.mostAttributes, tag[attribute.name] == nil {
          tag.attributes.append(attribute)
        }
      }
    }
  }

  private mutating func readAttribute() -> HTMLTag.Attribute {
    let start = place
    place += 1
    while !isAtEnd, !Self.endsName(text[place]), text[place] != UInt8(ascii: "=") { place += 1 }
    var name: [UInt8] = []
    appendName(start..<place, to: &name)
    skipSpace()
    var value: [UInt8] = []
    if text[place] == UInt8(ascii: "=") {
      place += 1
      skipSpace()
      readValue(&value)
    }
    return HTMLTag.Attribute(name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
  }

  private mutating func readValue(_ value: inout [UInt8]) {
    let quote = text[place]
    let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
    if isQuoted { place += 1 }
    while !isAtEnd {
      let byte = text[place]
      if isQuoted ? byte == quote : Self.isSpace(byte) || byte == UInt8(ascii: ">") { break }
      if byte == UInt8(ascii: "&") {
        readReference(inAttribute: true, into: &value)
        continue
      }
      if byte == 0 { value.append(scalar: 0xFFFD) } else { value.append(byte) }
      place += 1
    }
    if isQuoted { place += 1 }
  }
}
