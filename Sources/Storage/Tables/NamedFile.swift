/// A file that a row names, with what the row knows of it.
package struct NamedFile {
  let blob: String
  let size: Int64?
  let sha256: [UInt8]?

  /// Every file that an input, an output or a stored file names.
  static func each(in database: Database, _ body: (NamedFile) throws -> Void) throws {
    try database.each(
      """
      SELECT blob, size, sha256
      FROM inputs
      WHERE blob IS NOT NULL
      UNION ALL
      SELECT blob, size, sha256
      FROM outputs
      UNION ALL
      SELECT blob, size, sha256
      FROM stored_files
      """
    ) { row in
      try body(
        NamedFile(blob: row.text(0), size: row.optionalInteger(1), sha256: row.isNull(2) ? nil : row.blob(2)))
    }
  }

  /// The names of all of them, across all workspaces.
  package static func names(in database: Database) throws -> Set<String> {
    var names: Set<String> = []
    try each(in: database) { names.insert($0.blob) }
    return names
  }

  /// True while an input, an output or a stored file names the blob; reads all tables, for the rare case of a file that is gone.
  static func isNamed(_ blob: String, in database: Database) throws -> Bool {
    try database.first(
      """
      SELECT 1
      FROM inputs
      WHERE blob = ?1
      UNION ALL
      SELECT 1
      FROM outputs
      WHERE blob = ?1
      UNION ALL
      SELECT 1
      FROM stored_files
      WHERE blob = ?1
      """, blob, row: { _ in true }) ?? false
  }
}
