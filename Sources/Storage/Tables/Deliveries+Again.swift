package import Basics

/// Which failed webhooks are to be sent again; what is nil narrows nothing.
package struct OwedDeliveries: Sendable {
  package var workspace: Int64?
  package var job: Int64?
  package var endpoint: Int64?
  /// When it was announced, from the first moment on and before the second.
  package var since: Timestamp?
  package var until: Timestamp?
  package var limit: Int

  package init(
    workspace: Int64? = nil, job: Int64? = nil, endpoint: Int64? = nil, since: Timestamp? = nil,
    until: Timestamp? = nil, limit: Int
  ) {
    self.workspace = workspace
    self.job = job
    self.endpoint = endpoint
    self.since = since
    self.until = until
    self.limit = limit
  }
}

/// What was sent, with what it is signed with; an endpoint's secrets as they are now.
package struct SentDelivery: Sendable {
  package let style: DeliveryStyle
  package let eventID: String
  package let event: String
  package let requestID: String?
  package let body: [UInt8]
  /// Of an address that came with its job.
  package let ownSecret: String?
  package let endpointSecret: String?
  package let previousSecret: String?
  package let previousUntil: Timestamp?
  /// True for mail to a person about their access, which may hold a key or a link.
  package let isPrivate: Bool
}

extension Deliveries {
  /// The newest webhooks that have failed and that the same receiver was not sent again: of each event to each receiver
  /// only the last delivery counts.
  package static func owed(_ wish: OwedDeliveries, in database: Database) throws -> [Int64] {
    try database.all(
      """
      SELECT id
      FROM deliveries AS failed
      WHERE state = 'failed'
        AND (?1 IS NULL OR workspace_id = ?1) AND (?2 IS NULL OR job_id = ?2) AND (?3 IS NULL OR endpoint_id = ?3)
        AND (?4 IS NULL OR created_at >= ?4) AND (?5 IS NULL OR created_at < ?5)
        AND NOT EXISTS (SELECT 1 FROM deliveries WHERE replay_of = failed.id)
        AND NOT EXISTS (
          SELECT 1
          FROM deliveries AS later
          WHERE later.job_id = failed.job_id AND later.id > failed.id AND later.event_id = failed.event_id
            AND later.event = failed.event AND later.url = failed.url AND later.endpoint_id IS failed.endpoint_id
        )
        AND NOT EXISTS (
          SELECT 1
          FROM deliveries AS later
          WHERE later.batch_id = failed.batch_id AND later.id > failed.id AND later.event_id = failed.event_id
            AND later.event = failed.event AND later.url = failed.url AND later.endpoint_id IS failed.endpoint_id
        )
      ORDER BY id DESC
      LIMIT ?6
      """, wish.workspace, wish.job, wish.endpoint, wish.since, wish.until, wish.limit, row: { $0.integer(0) })
  }

  /// What was sent, or will be.
  package static func sent(id: Int64, in database: Database) throws -> SentDelivery? {
    try database.first(
      """
      SELECT deliveries.style, event_id, event, request_id, body, deliveries.secret, endpoints.secret, previous_secret,
        previous_secret_until, deliveries.workspace_id
      FROM deliveries
      LEFT JOIN endpoints ON endpoints.id = endpoint_id
      WHERE deliveries.id = ?
      """, id
    ) { row in
      SentDelivery(
        style: try row.word(0), eventID: row.text(1), event: row.text(2),
        requestID: row.optionalText(3), body: row.blob(4), ownSecret: row.optionalText(5),
        endpointSecret: row.optionalText(6), previousSecret: row.optionalText(7),
        previousUntil: row.optionalMoment(8), isPrivate: row.optionalInteger(9) == nil)
    }
  }

  /// Where an endpoint's webhooks wait, and rest.
  package static func address(of endpoint: Endpoint, byHost: Bool) -> DeliveryAddress {
    DeliveryAddress(
      host: host(of: endpoint.url), workspaceID: endpoint.workspaceID, path: path(of: endpoint.url, byHost: byHost))
  }
}
