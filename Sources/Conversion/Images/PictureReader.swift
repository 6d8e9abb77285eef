/// A picture file that hands out its pixels row by row, 8 bits a sample.
protocol PictureReader: AnyObject {
  var header: PictureHeader { get }
  var profile: ColourProfile? { get }

  /// Reads the next `count` rows, tightly packed.
  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure)

  /// Reads what follows the last row, so that damage there is found.
  func finish() throws(ConversionFailure)
}
