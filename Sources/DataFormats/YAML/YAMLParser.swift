/// Reads a stream of YAML 1.2.2 into events, one document at a time, in a single pass without going back.
///
/// The stream is in memory; nothing is resolved yet but handles of tags and names of anchors. Mappings in block style
/// are known by the `:` behind their first key only, which is why a place is kept before each node that may be one.
struct YAMLParser {
  typealias Mark = YAMLMark

  let source: YAMLSource
  let bytes: [UInt8]
  let limits: DataLimits
  /// The next byte that has not been read.
  var place = 0
  /// Where the line of `place` begins.
  var lineStart = 0
  /// How many spaces are before the content at `place` after `nextContent`; -1 at the end of a document.
  var indent = 0
  /// Whether tabs follow those spaces: such a line can go on with a scalar, but begin no collection (section 6.1).
  var isTabbed = false
  var depth = 0
  var nodes = 0
  /// Whether directives and documents without `---` may come: at the beginning and after `...` (section 9.2).
  var isFresh = true
  var document = YAMLDocument()
  /// The events that anchors of the document mean, by name.
  var anchors: [ArraySlice<UInt8>: Int] = [:]
  /// The handles of tags that directives of the document have named.
  var handles: [String: String] = [:]

  /// Throws `DataFault` as `YAMLSource` does.
  init(_ raw: [UInt8], limits: DataLimits = DataLimits()) throws(DataFault) {
    source = try YAMLSource(raw)
    bytes = source.bytes
    self.limits = limits
  }

  /// The byte `offset` behind the place; 0, which no stream has, at its end.
  @inline(__always)
  func byte(_ offset: Int = 0) -> UInt8 {
    let index = place + offset
    return index < bytes.count ? bytes[index] : 0
  }

  @inline(__always)
  func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  var column: Int { place - lineStart }
  var isAtEnd: Bool { place >= bytes.count }

  /// Whether there is a space, a tab, a break or the end.
  @inline(__always)
  func isGap(_ byte: UInt8) -> Bool { byte == Mark.space || byte == Mark.lineFeed || byte == Mark.tab || byte == 0 }

  /// Whether an indicator of block style is here: the byte, and something white or nothing behind it.
  @inline(__always)
  func isIndicator(_ indicator: UInt8) -> Bool { byte() == indicator && isGap(byte(1)) }

  /// Goes over spaces and tabs; tells whether there were tabs.
  @discardableResult
  mutating func skipBlanks() -> Bool {
    var hadTab = false
    while byte() == Mark.space || byte() == Mark.tab {
      if byte() == Mark.tab { hadTab = true }
      place += 1
    }
    return hadTab
  }

  mutating func skipLine() {
    while !isAtEnd, bytes[place] != Mark.lineFeed { place += 1 }
  }

  /// Whether a comment begins here: `#` at the beginning of a line or behind something white (section 6.6).
  var isAtComment: Bool {
    guard byte() == Mark.hash else { return false }
    return place == lineStart || bytes[place - 1] == Mark.space || bytes[place - 1] == Mark.tab
  }

  /// Whether nothing but a comment is left of the line, blanks skipped.
  var isAtLineEnd: Bool { byte() == Mark.lineFeed || isAtEnd || isAtComment }

  /// Whether `---` or `...` stands at the place, which begins a line (section 9.1).
  func isMarker(at index: Int) -> Bool {
    let first = byte(at: index)
    guard first == Mark.dash || first == Mark.dot else { return false }
    return byte(at: index + 1) == first && byte(at: index + 2) == first && isGap(byte(at: index + 3))
  }

  /// Ends a line after a node, and goes to the next one with content (section 6.6, `s-l-comments`).
  mutating func endLine() throws(DataFault) {
    skipBlanks()
    guard isAtLineEnd else {
      throw fault("\(found()) cannot stand here: expected the end of the line or a comment after a space")
    }
    skipLine()
    nextContent()
  }

  /// Goes from the beginning of a line, or the break before it, to the next content.
  mutating func nextContent() {
    if byte() == Mark.lineFeed { place += 1 }
    while true {
      lineStart = place
      while byte() == Mark.space { place += 1 }
      indent = column
      isTabbed = byte() == Mark.tab
      if isTabbed { skipBlanks() }
      if byte() == Mark.hash { skipLine() }
      if isAtEnd || place == lineStart && isMarker(at: place) {
        indent = -1
        return
      }
      guard byte() == Mark.lineFeed else { return }
      place += 1
    }
  }

  func fault(_ problem: String, at index: Int? = nil, kind: DataFault.Kind = .malformed) -> DataFault {
    YAMLSource.fault(kind, in: bytes, at: index ?? place, problem)
  }

  /// What is at the place, as sentences name it.
  func found() -> String {
    guard !isAtEnd else { return "the end of the text" }
    if byte() == Mark.lineFeed { return "the end of the line" }
    if byte() == Mark.tab { return "a tab" }
    var end = place + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    return "“\(String(decoding: bytes[place..<end], as: UTF8.self))”"
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "0x" + (digits.count < 2 ? "0" : "") + digits
  }
}
