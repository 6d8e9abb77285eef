import Formats

/// Mirrors each row of a picture as it comes.
final class MirroredRows: RowSource {
  let header: PictureHeader
  private let source: any RowSource

  init(_ source: any RowSource) {
    self.source = source
    header = source.header
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    try source.read(count, into: rows)
    let channels = header.channels
    for row in 0..<count {
      var left = row * header.bytesPerRow
      var right = left + header.bytesPerRow - channels
      while left < right {
        for channel in 0..<channels { rows.swapAt(left + channel, right + channel) }
        left += channels
        right -= channels
      }
    }
  }
}
