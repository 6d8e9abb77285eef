import Formats

/// A picture in memory, to be read as often as needed.
final class HeldPicture: RowSource {
  let header: PictureHeader
  private let picture: PixelRows
  private var rowsDone = 0

  init(_ picture: PixelRows, _ header: PictureHeader) {
    self.picture = picture
    self.header = header
  }

  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure) {
    let part = picture.bytes(header.height)[rowsDone * header.bytesPerRow..<(rowsDone + count) * header.bytesPerRow]
    rows.copyMemory(from: .init(rebasing: part))
    rowsDone += count
  }
}
