package import Basics

extension Deliveries {
  /// Which webhooks a list is of; what is nil does not matter.
  package struct Choice: Sendable {
    package var workspace: String?
    package var state: DeliveryState?
    package var endpoint: Int64?
    package var job: Int64?

    package init(workspace: String? = nil, state: DeliveryState? = nil, endpoint: Int64? = nil, job: Int64? = nil) {
      self.workspace = workspace
      self.state = state
      self.endpoint = endpoint
      self.job = job
    }

    /// By an index for what is asked for, the narrowest first; the rest is looked at in each row.
    fileprivate var query: StaticString {
      if job != nil {
        return """
          WHERE job_id = ?4 AND (?1 IS NULL OR workspaces.slug = ?1) AND (?2 IS NULL OR deliveries.state = ?2)
            AND (?3 IS NULL OR endpoint_id = ?3)
          ORDER BY deliveries.id DESC
          LIMIT ?5
          """
      }
      if endpoint != nil {
        return """
          WHERE endpoint_id = ?3 AND (?1 IS NULL OR workspaces.slug = ?1) AND (?2 IS NULL OR deliveries.state = ?2)
          ORDER BY deliveries.id DESC
          LIMIT ?5
          """
      }
      if state == .failed {
        return """
          WHERE deliveries.state = 'failed' AND (?1 IS NULL OR workspaces.slug = ?1)
          ORDER BY deliveries.id DESC
          LIMIT ?5
          """
      }
      return """
        WHERE (?1 IS NULL OR workspaces.slug = ?1) AND (?2 IS NULL OR deliveries.state = ?2)
        ORDER BY deliveries.id DESC
        LIMIT ?5
        """
    }
  }

  private static let columns: StaticString = """
    deliveries.id, workspaces.slug, request_id, endpoint_id, replay_of, event_id, event, style, url,
      deliveries.state, attempts, next_attempt_at, last_error, deliveries.created_at, finished_at, host,
      deliveries.workspace_id, address
    FROM deliveries
    LEFT JOIN workspaces ON workspaces.id = deliveries.workspace_id
    """

  /// The newest of these webhooks.
  package static func list(_ choice: Choice, limit: Int, in database: Database) throws -> [ListedDelivery] {
    try database.all(
      selecting: columns, choice.query, choice.workspace, choice.state?.rawValue, choice.endpoint, choice.job, limit,
      row: listed)
  }

  /// A workspace's newest webhooks.
  package static func webhooks(_ workspace: Int64, limit: Int, in database: Database) throws -> [ListedDelivery] {
    try database.all(
      selecting: columns,
      "WHERE deliveries.workspace_id = ? AND style != 'mail' ORDER BY deliveries.id DESC LIMIT ?", workspace, limit,
      row: listed)
  }

  package static func find(id: Int64, in database: Database) throws -> ListedDelivery? {
    try database.first(selecting: columns, "WHERE deliveries.id = ?", id, row: listed)
  }

  /// How the newest attempts went: when, how long they took, and whether they were taken.
  package static func newestAttempts(limit: Int, in database: Database) throws -> [(
    at: Timestamp, milliseconds: Int64, isGood: Bool
  )] {
    try database.all(
      """
      SELECT started_at, milliseconds, error IS NULL
      FROM attempts
      ORDER BY id DESC
      LIMIT ?
      """, limit, row: { ($0.moment(0), $0.integer(1), $0.flag(2)) })
  }

  /// The newest attempts by the host that was asked, a workspace's or all.
  package static func attempts(_ workspace: Int64?, limit: Int, in database: Database) throws -> [(
    host: String, at: Timestamp, milliseconds: Int64, error: String?, style: String
  )] {
    try database.all(
      """
      SELECT host, newest.started_at, newest.milliseconds, newest.error, style
      FROM (SELECT * FROM attempts ORDER BY id DESC LIMIT ?1) AS newest
      JOIN deliveries ON deliveries.id = newest.delivery_id
      WHERE ?2 IS NULL OR deliveries.workspace_id = ?2
      """, limit, workspace, row: { ($0.text(0), $0.moment(1), $0.integer(2), $0.optionalText(3), $0.text(4)) })
  }

  /// How many wait.
  package static func countWaiting(in database: Database) throws -> Int64 {
    try database.first("SELECT count(*) FROM deliveries WHERE state = 'waiting'", row: { $0.integer(0) }) ?? 0
  }

  /// A job's webhooks, the oldest first.
  package static func of(job: Int64, in database: Database) throws -> [ListedDelivery] {
    try database.all(selecting: columns, "WHERE job_id = ? ORDER BY deliveries.id", job, row: listed)
  }

  /// True when a webhook of that event was written for a job or a batch before.
  package static func hasAny(of event: String, job: Int64? = nil, batch: Int64? = nil, in database: Database) throws
    -> Bool
  {
    let found =
      job == nil
      ? try database.first(
        "SELECT 1 FROM deliveries WHERE batch_id = ? AND event_id = ? LIMIT 1", batch, event, row: { $0.int(0) })
      : try database.first(
        "SELECT 1 FROM deliveries WHERE job_id = ? AND event_id = ? LIMIT 1", job, event, row: { $0.int(0) })
    return found != nil
  }

  /// The attempts at a webhook, in their order.
  package static func attempts(_ delivery: Int64, in database: Database) throws -> [Attempt] {
    try database.all(
      """
      SELECT number, started_at, milliseconds, status, error, response
      FROM attempts
      WHERE delivery_id = ?
      ORDER BY number
      """, delivery
    ) { row in
      Attempt(
        number: row.int(0), startedAt: row.moment(1), milliseconds: row.integer(2),
        status: row.optionalInteger(3).map(Int.init), error: row.optionalText(4), response: row.blob(5))
    }
  }

  /// A webhook as it was written, to be sent again under its own event id.
  package static func copy(of id: Int64, in database: Database) throws -> NewDelivery? {
    try database.first(
      """
      SELECT workspace_id, job_id, request_id, endpoint_id, event_id, event, style, url, secret, body, batch_id,
        address
      FROM deliveries
      WHERE id = ?
      """, id
    ) { row in
      NewDelivery(
        workspaceID: row.optionalInteger(0), jobID: row.optionalInteger(1), batchID: row.optionalInteger(10),
        requestID: row.optionalText(2), endpointID: row.optionalInteger(3), replayOf: id, eventID: row.text(4),
        event: row.text(5),
        style: DeliveryStyle(rawValue: row.text(6)), url: row.text(7),
        restsByHost: row.text(11) == path(of: row.text(7), byHost: true), secret: row.optionalText(8),
        body: row.blob(9))
    }
  }

  private static func listed(_ row: borrowing Row) throws -> ListedDelivery {
    ListedDelivery(
      id: row.integer(0), workspace: row.optionalText(1), requestID: row.optionalText(2),
      endpointID: row.optionalInteger(3),
      replayOf: row.optionalInteger(4), eventID: row.text(5), event: row.text(6), style: row.text(7), url: row.text(8),
      state: try row.word(9), attempts: row.int(10),
      nextAttemptAt: row.optionalMoment(11), lastError: row.optionalText(12), createdAt: row.moment(13),
      finishedAt: row.optionalMoment(14), address: address(row, at: 15))
  }
}
