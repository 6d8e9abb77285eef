/// A picture file that hands out its pixels row by row.
protocol PictureReader: RowSource {
  var profile: ColourProfile? { get }

  /// The TIFF structure that the file carries as EXIF, or nil.
  func exif() throws(ConversionFailure) -> ArraySlice<UInt8>?

  /// Reads what follows the last row, so that damage there is found.
  func finish() throws(ConversionFailure)
}
