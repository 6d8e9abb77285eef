/// Tags and anchors (YAML 1.2.2 section 6.9).
extension YAMLParser {
  /// Reads the properties that are here, if any, and what is white behind them.
  ///
  /// In block style they are taken from one line only: `flow` is nil. In flow style, where lines must have `flow` spaces,
  /// they may stand on several.
  mutating func properties(flow: Int?) throws(DataFault) -> YAMLProperties {
    var found = YAMLProperties()
    found.place = place
    while byte() == Mark.ampersand || byte() == Mark.exclamation {
      let start = place
      if byte() == Mark.ampersand {
        guard found.anchor == nil else { throw fault("a second anchor for one node: expected its content") }
        place += 1
        found.anchor = try anchorName("anchor")
      } else {
        guard found.tag == nil else { throw fault("a second tag for one node: expected its content") }
        found.tag = try tag()
      }
      guard isGap(byte()) || flow != nil && Mark.isFlow(byte()) else {
        let what = byte(at: start) == Mark.ampersand ? "the anchor" : "the tag"
        throw fault("\(self.found()) cannot stand in \(what): expected a space or the end of the line")
      }
      if let flow { try skipFlowGap(flow) } else { skipBlanks() }
    }
    return found
  }

  /// Properties of one node that stand on different lines.
  func joined(_ outer: YAMLProperties, _ inner: YAMLProperties) throws(DataFault) -> YAMLProperties {
    if outer.isEmpty { return inner }
    guard outer.anchor == nil || inner.anchor == nil else {
      throw fault("a second anchor for one node: expected its content", at: inner.place)
    }
    guard outer.tag == nil || inner.tag == nil else {
      throw fault("a second tag for one node: expected its content", at: inner.place)
    }
    return YAMLProperties(tag: outer.tag ?? inner.tag, anchor: outer.anchor ?? inner.anchor, place: outer.place)
  }

  /// The name of an anchor or alias (section 6.9.2, `ns-anchor-name`).
  mutating func anchorName(_ what: String) throws(DataFault) -> Range<Int> {
    let start = place
    while !isGap(byte()), !Mark.isFlow(byte()) { place += 1 }
    guard place > start else { throw fault("\(found()) cannot stand here: expected the name of the \(what)") }
    return start..<place
  }

  private mutating func tag() throws(DataFault) -> String {
    let start = place
    place += 1
    if byte() == UInt8(ascii: "<") {
      place += 1
      let uri = try tagText(isVerbatim: true)
      guard !uri.isEmpty, byte() == Mark.greater else {
        throw fault("\(found()) cannot stand in a tag: expected an address and “>”")
      }
      place += 1
      return uri
    }
    // A handle is `!`, `!!` or a name between two of them; only then can a second `!` come.
    var end = place
    while Self.isWordCharacter(byte(at: end)) { end += 1 }
    var handle = "!"
    if byte(at: end) == Mark.exclamation {
      handle = String(decoding: bytes[start...end], as: UTF8.self)
      place = end + 1
    }
    let suffix = try tagText(isVerbatim: false)
    if handle == "!", suffix.isEmpty { return "!" }
    guard !suffix.isEmpty else { throw fault("\(found()) cannot stand here: expected a name behind \(handle)") }
    guard let prefix = handles[handle] ?? Self.standardHandles[handle] else {
      throw fault("the handle \(handle) means nothing: expected a directive %TAG \(handle) in this document", at: start)
    }
    return prefix + suffix
  }

  static let standardHandles = ["!": "!", "!!": "tag:yaml.org,2002:"]

  /// Characters of an address with their `%` escapes decoded (section 5.6, `ns-uri-char` and `ns-tag-char`).
  mutating func tagText(isVerbatim: Bool) throws(DataFault) -> String {
    var text: [UInt8] = []
    while Self.isAddressCharacter(byte(), isVerbatim: isVerbatim) {
      if byte() == Mark.percent {
        guard let high = Self.digit(byte(1)), let low = Self.digit(byte(2)) else {
          throw fault("expected two hexadecimal digits behind “%” in a tag")
        }
        text.append(high << 4 | low)
        place += 3
      } else {
        text.append(byte())
        place += 1
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func isWordCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), Mark.dash: true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    default: false
    }
  }

  private static func isAddressCharacter(_ byte: UInt8, isVerbatim: Bool) -> Bool {
    switch byte {
    case _ where isWordCharacter(byte): true
    case Mark.percent, Mark.hash, UInt8(ascii: ";"), UInt8(ascii: "/"), Mark.question, Mark.colon, UInt8(ascii: "@"),
      Mark.ampersand:
      true
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "$"), UInt8(ascii: "_"), Mark.dot, UInt8(ascii: "~"): true
    case Mark.asterisk, Mark.singleQuote, UInt8(ascii: "("), UInt8(ascii: ")"): true
    case Mark.exclamation, Mark.comma, Mark.openBracket, Mark.closeBracket: isVerbatim
    default: false
    }
  }

  static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
