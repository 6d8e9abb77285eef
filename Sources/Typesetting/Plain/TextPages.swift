package import DataFormats
import Formats
package import Pictures

/// Sets plain text on pages: each line as it stands, a long one in several; a form feed begins a page.
package struct TextPages {
  private static let usualSize = 10.0
  /// A line that is longer is set before its end has come.
  private static let longestLine = 1 << 13

  private let flow: PageFlow
  private let style: TextStyle
  private let lines: LineStyle
  private let column: TextColumn
  private var line = StyledText()
  private var number = 1
  /// How many pages have to end before more text comes.
  private var breaks = 0
  /// Whether some of the line has been set.
  private var isWithinLine = false

  /// Reads UTF-8 that has been checked; returns the size of the file.
  ///
  /// Throws `MissingCharacter` where a character is in none of the fonts, `SystemFailure` where the text cannot be read,
  /// `ConversionFailure` where the output cannot be written or has no room.
  package static func write(_ feed: ByteFeed, _ style: PageStyle, to output: ByteOutput) throws -> Int64 {
    let pages = try PageDocument(style, output)
    var writer = TextPages(PageFlow(pages))
    try writer.read(feed)
    try writer.flow.finish()
    return try pages.finish(title: style.title)
  }

  private init(_ flow: PageFlow) {
    self.flow = flow
    let own = flow.document.style
    let face = own.face ?? .mono
    let size = own.size ?? TextPages.usualSize
    style = TextStyle(font: BaseFont(face), size: size)
    lines = LineStyle(leading: size * (face == .mono ? 1.2 : 1.32), size: size)
    column = TextColumn(width: own.room.x)
  }

  private mutating func read(_ feed: ByteFeed) throws {
    var isLast = false
    while !isLast {
      isLast = try !feed.fetch()
      let taken = try take(feed.unread, isLast: isLast)
      feed.advance(taken)
    }
    if !line.isEmpty || isWithinLine { try endLine() }
  }

  /// Reads all but a character that is cut off; returns how many bytes it took.
  private mutating func take(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws -> Int {
    let text = bytes.assumingMemoryBound(to: UInt8.self)
    var at = 0
    while at < text.count {
      let start = at
      while at < text.count, (0x20..<0x7F).contains(text[at]) { at += 1 }
      line.append(ascii: UnsafeBufferPointer(rebasing: text[start..<at]), style)
      if line.codes.count > TextPages.longestLine { try setBeginning() }
      guard at < text.count else { break }
      switch text[at] {
      case 0x0A, 0x0D:
        let isPair = text[at] == 0x0D && at + 1 < text.count && text[at + 1] == 0x0A
        if text[at] == 0x0D, at + 1 == text.count, !isLast { return at }
        try endLine()
        at += isPair ? 2 : 1
      case 0x0C:
        if !line.isEmpty || isWithinLine { try endLine(isCounted: false) }
        breaks += 1
        at += 1
      case 0x00..<0x80:
        if text[at] == Glyph.tab { line.append(code: Glyph.tab, style) }
        at += 1
      default:
        guard let next = try takeCharacter(text, at) else { return isLast ? text.count : at }
        at = next
      }
    }
    return at
  }

  /// Reads a character beyond ASCII; returns what is behind it, nil where its end is missing.
  private mutating func takeCharacter(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) throws -> Int? {
    let count = text[at] >= 0xF0 ? 4 : text[at] >= 0xE0 ? 3 : 2
    guard at + count <= text.count else { return nil }
    var decoder = UTF8()
    var bytes = text[at..<at + count].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&bytes) else { return at + 1 }
    do {
      try line.append(scalar, style)
    } catch {
      throw error.at("line \(number)")
    }
    return at + count
  }

  private mutating func endLine(isCounted: Bool = true) throws {
    try goToPage()
    var breaker = LineBreaker(line)
    while let part = breaker.next(column.width) { try add(part) }
    line.removeAll()
    isWithinLine = false
    if isCounted { number += 1 }
  }

  /// Sets all of a very long line but what may still go on.
  private mutating func setBeginning() throws {
    try goToPage()
    var breaker = LineBreaker(line)
    while line.codes.count - breaker.position > TextPages.longestLine / 2, let part = breaker.next(column.width) {
      try add(part)
    }
    line.removeFirst(breaker.position)
    isWithinLine = true
  }

  private func add(_ part: TextLine) throws {
    var box = FlowBox(height: lines.leading)
    box.draw(part, of: line, 0, lines)
    try flow.add(box)
  }

  private mutating func goToPage() throws {
    while breaks > 0 {
      try flow.breakPage()
      breaks -= 1
    }
  }
}
