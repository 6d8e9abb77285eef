/// How the store is, for whoever looks after it.
package struct Health: Sendable {
  /// The version of SQLite that runs.
  package let library: String
  /// The settings of the connection that writes, by SQLite's names.
  package let settings: [(name: String, value: String)]
  package let schemaVersion: Int64
  /// Bytes of the database without its log, and how many of them hold nothing.
  package let databaseBytes: Int64
  package let unusedBytes: Int64
  /// Bytes of the write-ahead log; over `longestLog` something keeps it from being folded in.
  package let logBytes: Int64
  /// Bytes of the ballast file, free bytes and all bytes of the file system.
  package let ballastBytes: Int64
  package let freeBytes: Int64
  package let totalBytes: Int64
  package let shortage: Shortage?
  /// Why nothing is written any more, or nil.
  package let failure: StoreFailure?
  /// True while a large database is being read through after the start.
  package let isBeingChecked: Bool
  /// What is wrong with the database; empty when nothing is.
  package let problems: [String]

  package static let longestLog: Int64 = 256 << 20
}
