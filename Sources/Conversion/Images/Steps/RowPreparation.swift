/// A part of a writer's work on rows that can be done before it takes them.
protocol RowPreparation: AnyObject {
  /// How long a row is then.
  var bytesPerRow: Int { get }

  /// Makes the next `count` rows of pixels into prepared ones.
  func prepare(
    _ count: Int, from rows: UnsafeRawBufferPointer, into prepared: UnsafeMutableRawBufferPointer
  ) throws(ConversionFailure)
}
