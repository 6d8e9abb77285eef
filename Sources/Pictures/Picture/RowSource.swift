import Formats

/// Whatever hands out the rows of a picture from top to bottom, 8 bits a sample: a file, or a step of work on one.
protocol RowSource: AnyObject {
  var header: PictureHeader { get }

  /// Reads the next `count` rows, tightly packed.
  func read(_ count: Int, into rows: UnsafeMutableRawBufferPointer) throws(ConversionFailure)
}
