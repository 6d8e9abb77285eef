/// The files that jobs and the file store name, across all workspaces.
package enum RecordedFiles {
  /// Those of inputs, outputs and stored files; what still comes in parts is not among them.
  package static func names(in database: Database) throws -> Set<String> {
    try Set(
      database.all("SELECT blob FROM inputs WHERE blob IS NOT NULL", row: { $0.text(0) })
        + database.all("SELECT blob FROM outputs", row: { $0.text(0) })
        + database.all("SELECT blob FROM stored_files", row: { $0.text(0) }))
  }
}
