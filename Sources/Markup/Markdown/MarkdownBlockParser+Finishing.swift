/// What is done with a block when no line can be added to it any more.
extension MarkdownBlockParser {
  mutating func finish(_ ended: MarkdownOpenBlock) {
    switch ended.kind {
    case .paragraph: finishParagraph(ended.place)
    case .code: finishCode(ended)
    case .list: finishList(ended)
    default: break
    }
  }

  private mutating func finishParagraph(_ place: Int) {
    if takeDefinitions(place) {
      trimEnd(place)
      takeTask(place)
    } else {
      blocks[place].kind = .definitions
    }
  }

  private mutating func trimEnd(_ place: Int) {
    var end = Int(blocks[place].end)
    while end > Int(blocks[place].start), ASCII.isSpace(text[end - 1]) { end -= 1 }
    blocks[place].end = Int32(end)
  }

  /// Makes the open paragraph a heading where the line underlines it (CommonMark 0.31, section 4.3).
  mutating func endAsHeading(_ line: MarkdownLine) -> Bool {
    var end = line.nonspace
    while line[end] == line.byte { end += 1 }
    guard source.afterBlanks(end) >= line.end else { return false }
    let place = open[open.count - 1].place
    guard takeDefinitions(place) else { return false }
    trimEnd(place)
    blocks[place].kind = .heading
    blocks[place].level = line.byte == UInt8(ascii: "=") ? 1 : 2
    blocks[place].endLine = Int32(number)
    open[open.count - 1].kind = .heading
    return true
  }

  /// Takes the link reference definitions at the start of a paragraph; false where nothing else is in it.
  private mutating func takeDefinitions(_ place: Int) -> Bool {
    let start = Int(blocks[place].start)
    guard start < text.count, text[start] == UInt8(ascii: "[") else { return blocks[place].start < blocks[place].end }
    let range = blocks[place].range
    let end = text.withUnsafeBufferPointer { bytes in
      var definitions = MarkdownDefinitionReader(ByteView(bytes).prefix(range.upperBound))
      return definitions.read(from: start, into: &references)
    }
    blocks[place].start = Int32(end)
    return end < range.upperBound
  }

  /// Takes the mark of a task at the start of an item (GFM, section 5.3).
  private mutating func takeTask(_ place: Int) {
    let item = Int(blocks[place].parent)
    guard extensions.contains(.taskLists), item >= 0, blocks[item].kind == .item,
      Int(blocks[item].firstChild) == place, blocks[place].range.count > 4
    else { return }
    let start = Int(blocks[place].start)
    guard text[start] == UInt8(ascii: "["), text[start + 2] == UInt8(ascii: "]"), ASCII.isSpace(text[start + 3]) else {
      return
    }
    switch text[start + 1] {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): blocks[item].task = .done
    case let mark where ASCII.isSpace(mark): blocks[item].task = .open
    default: return
    }
    blocks[place].start += 4
  }
}
