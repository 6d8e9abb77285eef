import Formats

/// A picture file that takes its pixels row by row, 8 bits a sample.
protocol PictureWriter: AnyObject {
  /// Takes the next `count` rows, tightly packed.
  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure)

  /// What another thread can do to rows before `write(_:prepared:)` takes them; nil when the writer does it all itself.
  func preparation() throws(ConversionFailure) -> (any RowPreparation)?

  /// Takes the next `count` rows, after whole bands, in a band as its preparation has made it.
  func write(_ count: Int, prepared band: UnsafeRawBufferPointer) throws(ConversionFailure)

  /// Completes the file and tells its size.
  func finish() throws(ConversionFailure) -> Int64
}

extension PictureWriter {
  func preparation() throws(ConversionFailure) -> (any RowPreparation)? { nil }

  func write(_ count: Int, prepared band: UnsafeRawBufferPointer) throws(ConversionFailure) {
    throw ConversionFailure(.internalError, "rows prepared for another writer")
  }
}
