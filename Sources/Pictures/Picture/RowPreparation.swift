import Formats

/// A part of a writer's work on rows that can be done before it takes them, a band at a time.
protocol RowPreparation: AnyObject {
  /// How many rows a band has, but for the last.
  var bandRows: Int { get }
  /// What a prepared band needs.
  var bandBytes: Int { get }

  /// Begins with the rows after `row`, or with the first ones.
  func begin(after row: UnsafeRawBufferPointer?)

  /// Makes the next `count` rows of pixels into a prepared band.
  func prepare(
    _ count: Int, from rows: UnsafeRawBufferPointer, into band: UnsafeMutableRawBufferPointer
  ) throws(ConversionFailure)
}
