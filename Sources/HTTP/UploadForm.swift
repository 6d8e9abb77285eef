package import Basics

/// A multipart form: its text fields in memory, its files in the spool directory.
package struct UploadForm: Sendable {
  package private(set) var fields: FormFields = []
  package private(set) var files: [SpoolFile] = []

  package init() {}

  /// Reads the body of a multipart/form-data request; a part with a file name is a file, any other one text.
  ///
  /// Throws `HTTPFailure` 400, 408, 413 or 415, and `SystemFailure` when the spool cannot be written; either way nothing
  /// stays on disk. `most` counts the bytes of the body.
  package static func read(
    _ request: Request, into directory: String, atMost most: Int64 = .max, limits: MultipartLimits = MultipartLimits(),
    entropy: Entropy = .system
  ) async throws -> UploadForm {
    let boundary = try MultipartBoundary(contentType: request.headers[.contentType])
    if let declared = request.body.declaredLength, declared > most { throw HTTPFailure.tooLarge(limit: most) }
    var parser = Multipart(boundary, limits: limits)
    let reader = FormReader(directory: directory, limits: limits, entropy: entropy)
    while try await request.body.readChunk({ piece in
      guard request.body.received <= most else { throw HTTPFailure.tooLarge(limit: most) }
      try parser.feed(piece, reader.handle)
    }) {}
    try parser.finish()
    return reader.form
  }

  mutating func add(_ file: SpoolFile) { files.append(file) }

  mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }
}
