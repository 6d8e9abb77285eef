package import DataFormats
import Formats
package import Pictures

/// Sets a table of data on pages; it is read twice, for its columns are as wide as what stands in them.
package struct TablePages {
  private static let usualSize = 9.0
  private static let leastScale = 0.5

  private let feed: ByteFeed
  private let hasHead: Bool
  private var style: PageStyle
  private let face: Typeface
  private let size: Double
  private var columns = ColumnWidths(columns: 0)
  /// Whether each column has numbers alone, as far as it has anything.
  private var isOfNumbers: [Bool] = []
  private var names: [StyledText] = []

  /// Without a head the names of the columns are not set; they were made up by the reader.
  ///
  /// Throws `MissingCharacter` where a character is in none of the fonts, what the reader throws, and `ConversionFailure`
  /// where the output cannot be written or has no room. Returns the size of the file.
  package static func write(
    _ feed: ByteFeed, _ reader: some DataReader, hasHead: Bool, _ style: PageStyle, to output: ByteOutput
  ) throws -> Int64 {
    var pages = TablePages(feed, style, hasHead)
    try pages.measure(reader)
    return try pages.set(reader, to: output)
  }

  private init(_ feed: ByteFeed, _ style: PageStyle, _ hasHead: Bool) {
    self.feed = feed
    self.style = style
    self.hasHead = hasHead
    face = style.face ?? .sans
    size = style.size ?? TablePages.usualSize
  }

  private func text(_ scale: Double, isBold: Bool = false) -> TextStyle {
    TextStyle(font: BaseFont(face, isBold: isBold), size: size * scale)
  }

  private mutating func measure(_ reader: some DataReader) throws {
    var columns = ColumnWidths(columns: 0)
    var isOfNumbers: [Bool] = []
    var rows = TableRows(text(1), names: hasHead ? text(1, isBold: true) : nil) { row in
      for (index, cell) in row.enumerated() {
        if index == isOfNumbers.count { isOfNumbers.append(true) }
        columns.add(cell, column: index)
        isOfNumbers[index] = isOfNumbers[index] && TablePages.isNumber(cell)
      }
    }
    feed.rewind()
    try reader.read(feed, into: &rows)
    names = rows.names
    for (index, name) in names.enumerated() { columns.add(name, column: index) }
    (self.columns, self.isOfNumbers) = (columns, isOfNumbers)
    if style.maySwapSides, columns.whole > style.room.x { swap(&style.width, &style.height) }
  }

  private func set(_ reader: some DataReader, to output: ByteOutput) throws -> Int64 {
    let room = style.room.x
    let scale = columns.scale(room, least: TablePages.leastScale)
    guard let widths = columns.widths(room, scale: scale, size: size) else {
      throw DataFault(.unsupported, "a table of \(isOfNumbers.count) columns has no room on such a page")
    }
    let document = try PageDocument(style, output)
    let flow = PageFlow(document)
    let own = text(scale).size
    var table = TableSetter(
      flow, TextColumn(width: room), widths: widths, alignments: isOfNumbers.map { $0 ? .right : .left },
      LineStyle(leading: own * 1.3, size: own), padding: ColumnWidths.padding * scale)
    if hasHead { try table.setHead(names.map { $0.scaled(scale) }, ground: 1) }
    var rows = TableRows(text(scale), names: nil) { try table.setRow($0) }
    feed.rewind()
    try reader.read(feed, into: &rows)
    try table.finish()
    try flow.finish()
    return try document.finish(title: style.title)
  }

  private static let signs = Set("0123456789.,-+%".utf8)

  /// Whether a cell is of a column of numbers, which stand at its right.
  private static func isNumber(_ cell: StyledText) -> Bool {
    cell.isEmpty || cell.codes.allSatisfy(signs.contains) && cell.codes.contains { (0x30...0x39).contains($0) }
  }
}
