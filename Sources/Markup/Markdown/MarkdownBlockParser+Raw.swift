/// Code and HTML, which are kept as they are.
extension MarkdownBlockParser {
  mutating func beginHTML(_ line: MarkdownLine, in container: MarkdownBlock.Kind) -> Bool {
    let interrupts = container == .paragraph || (matched < open.count && open[open.count - 1].kind == .paragraph)
    let kind = htmlStarts.kind(source.prefix(line.end), at: line.nonspace, interrupting: interrupts)
    guard kind > 0 else { return false }
    add(.html)
    open[open.count - 1].html = kind
    blocks[open[open.count - 1].place].start = Int32(text.count)
    return true
  }

  mutating func appendHTML(_ line: MarkdownLine) {
    let place = open[open.count - 1].place
    line.append(to: &text)
    blocks[place].end = Int32(text.count)
    if !line.isBlank { blocks[place].endLine = Int32(number) }
    if htmlStarts.ends(open[open.count - 1].html, source.prefix(line.end), from: line.place) {
      close(to: open.count - 1)
    }
  }

  mutating func appendCode(_ line: MarkdownLine) {
    let place = open[open.count - 1].place
    line.append(to: &text)
    blocks[place].end = Int32(text.count)
    if !line.isBlank || open[open.count - 1].fence != 0 { blocks[place].endLine = Int32(number) }
  }

  /// Leaves out the blank lines at the end of indented code.
  mutating func finishCode(_ ended: MarkdownOpenBlock) {
    guard ended.fence == 0 else { return }
    var last = Int(blocks[ended.place].end)
    while last > Int(blocks[ended.place].start), ASCII.isSpace(text[last - 1]) { last -= 1 }
    while last < Int(blocks[ended.place].end), text[last] != 0x0A { last += 1 }
    blocks[ended.place].end = Int32(min(last + 1, Int(blocks[ended.place].end)))
  }
}
