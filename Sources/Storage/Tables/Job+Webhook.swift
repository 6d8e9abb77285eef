package import Basics

extension Jobs {
  /// The secret that came with a job's own webhook address.
  package static func webhookSecret(id: Int64, in database: Database) throws -> String? {
    try database.first("SELECT webhook_secret FROM jobs WHERE id = ?", id, row: { $0.optionalText(0) }) ?? nil
  }
}

extension Job {
  /// A job that never was, for a sample of what a webhook looks like.
  package static func sample(_ workspace: Int64, at now: Timestamp) -> Job {
    Job(
      id: 0, workspaceID: workspace, number: 0, dialect: "wonder", status: .completed, conversionType: "image",
      sourceFormat: "png", targetFormat: "jpg", options: "{}", idempotencyKey: nil, webhookURL: nil, attempts: 1,
      errorCode: nil, errorMessage: nil, createdAt: now, startedAt: now, run: .zero, finishedAt: now)
  }
}

extension Batch {
  /// A batch that never was, for the same.
  package static func sample(_ workspace: Int64, at now: Timestamp) -> Batch {
    Batch(
      id: 0, workspaceID: workspace, dialect: "wonder", mode: .individual, status: .completed, total: 1, completed: 1,
      failed: 0, canceled: 0, webhookURL: nil, notificationEmail: nil, errorMessage: nil, createdAt: now,
      finishedAt: now, archiveJobID: nil)
  }
}

extension Workspaces {
  /// What links and webhooks name of a workspace: its slug, and how long it keeps files if not as long as the server.
  package static func facts(_ workspace: Int64, in database: Database) throws -> (slug: String, retention: Duration?)? {
    try database.first(
      "SELECT slug, retention FROM workspaces WHERE id = ?", workspace,
      row: { ($0.text(0), $0.optionalInteger(1).map { .milliseconds($0) }) })
  }

  /// How many bytes of files a workspace's plan allows, or nil for any number.
  package static func mostStored(_ workspace: Int64, in database: Database) throws -> Int64? {
    try database.first(
      """
      SELECT plans.max_stored
      FROM workspaces JOIN plans ON plans.name = workspaces.plan
      WHERE workspaces.id = ?
      """, workspace, row: { $0.optionalInteger(0) }) ?? nil
  }
}
