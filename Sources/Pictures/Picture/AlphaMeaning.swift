import Formats

/// Tells whether the alpha of a picture says anything: many writers leave it 0 in every pixel, and mean an opaque picture.
enum AlphaMeaning {
  /// Reads rows of four channels until one pixel is not wholly transparent; false when there is none.
  ///
  /// A picture that ends too early says what its rows say that are there.
  static func isSaid(by reader: any PictureReader) throws(ConversionFailure) -> Bool {
    guard reader.header.channels == 4 else { return true }
    let rows = try PixelRows(rows: 1, bytesPerRow: reader.header.bytesPerRow)
    let row = rows.bytes(1)
    for _ in 0..<reader.header.height {
      do throws(ConversionFailure) {
        try reader.read(1, into: row)
      } catch {
        return error.code == .damagedFile ? false : true
      }
      for alpha in stride(from: 3, to: reader.header.bytesPerRow, by: 4) where row[alpha] != 0 { return true }
    }
    return false
  }
}
