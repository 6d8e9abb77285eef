/// Lists and footnotes.
extension MarkdownBlockParser {
  /// What the marker of an item says.
  private struct Marker {
    let length: Int
    let byte: UInt8
    let number: Int?
  }

  mutating func beginItem(_ line: inout MarkdownLine, in container: MarkdownBlock.Kind) -> Bool {
    guard matched + 1 < limits.depth, let marker = marker(line, interrupting: container == .paragraph) else {
      return false
    }
    let offset = line.indent
    line.takeMarker(marker.length)
    let spaces = line.indent
    let isWide = spaces > 4 || line.isBlank
    line.takeColumns(isWide ? min(1, spaces) : spaces)
    if container != .list || !continues(open[matched - 1].place, marker) {
      if container == .list { matched -= 1 }
      addList(marker)
    }
    add(.item)
    open[open.count - 1].indent = offset + marker.length + (isWide ? 1 : spaces)
    return true
  }

  private mutating func addList(_ marker: Marker) {
    add(.list)
    let place = open[open.count - 1].place
    blocks[place].marker = marker.byte
    blocks[place].isOrdered = marker.number != nil
    blocks[place].number = Int32(marker.number ?? 0)
  }

  private func continues(_ list: Int, _ marker: Marker) -> Bool {
    blocks[list].marker == marker.byte && blocks[list].isOrdered == (marker.number != nil)
  }

  private func marker(_ line: MarkdownLine, interrupting: Bool) -> Marker? {
    var end = line.nonspace
    var number: Int?
    while ASCII.isDigit(line[end]), end - line.nonspace < 9 {
      number = (number ?? 0) * 10 + Int(line[end] - 0x30)
      end += 1
    }
    let byte = line[end]
    let isMarker =
      number == nil
      ? byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "*")
      : byte == UInt8(ascii: ".") || byte == UInt8(ascii: ")")
    end += 1
    guard isMarker, end >= line.end || ASCII.isBlank(line[end]) else { return nil }
    if interrupting, number ?? 1 != 1 || source.afterBlanks(end) >= line.end { return nil }
    return Marker(length: end - line.nonspace, byte: byte, number: number)
  }

  /// A list is loose where a blank line separates two of its items or two blocks of one item.
  mutating func finishList(_ ended: MarkdownOpenBlock) {
    var isTight = true
    var item = Int(blocks[ended.place].firstChild)
    while item >= 0, isTight {
      var block = item
      var child = Int(blocks[item].firstChild)
      while isTight, block >= 0 {
        let next = Int(blocks[block].next)
        if next >= 0, blocks[block].endLine + 1 < blocks[next].line { isTight = false }
        block = child
        child = child >= 0 ? Int(blocks[child].next) : -1
      }
      item = Int(blocks[item].next)
    }
    blocks[ended.place].isTight = isTight
  }

  mutating func beginFootnote(_ line: inout MarkdownLine) -> Bool {
    guard matched < limits.depth, line[line.nonspace + 1] == UInt8(ascii: "^") else { return false }
    let start = line.nonspace + 2
    var end = start
    while end < line.end, line[end] != UInt8(ascii: "]"), !ASCII.isSpace(line[end]) { end += 1 }
    guard end > start, end - start < 1000, line[end] == UInt8(ascii: "]"), line[end + 1] == UInt8(ascii: ":") else {
      return false
    }
    line.takeMarker(end + 2 - line.nonspace)
    line.takeIndent()
    add(.footnote)
    let place = open[open.count - 1].place
    blocks[place].infoStart = Int32(text.count)
    text.append(contentsOf: source.slice(start..<end))
    blocks[place].infoEnd = Int32(text.count)
    let key = MarkdownReferences.key(text[blocks[place].info])
    if references.footnotes[key] == nil { references.footnotes[key] = place }
    return true
  }
}
