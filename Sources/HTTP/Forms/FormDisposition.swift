import Basics

/// The parameters of `Content-Disposition: form-data` (RFC 7578 section 4.2), as browsers and libraries send them.
struct FormDisposition {
  private(set) var name: String?
  private(set) var fileName: String?

  init(_ value: UnsafeRawBufferPointer) throws(HTTPFailure) {
    var parameters = HeaderParameters(value)
    guard parameters.kind == "form-data" else { throw .badForm("a part is not form-data") }
    var exactName: String?
    var hasExact = false
    while let parameter = try parameters.next() {
      switch parameter.name {
      case "name":
        guard name == nil else { throw .badForm("a part has two names") }
        guard let text = FormDisposition.text(parameter) else { throw .badForm("the name of a part is not UTF-8") }
        name = text
      case "filename":
        guard fileName == nil else { throw .badForm("a part has two file names") }
        // The name is only a label, so that one in another encoding is repaired rather than refused.
        fileName = FormDisposition.text(parameter) ?? String(decoding: parameter.value, as: UTF8.self)
      case "filename*":
        guard !hasExact else { throw .badForm("a part has two file names") }
        hasExact = true
        exactName = FormDisposition.extended(parameter.value)
      default: break
      }
    }
    // A form should not have it at all (RFC 7578 section 4.2): a good one counts, a broken one only when nothing else does.
    if hasExact && exactName == nil && fileName == nil {
      throw .badForm("the filename* of a part is not a UTF-8 text")
    }
    if let exactName { fileName = exactName }
  }

  /// Browsers write a quote within quotes as %22 (WHATWG HTML, multipart form data); other escapes are left alone.
  private static func text(_ parameter: HeaderParameters.Parameter) -> String? {
    guard let text = String(validating: parameter.value, as: UTF8.self) else { return nil }
    guard parameter.isQuoted, parameter.value.contains(.percent), text.contains("%22") else { return text }
    return text.replacing("%22", with: "\"")
  }

  /// `UTF-8'language'percent-encoded` (RFC 8187 section 3.2).
  private static func extended(_ value: [UInt8]) -> String? {
    let parts = value.split(separator: 0x27, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, String(decoding: parts[0], as: UTF8.self).lowercased() == "utf-8" else { return nil }
    return PercentEncoding.decode(parts[2])
  }
}
