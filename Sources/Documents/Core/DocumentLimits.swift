import DataFormats

/// What a document may ask of memory before it is refused.
package struct DocumentLimits: Sendable {
  /// How deep elements of a part may stand inside each other.
  package var depth = 200
  /// How many elements the parts that are read may have altogether.
  package var elements = 16_000_000
  /// How many bytes a part may have that is read whole.
  package var partBytes = 64 << 20
  /// The same of a sheet, whose rows are not kept.
  package var sheetBytes = 256 << 20
  /// How many bytes of pictures are put into a page.
  package var pictureBytes = 32 << 20
  /// How many columns a sheet may have; what spreadsheets bear.
  package var columns = 16_384
  /// How many rows a sheet may have; what spreadsheets bear.
  package var rows = 1_048_576

  package init() {}

  var xml: XMLLimits {
    var limits = XMLLimits()
    limits.depth = depth
    limits.bytes = partBytes
    return limits
  }
}
