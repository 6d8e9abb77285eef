/// The line that separates the parts of a multipart body (RFC 2046 section 5.1.1).
package struct MultipartBoundary: Sendable {
  /// CR LF, two hyphens and the boundary.
  let delimiter: [UInt8]

  /// Reads the boundary of a Content-Type; throws 415 when that is not multipart/form-data, 400 for a bad boundary.
  package init(contentType: String?) throws(HTTPFailure) {
    let bytes = Array((contentType ?? "").utf8)
    let boundary = try bytes.withUnsafeBufferPointer { bytes throws(HTTPFailure) in
      var parameters = HeaderParameters(UnsafeRawBufferPointer(bytes))
      guard parameters.kind == "multipart/form-data" else { throw .unsupportedMediaType("multipart/form-data") }
      var boundary: [UInt8]?
      while let parameter = try parameters.next() {
        guard parameter.name == "boundary" else { continue }
        guard boundary == nil else { throw .badForm("the Content-Type has two boundaries") }
        boundary = parameter.value
      }
      return boundary
    }
    guard let boundary else { throw .badForm("the Content-Type has no boundary") }
    try self.init(boundary)
  }

  package init(_ boundary: [UInt8]) throws(HTTPFailure) {
    guard (1...70).contains(boundary.count), boundary.allSatisfy(MultipartBoundary.isAllowed), boundary.last != .space
    else { throw .badForm("the boundary must be 1 to 70 characters of ASCII without quotes and backslashes") }
    delimiter = Array("\r\n--".utf8) + boundary
  }

  /// More than RFC 2046 has, for some clients write "*****" by hand; a quote or a backslash is of a wrong quotation.
  private static func isAllowed(_ byte: UInt8) -> Bool {
    (0x20...0x7E).contains(byte) && byte != 0x22 && byte != 0x5C
  }
}
