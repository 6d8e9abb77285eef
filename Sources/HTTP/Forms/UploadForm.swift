package import Basics

/// A multipart form: its text fields in memory, its files in the spool.
package struct UploadForm: Sendable {
  /// A form whose parts have less than this on average is read in pieces of it, and between them the other connections
  /// of the loop get their turn: each part costs a file of its own, however few bytes it has.
  private static let smallPart = 4 << 10

  package private(set) var fields: FormFields = []
  package private(set) var files: [SpoolFile] = []

  package init() {}

  /// Reads the body of a multipart/form-data request; a part with a file name is a file, any other one text.
  ///
  /// Throws `HTTPFailure` 400, 408, 413 or 415, and `SystemFailure` when the spool cannot be written; either way nothing
  /// stays on disk. `most` counts the bytes of the body, and `room` is asked before files grow.
  package static func read(
    _ request: Request, into spool: Spool, atMost most: Int64 = .max, limits: MultipartLimits = MultipartLimits(),
    room: SpoolFile.Room? = nil, entropy: Entropy = .system
  ) async throws -> UploadForm {
    let boundary = try MultipartBoundary(contentType: request.headers[.contentType])
    if let declared = request.body.declaredLength, declared > most { throw HTTPFailure.tooLarge(limit: most) }
    var parser = Multipart(boundary, limits: limits)
    let reader = FormReader(spool: spool, room: room, limits: limits, entropy: entropy)
    var isDense = false
    var held: [UInt8] = []
    var (parts, size) = (0, 0)
    while try await request.body.readChunk({ piece in
      guard request.body.received <= most else { throw HTTPFailure.tooLarge(limit: most) }
      (parts, size) = (reader.parts, piece.count)
      if isDense { held = Array(piece) } else { try parser.feed(piece, reader.handle) }
    }) {
      for start in stride(from: 0, to: held.count, by: smallPart) {
        let slice = held[start..<min(held.count, start + smallPart)]
        try slice.withUnsafeBytes { try parser.feed($0, reader.handle) }
        await Task.yield()
      }
      held = []
      isDense = (reader.parts - parts) * smallPart > size
    }
    try parser.finish()
    return reader.form
  }

  mutating func add(_ file: SpoolFile) { files.append(file) }

  mutating func add(_ name: String, _ value: String) { fields.append((name, value)) }
}
