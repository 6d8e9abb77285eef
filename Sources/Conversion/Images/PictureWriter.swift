/// A picture file that takes its pixels row by row, 8 bits a sample.
protocol PictureWriter: AnyObject {
  /// Takes the next `count` rows, tightly packed.
  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure)

  /// Completes the file and tells its size.
  func finish() throws(ConversionFailure) -> Int64
}
