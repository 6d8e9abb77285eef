/// Writes YAML in block style, so that readers of version 1.1 and of 1.2 find the same values in it.
///
/// Members keep their order; sequences stand at their parent's column; several documents are parted by `---`.
package struct YAMLWriter: DataWriter {
  /// How many bytes a key may have on one line with its `:` (the limit of 1,024 characters in YAML 1.2.2 section 8.2.2 is
  /// for readers; libyaml writes 128).
  static let mostImplicitKey = 128

  let drain: ByteDrain
  private var open: [Container] = []
  /// Where the next value stands.
  private var slot = Slot.top
  private var documents = 0

  /// A mapping or sequence whose end has not come.
  private struct Container {
    let isMapping: Bool
    /// How many spaces are before its members.
    let column: Int
    /// Where it stands itself.
    let slot: Slot
    var isEmpty = true
  }

  /// What is on the line before a value.
  private enum Slot {
    /// Nothing.
    case top
    /// `-`, or the `:` of a key on a line of its own.
    case afterIndicator
    /// `key:`.
    case afterKey
  }

  /// What it writes goes to `drain`, which is flushed by whom it belongs to.
  package init(_ drain: ByteDrain) { self.drain = drain }

  /// Throws what the drain throws, as all of them do.
  package mutating func startObject() throws { try begin(isMapping: true) }
  package mutating func startArray() throws { try begin(isMapping: false) }
  package mutating func endObject() throws { try end("{}") }
  package mutating func endArray() throws { try end("[]") }

  package mutating func name(_ name: String) throws {
    guard let column = open.last?.column else { return }
    try beginMember()
    let text = YAMLText(name)
    guard text.bytes > Self.mostImplicitKey else {
      try put(text, at: column, isKey: true)
      try drain.put(UInt8(ascii: ":"))
      slot = .afterKey
      return
    }
    try drain.put("? ")
    try put(text, at: column, isKey: true)
    try drain.put(YAMLMark.lineFeed)
    try indent(column)
    try drain.put(UInt8(ascii: ":"))
    slot = .afterIndicator
  }

  package mutating func scalar(_ value: DataScalar) throws {
    try beginValue()
    if slot != .top { try drain.put(YAMLMark.space) }
    var isPlain = true
    switch value {
    case .null: try drain.put("null")
    case .bool(let isTrue): try drain.put(isTrue ? "true" : "false")
    case .number(let text): try drain.put(Self.number(text))
    case .infinity(let negative): try drain.put(negative ? "-.inf" : ".inf")
    case .notANumber: try drain.put(".nan")
    case .string(let text): isPlain = try put(YAMLText(text), at: open.last?.column ?? 0, isKey: false)
    case .moment(let text):
      // A date is one for readers that know them; a time alone is a number to base 60 in version 1.1.
      let isDate = text.utf8.count >= 10 && text.utf8.dropFirst(4).first == YAMLMark.dash
      isPlain = isDate
      if isDate { try drain.put(text) } else { try put(YAMLText(text), at: 0, isKey: false) }
    }
    try drain.put(YAMLMark.lineFeed)
    try endValue(isPlain: isPlain)
  }

  /// The document is complete; nothing has been kept back.
  package mutating func finish() throws {}

  private mutating func begin(isMapping: Bool) throws {
    try beginValue()
    let column =
      switch (open.last?.column, slot) {
      case (let parent?, .afterKey): isMapping ? parent + 2 : parent
      case (let parent?, _): parent + 2
      default: 0
      }
    open.append(Container(isMapping: isMapping, column: column, slot: slot))
  }

  private mutating func end(_ empty: StaticString) throws {
    guard let ended = open.popLast() else { return }
    if ended.isEmpty {
      if ended.slot != .top { try drain.put(YAMLMark.space) }
      try drain.put(empty)
      try drain.put(YAMLMark.lineFeed)
    }
    try endValue(isPlain: false)
  }

  /// Writes what stands before a value that is no member of a mapping.
  private mutating func beginValue() throws {
    if open.isEmpty {
      if documents > 0 { try drain.put("---\n") }
      slot = .top
    } else if open[open.count - 1].isMapping == false {
      try beginMember()
      try drain.put(YAMLMark.dash)
      slot = .afterIndicator
    }
  }

  /// Goes to the place of a member: a new line but for the first of a collection that begins on its parent's line.
  private mutating func beginMember() throws {
    let last = open.count - 1
    let container = open[last]
    open[last].isEmpty = false
    guard container.isEmpty else { return try indent(container.column) }
    switch container.slot {
    case .top: break
    case .afterIndicator: try drain.put(YAMLMark.space)
    case .afterKey:
      try drain.put(YAMLMark.lineFeed)
      try indent(container.column)
    }
  }

  private mutating func endValue(isPlain: Bool) throws {
    guard open.isEmpty else { return }
    documents += 1
    // As libyaml does: without it a reader could not know that a plain text has ended.
    if isPlain { try drain.put("...\n") }
  }

  private func indent(_ column: Int) throws {
    for _ in 0..<column { try drain.put(YAMLMark.space) }
  }

  /// Writes a text in the style that it needs; tells whether that is plain.
  @discardableResult
  private func put(_ text: YAMLText, at column: Int, isKey: Bool) throws -> Bool {
    let style = text.style(isKey: isKey)
    switch style {
    case .plain: try drain.put(text.text)
    case .single: try text.putSingleQuoted(drain)
    case .literal: try text.putLiteral(drain, column: column + 2)
    default: try text.putDoubleQuoted(drain)
    }
    return style == .plain
  }

  /// A number of JSON so that version 1.1 takes it for one: with a point and a sign before its exponent
  /// (yaml.org/type/float.html).
  static func number(_ text: String) -> String {
    guard let place = text.utf8.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return text }
    let mantissa = text[..<place]
    let exponent = text[text.utf8.index(after: place)...]
    let sign = exponent.utf8.first == YAMLMark.dash || exponent.utf8.first == UInt8(ascii: "+") ? "" : "+"
    return mantissa + (mantissa.utf8.contains(YAMLMark.dot) ? "" : ".0") + "e" + sign + exponent
  }
}
