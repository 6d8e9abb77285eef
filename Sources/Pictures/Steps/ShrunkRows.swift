import CImage
import Formats

/// Makes a picture smaller by whole factors, each result pixel the mean of a block; a cheap first step of a strong resize.
final class ShrunkRows: RowSource {
  let header: PictureHeader
  private let source: any RowSource
  private let across: Int
  private let down: Int
  private let row: PixelRows
  private let sums: PixelRows
  private var rowsRead = 0

  init(_ source: any RowSource, across: Int, down: Int) throws(ConversionFailure) {
    let from = source.header
    self.source = source
    self.across = across
    self.down = down
    header = PictureHeader(
      width: (from.width + across - 1) / across, height: (from.height + down - 1) / down, channels: from.channels)
    row = try PixelRows(rows: 1, bytesPerRow: from.bytesPerRow)
    sums = try PixelRows(rows: 4, bytesPerRow: from.bytesPerRow)
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    for index in 0..<count {
      let target = UnsafeMutableRawBufferPointer(
        rebasing: rows[index * header.bytesPerRow..<(index + 1) * header.bytesPerRow])
      try readRow(into: target)
    }
  }

  private func readRow(into target: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let from = source.header
    let sums = self.sums.bytes(4).bindMemory(to: UInt32.self)
    sums.update(repeating: 0)
    let rows = min(down, from.height - rowsRead)
    for _ in 0..<rows {
      try source.read(1, into: row.bytes(1))
      Premultiplication.apply(row.bytes(1), header.channels)
      cimage_add_row(sums.baseAddress, row.start, from.bytesPerRow)
      rowsRead += 1
    }
    guard rows > 0, let start = sums.baseAddress, let to = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    else { return }
    let channels = header.channels
    for x in 0..<header.width {
      let columns = min(across, from.width - x * across)
      let area = UInt32(columns &* rows)
      for channel in 0..<channels {
        var sum = area / 2
        var place = start + (x &* across &* channels &+ channel)
        for _ in 0..<columns {
          sum &+= place.pointee
          place += channels
        }
        to[x &* channels &+ channel] = UInt8(truncatingIfNeeded: sum / area)
      }
    }
    Premultiplication.undo(target, channels)
  }
}
