/// Turns a file of one format into another; it runs in the sandboxed child and reaches nothing but the two descriptors.
package protocol Converter: Sendable {
  /// Reads `input` and writes `output` from their beginnings; tells progress in percent.
  ///
  /// The sniffed type has been compared with `conversion.from`, and the output is empty.
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, input: Int32, output: Int32, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile
}

/// What a converter tells of the file that it wrote.
package struct ConvertedFile: Sendable, Equatable {
  package let size: Int64
  package let width: Int
  package let height: Int
}
