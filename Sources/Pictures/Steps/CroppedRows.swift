import Formats

/// Hands out a rectangle of a picture.
final class CroppedRows: RowSource {
  let header: PictureHeader
  private let source: any RowSource
  private let area: PixelArea
  private let row: PixelRows
  private var rowsRead = 0

  /// The area must lie within the source.
  init(_ source: any RowSource, _ area: PixelArea) throws(ConversionFailure) {
    self.source = source
    self.area = area
    header = PictureHeader(width: area.width, height: area.height, channels: source.header.channels)
    row = try PixelRows(rows: 1, bytesPerRow: source.header.bytesPerRow)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    while rowsRead < area.y { try readRow() }
    let first = area.x * header.channels
    for index in 0..<count {
      try readRow()
      let part = row.bytes(1)[first..<first + header.bytesPerRow]
      let target = rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow]
      UnsafeMutableRawBufferPointer(rebasing: target).copyMemory(from: .init(rebasing: part))
    }
  }

  private func readRow() throws(ConversionFailure) {
    try source.read(1, into: row.bytes(1))
    rowsRead += 1
  }
}
