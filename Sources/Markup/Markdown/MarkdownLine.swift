/// Where reading stands in a line; tabs count up to the next column that is a multiple of 4 (CommonMark 0.31, section 2.2).
struct MarkdownLine {
  let source: ByteView
  /// Where the line ends, without its line end.
  let end: Int
  /// The next byte, and its column.
  private(set) var place: Int
  private(set) var column = 0
  /// Whether a part of the tab at `place` has been taken as indentation.
  private(set) var isInTab = false
  /// The first byte that is neither space nor tab, and its column.
  private(set) var nonspace = 0
  private(set) var nonspaceColumn = 0

  init(_ source: ByteView, _ range: Range<Int>) {
    self.source = source
    place = range.lowerBound
    end = range.upperBound
    findNonspace()
  }

  /// How many columns of white space come next.
  var indent: Int { nonspaceColumn - column }
  var isBlank: Bool { nonspace >= end }
  /// The first byte that is neither space nor tab; 0 where there is none.
  var byte: UInt8 { nonspace < end ? source[nonspace] : 0 }

  /// The byte at a place of the line; 0 beyond its end.
  @inline(__always)
  subscript(place: Int) -> UInt8 { place < end ? source[place] : 0 }

  private mutating func findNonspace() {
    var next = place
    var column = column
    while next < end {
      if source[next] == UInt8(ascii: " ") {
        column += 1
      } else if source[next] == UInt8(ascii: "\t") {
        column += 4 - column % 4
      } else {
        break
      }
      next += 1
    }
    nonspace = next
    nonspaceColumn = column
  }

  /// Takes everything before the first byte that is neither space nor tab.
  mutating func takeIndent() {
    place = nonspace
    column = nonspaceColumn
    isInTab = false
  }

  /// Takes columns of white space, if need be a part of a tab.
  mutating func takeColumns(_ count: Int) {
    var count = count
    while count > 0, place < end, ASCII.isBlank(source[place]) {
      let width = source[place] == UInt8(ascii: "\t") ? 4 - column % 4 : 1
      isInTab = width > count
      column += min(width, count)
      if !isInTab { place += 1 }
      count -= width
    }
  }

  /// Takes one space or one column of a tab, if one is there.
  mutating func takeSpace() { takeColumns(1) }

  /// Takes the indentation and the bytes of a marker after it, which holds no tabs.
  mutating func takeMarker(_ count: Int) {
    takeIndent()
    place += count
    column += count
    findNonspace()
  }

  /// Appends what has not been taken, the rest of a tab as spaces, with a line end.
  func append(to text: inout [UInt8]) {
    var start = place
    if isInTab {
      start += 1
      for _ in 0..<4 - column % 4 { text.append(0x20) }
    }
    if start < end { text.append(contentsOf: source.slice(start..<end)) }
    text.append(0x0A)
  }
}
