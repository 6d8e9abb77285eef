/// Which blocks begin in a line, in the order in which they are tried.
extension MarkdownBlockParser {
  /// Adds the blocks that begin after the markers of those the line goes on with; false where nothing of it is left.
  mutating func begin(_ line: inout MarkdownLine, isParagraphOpen: Bool) -> Bool {
    var mayBeLazy = isParagraphOpen
    while true {
      let container = open[matched - 1].kind
      if container == .code || container == .html || line.isBlank { return true }
      if line.indent < 4 {
        guard beginByMarker(&line, in: container) else { return true }
      } else if !mayBeLazy {
        beginIndentedCode(&line)
        return true
      } else {
        return true
      }
      switch open[open.count - 1].kind {
      case .quote, .item, .footnote: mayBeLazy = false
      case .html: return true
      default: return false
      }
    }
  }

  private mutating func beginByMarker(_ line: inout MarkdownLine, in container: MarkdownBlock.Kind) -> Bool {
    switch line.byte {
    case UInt8(ascii: ">"): return beginQuote(&line)
    case UInt8(ascii: "#"): return beginHeading(line)
    case UInt8(ascii: "`"), UInt8(ascii: "~"): return beginFence(line)
    case UInt8(ascii: "<"): return beginHTML(line, in: container)
    case UInt8(ascii: "="): return container == .paragraph && endAsHeading(line)
    case UInt8(ascii: "["): return extensions.contains(.footnotes) && beginFootnote(&line)
    case UInt8(ascii: "*"), UInt8(ascii: "_"):
      return beginRule(line, in: container) || beginItem(&line, in: container)
    case UInt8(ascii: "-"):
      return (container == .paragraph && (endAsHeading(line) || endAsTable(line)))
        || beginRule(line, in: container) || beginItem(&line, in: container)
    case UInt8(ascii: "|"), UInt8(ascii: ":"): return container == .paragraph && endAsTable(line)
    case UInt8(ascii: "+"), UInt8(ascii: "0")...UInt8(ascii: "9"): return beginItem(&line, in: container)
    default: return false
    }
  }

  private mutating func beginQuote(_ line: inout MarkdownLine) -> Bool {
    guard matched < limits.depth else { return false }
    line.takeMarker(1)
    line.takeSpace()
    add(.quote)
    return true
  }

  private mutating func beginHeading(_ line: MarkdownLine) -> Bool {
    var start = line.nonspace
    while line[start] == UInt8(ascii: "#") { start += 1 }
    let level = start - line.nonspace
    guard level <= 6, start >= line.end || ASCII.isBlank(line[start]) else { return false }
    var end = line.end
    while end > start, ASCII.isBlank(source[end - 1]) { end -= 1 }
    var close = end
    while close > start, source[close - 1] == UInt8(ascii: "#") { close -= 1 }
    if ASCII.isBlank(source[close - 1]) { end = close }
    add(.heading)
    let place = open[open.count - 1].place
    blocks[place].level = UInt8(level)
    setText(place, source.trimmed(start..<max(start, end)))
    return true
  }

  /// Gives a block the bytes of a range of the source as its text.
  mutating func setText(_ place: Int, _ range: Range<Int>) {
    blocks[place].start = Int32(text.count)
    text.append(contentsOf: source.slice(range))
    blocks[place].end = Int32(text.count)
  }

  private mutating func beginFence(_ line: MarkdownLine) -> Bool {
    let fence = line.byte
    var start = line.nonspace
    while line[start] == fence { start += 1 }
    let length = start - line.nonspace
    guard length >= 3 else { return false }
    let info = source.trimmed(start..<line.end)
    if fence == UInt8(ascii: "`"), source.slice(info).contains(fence) { return false }
    let indent = line.indent
    add(.code)
    open[open.count - 1].fence = fence
    open[open.count - 1].fenceLength = length
    open[open.count - 1].indent = indent
    let place = open[open.count - 1].place
    blocks[place].infoStart = Int32(text.count)
    MarkdownReference.unescape(source, info, into: &text)
    blocks[place].infoEnd = Int32(text.count)
    blocks[place].start = Int32(text.count)
    blocks[place].end = Int32(text.count)
    return true
  }

  private mutating func beginIndentedCode(_ line: inout MarkdownLine) {
    line.takeColumns(4)
    add(.code)
    blocks[open[open.count - 1].place].start = Int32(text.count)
    blocks[open[open.count - 1].place].end = Int32(text.count)
  }

  private mutating func beginRule(_ line: MarkdownLine, in container: MarkdownBlock.Kind) -> Bool {
    let marker = line.byte
    var count = 0
    for place in line.nonspace..<line.end {
      if source[place] == marker {
        count += 1
      } else if !ASCII.isBlank(source[place]) {
        return false
      }
    }
    guard count >= 3 else { return false }
    add(.rule)
    return true
  }
}
