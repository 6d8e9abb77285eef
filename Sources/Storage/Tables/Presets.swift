package import Basics

/// A target with its options under a name of the workspace's own.
package struct Preset: Sendable, Equatable {
  package let name: String
  package let targetFormat: String
  /// Canonical JSON of the typed options.
  package let options: String
  package let createdAt: Timestamp
  /// What a dialect keeps with it.
  package var dialectData: String?

  package init(name: String, targetFormat: String, options: String, createdAt: Timestamp, dialectData: String? = nil) {
    self.dialectData = dialectData
    self.name = name
    self.targetFormat = targetFormat
    self.options = options
    self.createdAt = createdAt
  }
}

/// The table of presets.
package enum Presets {
  /// Adds a preset or changes the one of that name; true when it is new.
  package static func set(_ workspace: Int64, _ preset: Preset, in database: Database) throws -> Bool {
    let isNew = try find(workspace, name: preset.name, in: database) == nil
    try database.run(
      """
      INSERT INTO presets (workspace_id, name, target_format, options, created_at, dialect_data)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (workspace_id, name) DO UPDATE
      SET target_format = excluded.target_format, options = excluded.options, dialect_data = excluded.dialect_data
      """, workspace, preset.name, preset.targetFormat, preset.options, preset.createdAt,
      preset.dialectData)
    return isNew
  }

  package static func find(_ workspace: Int64, name: String, in database: Database) throws -> Preset? {
    try database.first(
      """
      SELECT name, target_format, options, created_at, dialect_data
      FROM presets
      WHERE workspace_id = ? AND name = ?
      """, workspace, name, row: preset)
  }

  /// A workspace's presets in the order of their names.
  package static func all(_ workspace: Int64, in database: Database) throws -> [Preset] {
    try database.all(
      """
      SELECT name, target_format, options, created_at, dialect_data
      FROM presets
      WHERE workspace_id = ?
      ORDER BY name
      """, workspace, row: preset)
  }

  /// Deletes a preset; false when there is none of that name.
  package static func delete(_ workspace: Int64, name: String, in database: Database) throws -> Bool {
    try database.run("DELETE FROM presets WHERE workspace_id = ? AND name = ?", workspace, name)
    return database.changes == 1
  }

  private static func preset(_ row: borrowing Row) -> Preset {
    Preset(
      name: row.text(0), targetFormat: row.text(1), options: row.text(2), createdAt: row.moment(3),
      dialectData: row.optionalText(4))
  }
}
