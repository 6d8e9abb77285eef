package import Formats

/// A conversion that a tool is to make in a folder.
package struct ToolTask {
  package let conversion: Conversion
  /// What the files are called in the folder.
  package let sources: [String]
  package let overlay: String?
  /// What a picture may have, whoever reads it.
  package let maxPixels: Int
  /// What is in the folder now.
  package let folder: any ToolFolder

  package init(
    conversion: Conversion, sources: [String], overlay: String? = nil, maxPixels: Int = ConversionLimits().maxPixels,
    folder: any ToolFolder
  ) {
    self.conversion = conversion
    self.sources = sources
    self.overlay = overlay
    self.maxPixels = conversion.maxPixels.map { min($0, maxPixels) } ?? maxPixels
    self.folder = folder
  }

  package var options: ConversionOptions { conversion.options }
}

/// What a tool may look at between its calls: what a program has left in its folder may be anything.
package protocol ToolFolder {
  /// Sorted, at most as many as a conversion has. Throws when there are more.
  func names() throws(ConversionFailure) -> [String]
  /// The beginning of an ordinary file, at most so many bytes; nil when there is no such file.
  func bytes(of name: String, atMost most: Int) -> [UInt8]?
  /// The bytes that an ordinary file has; nil when there is no such file.
  func size(of name: String) -> Int64?
}
