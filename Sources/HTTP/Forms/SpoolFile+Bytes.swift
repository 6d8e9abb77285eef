package import Basics

extension SpoolFile {
  /// Puts bytes that came otherwise than as a part of a form into the spool; throws `SystemFailure`.
  package static func write(
    _ bytes: [UInt8], fieldName: String, fileName: String, in spool: Spool, entropy: Entropy = .system
  ) throws -> SpoolFile {
    let part = MultipartPart(name: fieldName, fileName: fileName, contentType: nil)
    let writer = try SpoolWriter(part, in: spool, entropy: entropy)
    try bytes.withUnsafeBytes { try writer.write($0) }
    return try writer.finish()
  }
}
