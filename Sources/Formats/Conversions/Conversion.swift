/// What is to be done with one file, or with several together.
package struct Conversion: Sendable, Hashable {
  /// What every source has to be; nil takes each for what its first bytes say, so that sources may differ.
  package var from: Format?
  package var to: Format
  package var options: ConversionOptions
  /// A tighter limit than the server's, when the client's plan or dialect has one.
  package var maxPixels: Int?
  /// What the sources are called in an archive, one for each; without names they are numbered.
  package var names: [String]

  package init(
    from: Format?, to: Format, options: ConversionOptions = ConversionOptions(), maxPixels: Int? = nil,
    names: [String] = []
  ) {
    self.from = from
    self.to = to
    self.options = options
    self.maxPixels = maxPixels
    self.names = names
  }
}
