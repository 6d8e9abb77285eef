package import Basics

/// An API key as it is stored: what it may do, never the key itself.
package struct Key: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case secret
    case publicKey = "public"
  }

  package let id: Int64
  package let kind: Kind
  package let mayRead: Bool
  package let maySubmit: Bool
  package let expiresAt: Timestamp?
  package let revokedAt: Timestamp?

  package func isActive(at now: Timestamp) -> Bool {
    revokedAt == nil && expiresAt.map { $0 > now } ?? true
  }
}

/// A key with the workspace and plan it belongs to: everything that a request's permission depends on.
package struct KeyHolder: Sendable, Equatable {
  package let key: Key
  package let workspace: Workspace
  package let plan: Plan
}

/// The table of API keys.
package enum Keys {
  /// Stores the SHA-256 of a new secret key; `hint` is the part of it that may be shown.
  package static func insert(
    _ workspace: Int64, hash: [UInt8], hint: String, name: String, webhookSecret: String, at now: Timestamp,
    in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO keys (workspace_id, hash, hint, name, kind, webhook_secret, created_at)
      VALUES (?, ?, ?, ?, 'secret', ?, ?)
      """, workspace, hash, hint, name, webhookSecret, now)
    return database.lastRow
  }

  /// Who holds the key with this SHA-256, found by the unique index in one step for each table.
  package static func holder(hash: [UInt8], in database: Database) throws -> KeyHolder? {
    try database.first(
      """
      SELECT keys.id, keys.kind, keys.may_read, keys.may_submit, keys.expires_at, keys.revoked_at,
        workspaces.id, workspaces.slug, workspaces.name, workspaces.state,
        plans.name, plans.allows_async, plans.allows_batches, plans.allows_mail, plans.allows_webhooks,
        plans.allows_jobs_api, plans.reads_per_minute, plans.writes_per_minute, plans.jobs_per_month
      FROM keys
      JOIN workspaces ON workspaces.id = keys.workspace_id
      JOIN plans ON plans.name = workspaces.plan
      WHERE keys.hash = ?
      """, hash
    ) { row in
      KeyHolder(
        key: Key(
          id: row.integer(0), kind: Key.Kind(rawValue: row.text(1)) ?? .publicKey, mayRead: row.flag(2),
          maySubmit: row.flag(3), expiresAt: row.optionalMoment(4), revokedAt: row.optionalMoment(5)),
        workspace: Workspace(
          id: row.integer(6), slug: row.text(7), name: row.text(8), plan: row.text(10),
          state: Workspace.State(rawValue: row.text(9)) ?? .suspended),
        plan: Plan(
          name: row.text(10), allowsAsync: row.flag(11), allowsBatches: row.flag(12), allowsMail: row.flag(13),
          allowsWebhooks: row.flag(14), allowsJobsAPI: row.flag(15), readsPerMinute: row.optionalInteger(16),
          writesPerMinute: row.optionalInteger(17), jobsPerMonth: row.optionalInteger(18)))
    }
  }
}
