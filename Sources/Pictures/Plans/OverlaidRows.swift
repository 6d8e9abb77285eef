import Formats

/// Lays a watermark over a picture as its rows come.
final class OverlaidRows: RowSource {
  let header: PictureHeader
  private let source: any RowSource
  private let watermark: Watermark
  private let corner: (x: Int, y: Int)
  private var rowsDone = 0

  /// The watermark must lie within the source, and the source have colour when the watermark has.
  init(_ source: any RowSource, _ watermark: Watermark, at corner: (x: Int, y: Int)) {
    self.source = source
    self.watermark = watermark
    self.corner = corner
    header = source.header
    precondition(corner.x >= 0 && corner.x + watermark.header.width <= header.width)
    precondition(!watermark.hasColour || header.channels >= 3)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try source.read(count, into: rows)
    for index in 0..<count {
      let row = rowsDone + index - corner.y
      guard (0..<watermark.header.height).contains(row) else { continue }
      let start = index * header.bytesPerRow + corner.x * header.channels
      let part = rows[start..<start + watermark.header.width * header.channels]
      blend(.init(watermark.pixels.row(row)), onto: .init(rebasing: part))
    }
    rowsDone += count
  }

  /// Source over destination, each with straight alpha (Porter and Duff, 1984).
  private func blend(_ mark: UnsafeRawBufferPointer, onto row: UnsafeMutableRawBufferPointer) {
    let channels = header.channels
    let colours = channels < 3 ? 1 : 3
    let hasAlpha = channels % 2 == 0
    for pixel in 0..<watermark.header.width {
      let (from, to) = (pixel * 4, pixel * channels)
      let alpha = UInt32(mark[from + 3])
      if alpha == 0 { continue }
      let under = hasAlpha ? UInt32(row[to + colours]) : 255
      // Both weights and their sum are in 1/255 of 1/255; the sum is the alpha of the result.
      let (above, below) = (alpha * 255, under * (255 - alpha))
      let sum = above + below
      for colour in 0..<colours {
        let mixed = UInt32(mark[from + colour]) * above + UInt32(row[to + colour]) * below
        row[to + colour] = UInt8(truncatingIfNeeded: (mixed + sum / 2) / sum)
      }
      if hasAlpha { row[to + colours] = UInt8(truncatingIfNeeded: (sum + 127) / 255) }
    }
  }
}
