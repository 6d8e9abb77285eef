/// What an operator turns on and off, kept over restarts.
package enum Switches {
  package enum Name: String, Sendable, CaseIterable {
    /// No job is taken from the queue; new ones are accepted.
    case queueIsPaused = "queue_is_paused"
  }

  package static func isOn(_ name: Name, in database: Database) throws -> Bool {
    try database.first("SELECT is_on FROM switches WHERE name = ?", name.rawValue, row: { $0.flag(0) }) ?? false
  }

  package static func set(_ name: Name, to isOn: Bool, in database: Database) throws {
    try database.run(
      """
      INSERT INTO switches (name, is_on)
      VALUES (?, ?)
      ON CONFLICT DO UPDATE
      SET is_on = excluded.is_on
      """, name.rawValue, isOn ? 1 : 0)
  }
}
