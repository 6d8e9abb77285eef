/// A string that is to be written, and the styles that it can be written in.
struct YAMLText {
  let text: String
  /// What one pass over its characters has found.
  private var traits = Traits()

  private struct Traits {
    var bytes = 0
    /// Whether there is a character that only an escape can say, a break aside.
    var needsEscape = false
    var breaks = 0
    /// Whether a line begins with a tab, or the first one with text with a space.
    var hasHardIndent = false
    /// Whether there is `: ` or ` #`, or a colon at the end.
    var hasIndicator = false
    var hasTab = false
  }

  init(_ text: String) {
    self.text = text
    var previous = YAMLMark.lineFeed
    var hasText = false
    for byte in text.utf8 {
      traits.bytes += 1
      switch byte {
      case YAMLMark.lineFeed:
        traits.breaks += 1
        traits.hasIndicator = traits.hasIndicator || previous == YAMLMark.colon
      case YAMLMark.space, YAMLMark.tab:
        if byte == YAMLMark.tab { traits.hasTab = true }
        if previous == YAMLMark.lineFeed, !hasText || byte == YAMLMark.tab { traits.hasHardIndent = true }
        traits.hasIndicator = traits.hasIndicator || previous == YAMLMark.colon
      case YAMLMark.hash:
        traits.hasIndicator = traits.hasIndicator || previous == YAMLMark.space
      case 0..<YAMLMark.space, 0x7F: traits.needsEscape = true
      default: break
      }
      if byte != YAMLMark.lineFeed, byte != YAMLMark.space { hasText = true }
      previous = byte
    }
    traits.hasIndicator = traits.hasIndicator || previous == YAMLMark.colon
    if !traits.needsEscape, traits.bytes > 0 {
      traits.needsEscape = text.unicodeScalars.contains { $0.value >= 0x80 && Self.isHard($0.value) }
    }
  }

  var bytes: Int { traits.bytes }

  /// Whether a character beyond ASCII can only be written as an escape: breaks of version 1.1, byte order marks and what
  /// is no character or not printable (YAML 1.1 section 4.1).
  static func isHard(_ scalar: UInt32) -> Bool {
    scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029 || !YAMLSource.isPrintable(scalar)
  }

  func style(isKey: Bool) -> YAMLEvent.Style {
    if traits.needsEscape { return .double }
    if traits.breaks > 0 { return !isKey && canBeLiteral ? .literal : .double }
    if traits.hasTab { return .double }
    return canBePlain ? .plain : .single
  }

  /// Whether lines can stand as they are, without an indentation that would have to be stated.
  private var canBeLiteral: Bool { !traits.hasHardIndent && traits.breaks < traits.bytes }

  private var canBePlain: Bool {
    guard let first = text.utf8.first, let last = text.utf8.last, !traits.hasIndicator else { return false }
    return first != YAMLMark.space && last != YAMLMark.space && !Self.indicators.contains(first)
      && !YAMLAmbiguity.isAmbiguous(text)
  }

  /// What no plain text is begun with here, though some could be (section 5.3, `c-indicator`).
  private static let indicators = Array("-?:,[]{}#&*!|>'\"%@`".utf8)

  func putSingleQuoted(_ drain: ByteDrain) throws {
    try drain.put(YAMLMark.singleQuote)
    for byte in text.utf8 {
      if byte == YAMLMark.singleQuote { try drain.put(byte) }
      try drain.put(byte)
    }
    try drain.put(YAMLMark.singleQuote)
  }

  /// Writes `|` and the lines, without the last break.
  func putLiteral(_ drain: ByteDrain, column: Int) throws {
    var lines = text.utf8.split(separator: YAMLMark.lineFeed, omittingEmptySubsequences: false)[...]
    try drain.put(YAMLMark.pipe)
    if lines.last?.isEmpty == true {
      lines.removeLast()
      if lines.last?.isEmpty == true { try drain.put(UInt8(ascii: "+")) }
    } else {
      try drain.put(YAMLMark.dash)
    }
    for line in lines {
      try drain.put(YAMLMark.lineFeed)
      guard !line.isEmpty else { continue }
      for _ in 0..<column { try drain.put(YAMLMark.space) }
      for byte in line { try drain.put(byte) }
    }
  }

  func putDoubleQuoted(_ drain: ByteDrain) throws {
    try drain.put(YAMLMark.doubleQuote)
    for scalar in text.unicodeScalars {
      if let escape = Self.escapes[scalar.value] {
        try drain.put(escape)
      } else if scalar.value < 0x20 || scalar.value == 0x7F || scalar.value >= 0x80 && Self.isHard(scalar.value) {
        try putEscape(scalar.value, drain)
      } else {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { try drain.put(byte) }
      }
    }
    try drain.put(YAMLMark.doubleQuote)
  }

  private func putEscape(_ value: UInt32, _ drain: ByteDrain) throws {
    let digits = String(value, radix: 16, uppercase: true)
    let width = value < 0x100 ? 2 : value < 0x10000 ? 4 : 8
    try drain.put(width == 2 ? "\\x" : width == 4 ? "\\u" : "\\U")
    for _ in digits.utf8.count..<width { try drain.put(UInt8(ascii: "0")) }
    try drain.put(digits)
  }

  /// Those that JSON has too, and the shortest (section 5.7).
  private static let escapes: [UInt32: StaticString] = [
    0x00: "\\0", 0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x1B: "\\e", 0x22: "\\\"",
    0x5C: "\\\\", 0x85: "\\N", 0x2028: "\\L", 0x2029: "\\P",
  ]
}
