/// How wide the columns of a table are, by what stands in them.
struct ColumnWidths {
  /// What is free on each side of a cell, in points at the usual size.
  static let padding = 5.0
  /// The part of the room that a word may ask for.
  private static let longestPart = 0.35

  /// The longest line and the longest word of each column.
  private(set) var lines: [Double]
  private(set) var words: [Double]

  init(columns: Int) {
    lines = [Double](repeating: 0, count: columns)
    words = lines
  }

  /// Takes a cell into account.
  mutating func add(_ text: StyledText, column: Int) {
    if column == lines.count {
      lines.append(0)
      words.append(0)
    }
    let extent = text.extent
    lines[column] = max(lines[column], extent.line)
    words[column] = max(words[column], extent.word)
  }

  /// What all columns would need to have no line divided.
  var whole: Double { lines.reduce(0, +) + Double(lines.count) * 2 * ColumnWidths.padding }

  /// How much smaller the letters have to be for few words to be divided, but not less than `least`.
  func scale(_ room: Double, least: Double) -> Double {
    // A single word is not worth small letters everywhere.
    let asked = words.reduce(0) { $0 + min($1, room * ColumnWidths.longestPart) }
    let needed = asked + Double(words.count) * 2 * ColumnWidths.padding
    return needed <= room ? 1 : max(least, room / needed)
  }

  /// The widths without what is free in them, together with that not more than `room`; nil where a column would have no
  /// room for three letters.
  func widths(_ room: Double, scale: Double, size: Double) -> [Double]? {
    let free = room - Double(lines.count) * 2 * ColumnWidths.padding * scale
    // What is measured is rounded when it is drawn.
    let lines = lines.map { $0 * scale + 0.1 }
    let words = words.map { $0 * scale + 0.1 }
    guard free + 0.01 >= words.reduce(0, { $0 + min($1 - 0.1, size * scale * 2) }) else { return nil }
    let (allLines, allWords) = (lines.reduce(0, +), words.reduce(0, +))
    if allLines <= free { return lines }
    if allWords <= free { return ColumnWidths.between(words, lines, free) }
    // Words are divided: what is short keeps its width, and the rest shares what is left.
    return ColumnWidths.shared(words, free)
  }

  /// Each its line's width or one that is the same for all that are longer, but not less than its longest word.
  private static func between(_ words: [Double], _ lines: [Double], _ room: Double) -> [Double] {
    var (low, high) = (0.0, room)
    func widths(_ limit: Double) -> [Double] { zip(words, lines).map { max($0, min($1, limit)) } }
    for _ in 0..<40 {
      let limit = (low + high) / 2
      if widths(limit).reduce(0, +) <= room { low = limit } else { high = limit }
    }
    return widths(low)
  }

  /// The largest are cut to one width, so that all together are `room`.
  private static func shared(_ widths: [Double], _ room: Double) -> [Double] {
    var (left, count) = (room, widths.count)
    var limit = room
    for width in widths.sorted() {
      limit = left / Double(count)
      if width > limit { break }
      left -= width
      count -= 1
    }
    return widths.map { min($0, limit) }
  }
}
