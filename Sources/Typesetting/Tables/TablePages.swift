package import DataFormats
import Formats
package import Pictures

/// Sets the rows of a table of data on pages, as a reader tells them: an array of objects with the same members.
package struct TablePages: DataSink {
  private static let usualSize = 9.0
  private static let leastScale = 0.6
  /// By how many rows the widths of the columns are measured.
  private static let measuredRows = 500

  private let output: ByteOutput
  private var style: PageStyle
  private let text: TextStyle
  private let hasHead: Bool
  private var names: [StyledText] = []
  private var row: [StyledText] = []
  private var waiting: [[StyledText]] = []
  private var number = 0
  private var table: TableSetter?
  private var document: PageDocument?

  /// Without a head the names of the columns are not set; they were made up by the reader.
  ///
  /// Throws `MissingCharacter` where a character is in none of the fonts, what the reader throws, and `ConversionFailure`
  /// where the output cannot be written or has no room. Returns the size of the file.
  package static func write(
    _ feed: ByteFeed, _ reader: some DataReader, hasHead: Bool, _ style: PageStyle, to output: ByteOutput
  ) throws -> Int64 {
    var pages = TablePages(style, hasHead, output)
    try reader.read(feed, into: &pages)
    return try pages.finish()
  }

  private init(_ style: PageStyle, _ hasHead: Bool, _ output: ByteOutput) {
    self.output = output
    self.style = style
    self.hasHead = hasHead
    text = TextStyle(font: BaseFont(style.face ?? .sans), size: style.size ?? TablePages.usualSize)
  }

  package mutating func startObject() {
    row.removeAll(keepingCapacity: true)
    number += 1
  }

  package mutating func name(_ name: String) throws {
    guard number == 1, hasHead else { return }
    var bold = text
    bold.font = BaseFont(style.face ?? .sans, isBold: true)
    names.append(try styled(name, bold))
  }

  package mutating func name(utf8: UnsafeRawBufferPointer) throws {
    if number == 1 { try name(String(decoding: utf8, as: UTF8.self)) }
  }

  package mutating func scalar(_ value: DataScalar) throws {
    switch value {
    case .string(let words): row.append(try styled(words, text))
    default: row.append(StyledText())
    }
  }

  package mutating func endObject() throws {
    if table != nil { return try setRow() }
    waiting.append(row)
    if waiting.count == TablePages.measuredRows { try begin() }
  }

  package mutating func startArray() {}
  package mutating func endArray() {}

  private func styled(_ words: String, _ style: TextStyle) throws -> StyledText {
    var styled = StyledText()
    do {
      try styled.append(words.unicodeScalars, style)
    } catch {
      throw error.at("row \(number)")
    }
    styled.trim()
    return styled
  }

  private mutating func setRow() throws {
    let scale = (table?.style.size ?? text.size) / text.size
    try table?.setRow(row.map { $0.scaled(scale) })
  }

  /// Finds the widths of the columns, and sets the rows that they were found by.
  private mutating func begin() throws {
    let count = waiting.map(\.count).max() ?? 0
    var columns = ColumnWidths(columns: count)
    for row in [names] + waiting { for (index, cell) in row.enumerated() { columns.add(cell, column: index) } }
    if style.maySwapSides, columns.whole > style.room.x { swap(&style.width, &style.height) }
    let room = style.room.x
    let scale = columns.scale(room, least: TablePages.leastScale)
    guard let widths = columns.widths(room, scale: scale, size: text.size) else {
      throw DataFault(.unsupported, "a table of \(count) columns has no room on such a page")
    }
    let pages = try PageDocument(style, output)
    let size = text.size * scale
    var table = TableSetter(
      PageFlow(pages), TextColumn(width: room), widths: widths,
      alignments: (0..<count).map { TablePages.isOfNumbers(waiting, $0) ? .right : .left },
      LineStyle(leading: size * 1.3, size: size), padding: ColumnWidths.padding * scale)
    if hasHead { try table.setHead(names.map { $0.scaled(scale) }, ground: 1) }
    self.table = table
    document = pages
    for one in waiting {
      row = one
      try setRow()
    }
    waiting.removeAll()
  }

  private mutating func finish() throws -> Int64 {
    if table == nil { try begin() }
    try table?.finish()
    try table?.flow.finish()
    return try document?.finish(title: style.title) ?? 0
  }

  /// Whether a column has numbers alone, which stand at its right.
  private static func isOfNumbers(_ rows: [[StyledText]], _ column: Int) -> Bool {
    let cells = rows.lazy.filter { column < $0.count && !$0[column].isEmpty }.map { $0[column].codes }
    let digits = Set("0123456789.,-+%".utf8)
    return !cells.isEmpty
      && cells.allSatisfy { $0.allSatisfy(digits.contains) && $0.contains { (0x30...0x39).contains($0) } }
  }
}
