/// What the header fields of one part say (RFC 7578).
package struct MultipartPart: Sendable, Equatable {
  package let name: String
  /// The client's name for the file; only a label, nil for a text field.
  package let fileName: String?
  package let contentType: String?
}
