package import Basics

/// A target with its options under a name of the workspace's own.
package struct Preset: Sendable, Equatable {
  /// Its row; 0 for one that has none yet.
  package var id: Int64 = 0
  package let name: String
  package let targetFormat: String
  /// Canonical JSON of the typed options.
  package let options: String
  package let createdAt: Timestamp
  /// What a dialect keeps with it.
  package var dialectData: String?
  /// JSON of the steps that it has beside the last one's target and options; nil for one alone.
  package var steps: String?

  package init(
    name: String, targetFormat: String, options: String, createdAt: Timestamp, dialectData: String? = nil,
    steps: String? = nil
  ) {
    self.steps = steps
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
      INSERT INTO presets (workspace_id, name, target_format, options, created_at, dialect_data, steps)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (workspace_id, name) DO UPDATE
      SET target_format = excluded.target_format, options = excluded.options, dialect_data = excluded.dialect_data,
        steps = excluded.steps
      """, workspace, preset.name, preset.targetFormat, preset.options, preset.createdAt,
      preset.dialectData, preset.steps)
    return isNew
  }

  package static func find(_ workspace: Int64, name: String, in database: Database) throws -> Preset? {
    try database.first(
      """
      SELECT name, target_format, options, created_at, dialect_data, steps, id
      FROM presets
      WHERE workspace_id = ? AND name = ?
      """, workspace, name, row: preset)
  }

  package static func find(_ workspace: Int64, id: Int64, in database: Database) throws -> Preset? {
    try database.first(
      """
      SELECT name, target_format, options, created_at, dialect_data, steps, id
      FROM presets
      WHERE workspace_id = ? AND id = ?
      """, workspace, id, row: preset)
  }

  /// A workspace's presets in the order of their names.
  package static func all(_ workspace: Int64, in database: Database) throws -> [Preset] {
    try database.all(
      """
      SELECT name, target_format, options, created_at, dialect_data, steps, id
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
    var preset = Preset(
      name: row.text(0), targetFormat: row.text(1), options: row.text(2), createdAt: row.moment(3),
      dialectData: row.optionalText(4), steps: row.optionalText(5))
    preset.id = row.integer(6)
    return preset
  }
}
