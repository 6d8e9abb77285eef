package import Basics

/// The open data directory: one writer, many readers, the files, and the identifiers made with its secret key.
package final class Store: Sendable {
  package let directory: DataDirectory
  package let blobs: Blobs
  package let identifiers: PublicIdentifiers
  /// The key behind signed links; it is derived, so that no two uses share one.
  package let linkKey: [UInt8]
  private let writer: Writer
  private let readers: Readers

  /// Opens or creates everything in the directory, and brings the database to this build's schema.
  package init(path: String, clock: Clock = .system, entropy: Entropy = .system) throws {
    directory = try DataDirectory(path: path)
    let key = try directory.secretKey(entropy)
    identifiers = PublicIdentifiers(key: HMAC(key: key).code(for: Array("identifiers".utf8)))
    linkKey = HMAC(key: key).code(for: Array("links".utf8))
    blobs = try Blobs(root: directory.filesPath, entropy: entropy)
    let database = try Database(path: directory.databasePath, mode: .writing)
    try Migrations(steps: Migrations.embedded, backups: directory.backupsPath)
      .apply(to: database, path: directory.databasePath)
    writer = Writer(database: database, clock: clock)
    readers = Readers(path: directory.databasePath)
  }

  /// Runs `body` in a transaction; returns after it is on disk.
  package func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await writer.write(body)
  }

  /// The same for a thread that may block.
  package func writeBlocking<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) throws -> Value {
    try writer.writeBlocking(body)
  }

  /// Runs a query now, on the calling thread.
  package func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
    try readers.read(body)
  }

  /// Finishes what is being written; later writes fail.
  package func close() {
    writer.close()
  }
}
