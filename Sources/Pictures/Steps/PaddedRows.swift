import Formats

/// Puts a picture in the middle of a larger one of one colour.
final class PaddedRows: RowSource {
  let header: PictureHeader
  private let source: any RowSource
  private let left: Int
  private let top: Int
  private let colour: Colour
  private var rowsDone = 0

  /// The colour is opaque; it must be grey for a source without colour.
  init(_ source: any RowSource, width: Int, height: Int, colour: Colour) {
    self.source = source
    self.colour = colour
    header = PictureHeader(width: width, height: height, channels: source.header.channels)
    left = (width - source.header.width + 1) / 2
    top = (height - source.header.height + 1) / 2
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let row = UnsafeMutableRawBufferPointer(
        rebasing: rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow])
      fill(row)
      if (top..<top + source.header.height).contains(rowsDone) {
        let start = left * header.channels
        try source.read(1, into: .init(rebasing: row[start..<start + source.header.bytesPerRow]))
      }
      rowsDone += 1
    }
  }

  private func fill(_ row: UnsafeMutableRawBufferPointer) {
    let pixel = [
      [colour.red], [colour.red, 255], [colour.red, colour.green, colour.blue],
      [colour.red, colour.green, colour.blue, 255],
    ][header.channels - 1]
    for start in stride(from: 0, to: row.count, by: header.channels) {
      for channel in 0..<header.channels { row[start + channel] = pixel[channel] }
    }
  }
}
