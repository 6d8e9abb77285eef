/// What is to be done with one file.
package struct Conversion: Sendable, Hashable {
  package var from: Format
  package var to: Format
  package var options: ConversionOptions
  /// A tighter limit than the server's, when the client's plan or dialect has one.
  package var maxPixels: Int?

  package init(from: Format, to: Format, options: ConversionOptions = ConversionOptions(), maxPixels: Int? = nil) {
    self.from = from
    self.to = to
    self.options = options
    self.maxPixels = maxPixels
  }
}
