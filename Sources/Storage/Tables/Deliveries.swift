package import Basics

/// The table of webhooks to be sent, being retried, and done with.
package enum Deliveries {
  /// Adds a webhook that may be sent at once, in the caller's transaction.
  @discardableResult
  package static func insert(_ delivery: NewDelivery, at now: Timestamp, in database: Database) throws -> Int64 {
    try database.run(
      """
      INSERT INTO deliveries (workspace_id, job_id, batch_id, request_id, endpoint_id, replay_of, event_id, event, style,
        url, host, address, secret, body, state, next_attempt_at, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)
      """, delivery.workspaceID, delivery.jobID, delivery.batchID, delivery.requestID, delivery.endpointID,
      delivery.replayOf, delivery.eventID, delivery.event, delivery.style.rawValue, delivery.url,
      host(of: delivery.url), path(of: delivery.url, byHost: delivery.restsByHost || delivery.style == .mail),
      delivery.secret, delivery.body, now, now)
    return database.lastRow
  }

  /// What all mail is limited under, for it goes to one server.
  package static let mailHost = "mailto"

  /// Host and port of a URL in lower case, with the scheme's own port when it names none.
  static func host(of url: String) -> String {
    let lower = url.lowercased()
    if lower.hasPrefix("mailto:") { return mailHost }
    let isSecure = lower.hasPrefix("https:")
    let authority = lower.drop { $0 != ":" }.dropFirst(3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let hasPort = authority.last != "]" && authority.drop { $0 != "]" }.contains(":") || isPlainWithPort(authority)
    return hasPort ? String(authority) : authority + (isSecure ? ":443" : ":80")
  }

  /// What of a URL makes an address of its own: all but the query, or for what rests by host the scheme.
  static func path(of url: String, byHost: Bool) -> String {
    byHost ? String(url.prefix { $0 != ":" }) + ":" : String(url.prefix { $0 != "?" })
  }

  private static func isPlainWithPort(_ authority: Substring) -> Bool {
    !authority.hasPrefix("[") && authority.contains(":")
  }

  /// Every address that something waits for, and when the first of it is due.
  package static func addresses(in database: Database) throws -> [(address: DeliveryAddress, dueAt: Timestamp)] {
    try database.all(
      """
      SELECT host, workspace_id, address, min(next_attempt_at)
      FROM deliveries
      WHERE state = 'waiting'
      GROUP BY host, workspace_id, address
      """, row: { (address($0, at: 0), $0.moment(3)) })
  }

  /// The three columns of an address from `column` on.
  static func address(_ row: borrowing Row, at column: Int32) -> DeliveryAddress {
    DeliveryAddress(
      host: row.text(column), workspaceID: row.optionalInteger(column + 1), path: row.text(column + 2))
  }

  package static func lastID(in database: Database) throws -> Int64 {
    try database.first("SELECT max(id) FROM deliveries", row: { $0.optionalInteger(0) ?? 0 }) ?? 0
  }

  /// What was added after row `id`, in its order.
  package static func added(after id: Int64, limit: Int, in database: Database) throws
    -> [(id: Int64, address: DeliveryAddress, dueAt: Timestamp?)]
  {
    try database.all(
      """
      SELECT id, host, workspace_id, address, next_attempt_at
      FROM deliveries
      WHERE id > ?
      ORDER BY id
      LIMIT ?
      """, id, limit, row: { ($0.integer(0), address($0, at: 1), $0.optionalMoment(4)) })
  }

  /// An address's webhooks that are due now, after the one at `place` in the order of their times.
  package static func due(
    _ address: DeliveryAddress, at now: Timestamp, after place: (dueAt: Timestamp, id: Int64)?, limit: Int,
    in database: Database
  ) throws -> [DueDelivery] {
    try database.all(
      """
      SELECT deliveries.id, next_attempt_at, deliveries.url, deliveries.style, event_id, event, request_id, body,
        attempts, endpoint_id, deliveries.secret, endpoints.secret, previous_secret, previous_secret_until,
        endpoints.state
      FROM deliveries
      LEFT JOIN endpoints ON endpoints.id = endpoint_id
      WHERE deliveries.state = 'waiting' AND host = ?1 AND deliveries.workspace_id IS ?2 AND address = ?3
        AND next_attempt_at <= ?4 AND (next_attempt_at, deliveries.id) > (?5, ?6)
      ORDER BY next_attempt_at, deliveries.id
      LIMIT ?7
      """, address.host, address.workspaceID, address.path, now, place?.dueAt ?? Timestamp(milliseconds: .min),
      place?.id ?? 0, limit
    ) { row in
      let previous = row.optionalMoment(13).map { $0 > now } == true ? row.optionalText(12) : nil
      return DueDelivery(
        id: row.integer(0), dueAt: row.moment(1), address: address, url: row.text(2),
        style: DeliveryStyle(rawValue: row.text(3)), eventID: row.text(4), event: row.text(5),
        requestID: row.optionalText(6), body: row.blob(7), attempts: row.int(8), endpointID: row.optionalInteger(9),
        isEndpointDisabled: row.optionalText(14) == "disabled",
        secrets: [row.optionalText(10) ?? row.optionalText(11), previous].compactMap { $0 })
    }
  }

  /// When the first of an address's webhooks that are not due yet will be.
  package static func nextDue(_ address: DeliveryAddress, after now: Timestamp, in database: Database) throws
    -> Timestamp?
  {
    try database.first(
      """
      SELECT next_attempt_at
      FROM deliveries
      WHERE state = 'waiting' AND host = ? AND workspace_id IS ? AND address = ? AND next_attempt_at > ?
      ORDER BY next_attempt_at
      LIMIT 1
      """, address.host, address.workspaceID, address.path, now, row: { $0.moment(0) })
  }

  /// Moves every waiting webhook, or all waiting mail, by the same span, because the clock was set by it.
  package static func shift(by span: Duration, mail isMail: Bool, in database: Database) throws {
    try database.run(
      "UPDATE deliveries SET next_attempt_at = next_attempt_at + ? WHERE state = 'waiting' AND (host = ?) = ?",
      span.milliseconds, mailHost, isMail)
  }

  /// What waits longer than for the moment given, the lowest rows first, as its policy is found by.
  package static func late(
    after row: Int64, beyond moment: Timestamp, mail isMail: Bool, limit: Int, in database: Database
  ) throws -> [(id: Int64, style: DeliveryStyle, attempts: Int, error: String?, dueAt: Timestamp)] {
    try database.all(
      """
      SELECT id, style, attempts, last_error, next_attempt_at
      FROM deliveries
      WHERE id > ? AND state = 'waiting' AND next_attempt_at > ? AND (host = ?) = ?
      ORDER BY id
      LIMIT ?
      """, row, moment, mailHost, isMail, limit
    ) {
      (
        $0.integer(0), DeliveryStyle(rawValue: $0.text(1)), $0.int(2), $0.optionalText(3), $0.moment(4)
      )
    }
  }

  /// Lets a webhook that still waits be due earlier.
  package static func advance(_ id: Int64, to moment: Timestamp, in database: Database) throws {
    try database.run(
      "UPDATE deliveries SET next_attempt_at = ?1 WHERE id = ?2 AND state = 'waiting' AND next_attempt_at > ?1", moment,
      id)
  }

  /// Records an attempt and what it means; false when the webhook is gone or was ended by someone else.
  ///
  /// `hasWorkspace` is false for what may be mail to a person, whose text is erased when it has ended.
  package static func record(
    _ id: Int64, _ attempt: Attempt, state: DeliveryState, nextAttemptAt: Timestamp?, hasWorkspace: Bool,
    at now: Timestamp, in database: Database
  ) throws -> Bool {
    try database.run(
      """
      UPDATE deliveries
      SET state = ?, attempts = ?, next_attempt_at = ?, last_error = ?, finished_at = ?
      WHERE id = ? AND state = 'waiting'
      """, state.rawValue, attempt.number, nextAttemptAt, attempt.error, state == .waiting ? nil : now, id)
    guard database.changes == 1 else { return false }
    if state != .waiting, !hasWorkspace { try forgetPrivateMail(id, in: database) }
    try database.run(
      """
      INSERT INTO attempts (delivery_id, number, started_at, milliseconds, status, error, response)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, id, attempt.number, attempt.startedAt, attempt.milliseconds, attempt.status, attempt.error, attempt.response)
    return true
  }

  /// Erases mail to a person that has ended, for it may hold a key or a link that nobody else may have.
  private static func forgetPrivateMail(_ id: Int64, in database: Database) throws {
    try database.run(
      "UPDATE deliveries SET body = x'' WHERE id = ? AND style = 'mail' AND workspace_id IS NULL", id)
  }

  /// Ends a waiting webhook without an attempt.
  package static func abandon(_ id: Int64, _ reason: String, at now: Timestamp, in database: Database) throws {
    try database.run(
      """
      UPDATE deliveries
      SET state = 'failed', next_attempt_at = NULL, last_error = ?, finished_at = ?
      WHERE id = ? AND state = 'waiting'
      """, reason, now, id)
    try forgetPrivateMail(id, in: database)
  }

  /// Ends all that waits for an endpoint, which is being removed.
  package static func abandon(endpoint: Int64, _ reason: String, at now: Timestamp, in database: Database) throws {
    try database.run(
      """
      UPDATE deliveries
      SET state = 'failed', next_attempt_at = NULL, last_error = ?, finished_at = ?
      WHERE endpoint_id = ? AND state = 'waiting'
      """, reason, now, endpoint)
  }

  /// Deletes those that ended before `moment`, with their attempts; gives how many.
  package static func deleteHistory(finishedBefore moment: Timestamp, limit: Int, in database: Database) throws -> Int {
    try database.run(
      """
      DELETE FROM deliveries
      WHERE id IN (
        SELECT id
        FROM deliveries
        WHERE finished_at < ? AND finished_at IS NOT NULL
        ORDER BY finished_at
        LIMIT ?
      )
      """, moment, limit)
    return database.changes
  }
}
