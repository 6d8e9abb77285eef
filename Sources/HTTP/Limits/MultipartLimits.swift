/// The limits of a multipart body with their defaults; bytes unless said otherwise.
package struct MultipartLimits: Sendable, Equatable {
  package var parts = 1100
  package var headersPerPart = 16
  package var headerLine = 8 * 1024
  /// Text before the first part and after the last one, each.
  package var surroundings = 64 * 1024
  package var textField = 64 * 1024
  /// All text fields together.
  package var textFields = 1 << 20

  package init() {}
}
