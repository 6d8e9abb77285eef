/// Gathers the text of one block, makes one space of all white space, and lets styles begin and end at words.
struct HTMLInlineCollector {
  private(set) var inlines: [HTMLInline] = []
  private var text: [UInt8] = []
  private var isSpacePending = false
  /// Whether nothing but styles has come since the start or the last line break.
  private var isAtLineStart = true
  /// The styles that are open, and how many of them have been written; the rest wait for a word.
  private var styles: [HTMLStyle] = []
  private var written = 0

  var isEmpty: Bool { inlines.isEmpty && text.isEmpty }
  /// Whether the last thing was a line break.
  var endsInBreak: Bool { if text.isEmpty, case .lineBreak? = inlines.last { true } else { false } }

  mutating func put(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if ASCII.isSpace(byte) {
        isSpacePending = !isAtLineStart
      } else {
        begin()
        text.append(byte)
      }
    }
  }

  mutating func put(_ inline: HTMLInline) {
    begin()
    flushText()
    inlines.append(inline)
  }

  mutating func space() { isSpacePending = !isAtLineStart }

  mutating func breakLine() {
    guard !isAtLineStart else { return }
    flushText()
    inlines.append(.lineBreak)
    isSpacePending = false
    isAtLineStart = true
  }

  /// Begins a style; false where it is open already and begins nothing.
  mutating func start(_ style: HTMLStyle) -> Bool {
    guard !styles.contains(style), !style.isLink || !styles.contains(where: \.isLink) else { return false }
    styles.append(style)
    return true
  }

  /// Ends the style that began last.
  mutating func end() {
    guard let style = styles.popLast() else { return }
    guard written > styles.count else { return }
    written = styles.count
    flushText()
    inlines.append(.end(style))
  }

  /// Gives out what has been gathered; open styles end here and begin again with the next word.
  mutating func take() -> [HTMLInline] {
    flushText()
    while case .lineBreak? = inlines.last { inlines.removeLast() }
    for style in styles[..<written].reversed() { inlines.append(.end(style)) }
    defer {
      inlines = []
      written = 0
      isSpacePending = false
      isAtLineStart = true
    }
    return inlines
  }

  private mutating func begin() {
    if isSpacePending { text.append(0x20) }
    isSpacePending = false
    isAtLineStart = false
    guard written < styles.count else { return }
    flushText()
    for style in styles[written...] { inlines.append(.start(style)) }
    written = styles.count
  }

  private mutating func flushText() {
    if !text.isEmpty { inlines.append(.text(text)) }
    text = []
  }
}
