/// Makes a file out of others; it runs in the sandboxed child and reaches nothing but the open files.
package protocol Converter: Maker {
  /// Reads the sources and writes the output from their beginnings; tells progress in percent.
  ///
  /// There is one source unless the conversion is joint. Their sniffed types are ones that can become `conversion.to`,
  /// and are `conversion.from` when that is given; the output is empty.
  func convert(
    _ conversion: Conversion, limits: ConversionLimits, files: ConversionFiles, progress: (Int) -> Void
  ) throws(ConversionFailure) -> ConvertedFile
}

/// What a converter tells of the file that it wrote.
package struct ConvertedFile: Sendable, Equatable {
  package let size: Int64
  /// Sides of the picture or of the first page, in pixels; nil for what is none.
  package let width: Int?
  package let height: Int?
  /// What was wrong with the sources, and yet kept nothing back.
  package let warnings: Set<ConversionWarning>
  /// Where the list of the files begins that were written one behind the other; nil for one file.
  package let list: Int64?

  package init(
    size: Int64, width: Int? = nil, height: Int? = nil, warnings: Set<ConversionWarning> = [], list: Int64? = nil
  ) {
    self.size = size
    self.list = list
    self.width = width
    self.height = height
    self.warnings = warnings
  }
}
