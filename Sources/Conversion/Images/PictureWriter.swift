/// A picture file that takes its pixels row by row, 8 bits a sample.
protocol PictureWriter: AnyObject {
  /// Takes the next `count` rows, tightly packed.
  func write(_ count: Int, from rows: UnsafeRawBufferPointer) throws(ConversionFailure)

  /// What another thread can do to the rows that follow `row`, before `write(_:prepared:)` takes them; nil when the writer
  /// does it all itself.
  func preparation(after row: UnsafeRawBufferPointer) throws(ConversionFailure) -> (any RowPreparation)?

  /// Takes the next `count` rows as its preparation has made them.
  func write(_ count: Int, prepared rows: UnsafeRawBufferPointer) throws(ConversionFailure)

  /// Completes the file and tells its size.
  func finish() throws(ConversionFailure) -> Int64
}

extension PictureWriter {
  func preparation(after row: UnsafeRawBufferPointer) throws(ConversionFailure) -> (any RowPreparation)? { nil }

  func write(_ count: Int, prepared rows: UnsafeRawBufferPointer) throws(ConversionFailure) {
    try write(count, from: rows)
  }
}
