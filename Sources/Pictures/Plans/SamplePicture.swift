import Formats

/// A picture of our own making, to try the codecs on.
package enum SamplePicture {
  private static let side = 32

  /// Writes it as a PNG to an empty file; false where that cannot be done.
  package static func write(_ file: Int32) -> Bool {
    let header = PictureHeader(width: side, height: side, channels: 3)
    // Noise, so that nothing is left out for being flat.
    let pixels = (0..<header.bytesPerRow * side).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 0x9E37 >> 7) }
    do throws(ConversionFailure) {
      let writer = try PNGWriter(file, header, .photograph)
      let rows = try PixelRows(rows: side, bytesPerRow: header.bytesPerRow)
      rows.bytes(side).copyBytes(from: pixels)
      try writer.write(side, from: .init(rows.bytes(side)))
      _ = try writer.finish()
      return true
    } catch {
      return false
    }
  }
}
