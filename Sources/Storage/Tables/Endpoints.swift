package import Basics

/// An address that a workspace wants to be told at; its secret is not part of it.
package struct Endpoint: Sendable, Equatable {
  package let id: Int64
  package let workspaceID: Int64
  package let url: String
  package let style: DeliveryStyle
  package let events: [String]
  package let isEnabled: Bool
  /// When the first attempt since the last success failed.
  package let failingSince: Timestamp?
  /// Until when deliveries are signed with the secret before as well.
  package let overlapsUntil: Timestamp?
  package let createdAt: Timestamp
}

/// The table of endpoints.
package enum Endpoints {
  package static func insert(
    _ workspace: Int64, url: String, style: DeliveryStyle, events: [String], secret: String, at now: Timestamp,
    in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO endpoints (workspace_id, url, style, events, secret, state, created_at)
      VALUES (?, ?, ?, ?, ?, 'enabled', ?)
      """, workspace, url, style.rawValue, events.joined(separator: ","), secret, now)
    return database.lastRow
  }

  /// A workspace's endpoints, the oldest first.
  package static func all(_ workspace: Int64, in database: Database) throws -> [Endpoint] {
    try database.all(
      """
      SELECT id, workspace_id, url, style, events, state, failing_since, previous_secret_until, created_at
      FROM endpoints
      WHERE workspace_id = ?
      ORDER BY id
      """, workspace, row: endpoint)
  }

  /// An endpoint for the operator, whoever it belongs to.
  package static func find(id: Int64, in database: Database) throws -> Endpoint? {
    try database.first(
      """
      SELECT id, workspace_id, url, style, events, state, failing_since, previous_secret_until, created_at
      FROM endpoints
      WHERE id = ?
      """, id, row: endpoint)
  }

  /// The styles that endpoints have.
  package static func styles(in database: Database) throws -> [DeliveryStyle] {
    try database.all(
      "SELECT DISTINCT style FROM endpoints ORDER BY style", row: { DeliveryStyle(rawValue: $0.text(0)) })
  }

  /// Gives an endpoint a new secret; deliveries are signed with the one before too, until `end`.
  package static func rotate(id: Int64, secret: String, overlapsUntil end: Timestamp, in database: Database) throws {
    try database.run(
      """
      UPDATE endpoints
      SET previous_secret = secret, previous_secret_until = ?, secret = ?
      WHERE id = ?
      """, end, secret, id)
  }

  package static func setEnabled(id: Int64, _ isEnabled: Bool, in database: Database) throws {
    try database.run(
      "UPDATE endpoints SET state = ?, failing_since = NULL WHERE id = ?", isEnabled ? "enabled" : "disabled", id)
  }

  package static func delete(id: Int64, in database: Database) throws {
    try database.run("DELETE FROM endpoints WHERE id = ?", id)
  }

  /// Notes that an attempt succeeded.
  package static func setWorking(id: Int64, in database: Database) throws {
    try database.run(
      "UPDATE endpoints SET failing_since = NULL, failed_at = NULL WHERE id = ? AND failing_since IS NOT NULL", id)
  }

  /// Notes that an attempt failed, and disables an endpoint that has failed for `longest`; true when it did.
  ///
  /// Between two failures no more than `gap` counts, so that neither a clock that is set ahead nor a server that was off
  /// makes days out of nothing.
  package static func setFailing(
    id: Int64, at now: Timestamp, longest: Duration, gap: Duration, in database: Database
  ) throws -> Bool {
    try database.run(
      """
      UPDATE endpoints
      SET failing_since = min(?1, coalesce(failing_since + max(0, ?1 - coalesce(failed_at, ?1) - ?2), ?1)), failed_at = ?1
      WHERE id = ?3
      """, now, gap.milliseconds, id)
    try database.run(
      "UPDATE endpoints SET state = 'disabled' WHERE id = ? AND state = 'enabled' AND failing_since <= ?", id,
      now - longest)
    return database.changes == 1
  }

  private static func endpoint(_ row: borrowing Row) -> Endpoint {
    Endpoint(
      id: row.integer(0), workspaceID: row.integer(1), url: row.text(2),
      style: DeliveryStyle(rawValue: row.text(3)),
      events: row.text(4).split(separator: ",").map(String.init), isEnabled: row.text(5) == "enabled",
      failingSince: row.optionalMoment(6), overlapsUntil: row.optionalMoment(7), createdAt: row.moment(8))
  }
}
