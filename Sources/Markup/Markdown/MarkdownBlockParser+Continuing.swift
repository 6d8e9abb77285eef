/// Which of the open blocks a line goes on with.
extension MarkdownBlockParser {
  /// Counts the open blocks that the line goes on with and takes their markers; false where nothing is left to do.
  mutating func goOn(_ line: inout MarkdownLine) -> Bool {
    matched = 1
    while matched < open.count {
      switch open[matched].kind {
      case .quote: guard goOnQuote(&line) else { return true }
      case .item: guard goOnItem(&line) else { return true }
      case .footnote: guard goOnFootnote(&line) else { return true }
      case .code:
        if open[matched].fence != 0 {
          if goOnFence(&line) { return false }
        } else {
          guard goOnIndentedCode(&line) else { return true }
        }
      case .html: guard open[matched].html < 6 || !line.isBlank else { return true }
      case .paragraph: guard !line.isBlank else { return true }
      case .table: guard Self.isRow(line) else { return true }
      case .list: break
      default: return true
      }
      matched += 1
    }
    return true
  }

  private mutating func goOnQuote(_ line: inout MarkdownLine) -> Bool {
    guard line.indent < 4, line.byte == UInt8(ascii: ">") else { return false }
    line.takeMarker(1)
    line.takeSpace()
    blocks[open[matched].place].endLine = Int32(number)
    return true
  }

  private func goOnItem(_ line: inout MarkdownLine) -> Bool {
    if line.isBlank {
      guard blocks[open[matched].place].firstChild >= 0 else { return false }
      line.takeIndent()
      return true
    }
    guard line.indent >= open[matched].indent else { return false }
    line.takeColumns(open[matched].indent)
    return true
  }

  private func goOnFootnote(_ line: inout MarkdownLine) -> Bool {
    if line.isBlank {
      line.takeIndent()
      return true
    }
    guard line.indent >= 4 else { return false }
    line.takeColumns(4)
    return true
  }

  /// True where the line closes the fence.
  private mutating func goOnFence(_ line: inout MarkdownLine) -> Bool {
    let block = open[matched]
    blocks[block.place].endLine = Int32(number)
    if line.indent < 4, line.byte == block.fence {
      var end = line.nonspace
      while line[end] == block.fence { end += 1 }
      if end - line.nonspace >= block.fenceLength, source.afterBlanks(end) >= line.end {
        close(to: matched)
        return true
      }
    }
    line.takeColumns(block.indent)
    return false
  }

  private func goOnIndentedCode(_ line: inout MarkdownLine) -> Bool {
    guard line.indent >= 4 || line.isBlank else { return false }
    line.takeColumns(4)
    return true
  }
}
