package import Basics

/// What a stand-by knows of itself: whom it follows, what it holds, and what is in the way; the file `standby`.
package struct StandbyRecord: Sendable {
  /// One generation: a database with every file that it names.
  package struct Held: Sendable {
    /// What the first server calls the state that was copied; it means something to that one alone.
    package var mark: String
    /// Everything that the first server had confirmed at this moment is held; by this machine's clock.
    package var asOf: Timestamp
    /// When the copy was taken, by the first server's clock.
    package var takenAt: String
    package var schema: Int64
    /// Of the database, in hexadecimal digits.
    package var sha256: String
    package var databaseBytes: Int64
    package var files: Int64
    /// Of all files together, without the database.
    package var bytes: Int64

    package init(
      mark: String, asOf: Timestamp, takenAt: String, schema: Int64, sha256: String, databaseBytes: Int64,
      files: Int64 = 0, bytes: Int64 = 0
    ) {
      self.mark = mark
      self.asOf = asOf
      self.takenAt = takenAt
      self.schema = schema
      self.sha256 = sha256
      self.databaseBytes = databaseBytes
      self.files = files
      self.bytes = bytes
    }
  }

  private static let largest = 1 << 16

  package var from: String
  package var held: Held?
  /// Why the last look came to nothing, and since when it is so.
  package var problem: String?
  package var problemSince: Timestamp?

  package init(from: String) { self.from = from }

  /// How far what is held is behind, or nil while nothing is.
  package func lag(at now: Timestamp) -> Duration? { held.map { max(.zero, now - $0.asOf) } }

  /// For people's programs, and for the file.
  package var json: JSONValue {
    .object([
      ("format", .integer(1)), ("from", .string(from)),
      (
        "held",
        held.map { held in
          .object([
            ("mark", .string(held.mark)), ("as_of", .string("\(held.asOf)")),
            ("as_of_ms", .integer(held.asOf.milliseconds)), ("taken_at", .string(held.takenAt)),
            ("schema", .integer(held.schema)), ("sha256", .string(held.sha256)),
            ("database_bytes", .integer(held.databaseBytes)), ("files", .integer(held.files)),
            ("bytes", .integer(held.bytes)),
          ])
        } ?? .null
      ),
      ("problem", problem.map(JSONValue.string) ?? .null),
      ("problem_since_ms", problemSince.map { .integer($0.milliseconds) } ?? .null),
    ])
  }

  /// Reads that of a data directory; nil where none follows.
  ///
  /// Throws `StandbyFailure.damagedRecord`, or `SystemFailure`.
  package static func read(_ directory: String) throws -> StandbyRecord? {
    let path = directory + "/standby"
    guard try FileTree.exists(path) else { return nil }
    guard let document = try? JSONReader.parse(FileBytes.read(path, atMost: largest)),
      document["format"]?.integer == 1, let from = document["from"]?.string
    else { throw StandbyFailure.damagedRecord(path: path) }
    var record = StandbyRecord(from: from)
    record.problem = document["problem"]?.string
    record.problemSince = document["problem_since_ms"]?.integer.map { Timestamp(milliseconds: $0) }
    guard let held = document["held"], held != .null else { return record }
    guard let mark = held["mark"]?.string, let asOf = held["as_of_ms"]?.integer, let takenAt = held["taken_at"]?.string,
      let schema = held["schema"]?.integer, let sha256 = held["sha256"]?.string,
      let databaseBytes = held["database_bytes"]?.integer, let files = held["files"]?.integer,
      let bytes = held["bytes"]?.integer
    else { throw StandbyFailure.damagedRecord(path: path) }
    record.held = Held(
      mark: mark, asOf: Timestamp(milliseconds: asOf), takenAt: takenAt, schema: schema, sha256: sha256,
      databaseBytes: databaseBytes, files: files, bytes: bytes)
    return record
  }

  /// Puts it on disk, whole or not at all.
  func write(_ directory: String) throws(SystemFailure) {
    try FileBytes.write(Array(json.text.utf8), to: directory + "/standby")
  }
}
