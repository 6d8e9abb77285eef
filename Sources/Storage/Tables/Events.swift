package import Basics

/// What can happen to a job, or to a file of its own; dialects turn these into their own events.
package enum EventKind: String, Sendable, CaseIterable {
  case submitted, started, progress, completed, failed, canceled
  /// A file is kept from now on; no row of events says so, for the file's own does.
  case stored
}

/// Something that happened to a job.
package struct Event: Sendable, Equatable {
  package let id: Int64
  package let kind: EventKind
  package let detail: String
  package let createdAt: Timestamp
  /// True when webhooks about it were written with it.
  package var isAnnounced = false
  /// True when a job was put into the queue with it.
  package var makesWork = false
  package var workspaceID: Int64?

  /// How far its subject says that it is; nil for what tells no progress.
  package var percent: Int64? { kind == .progress ? Events.percent(detail) : nil }
}

/// The table of events.
package enum Events {
  /// Adds an event in the caller's transaction and gives it, to be published after the commit.
  @discardableResult
  package static func insert(
    _ workspace: Int64, job: Int64, _ kind: EventKind, detail: String = "{}", at now: Timestamp, in database: Database
  ) throws -> Event {
    try database.run(
      """
      INSERT INTO events (workspace_id, job_id, kind, detail, created_at)
      VALUES (?, ?, ?, ?, ?)
      """, workspace, job, kind.rawValue, detail, now)
    return Event(id: database.lastRow, kind: kind, detail: detail, createdAt: now, workspaceID: workspace)
  }

  /// Adds that each job in a range of rows was submitted, in one statement; one that is not started yet was not.
  package static func insertSubmissions(
    of jobs: ClosedRange<Int64>, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO events (workspace_id, job_id, kind, detail, created_at)
      SELECT workspace_id, id, 'submitted', '{}', ?
      FROM jobs
      WHERE id BETWEEN ? AND ? AND status <> 'incomplete'
      ORDER BY id
      """, now, jobs.lowerBound, jobs.upperBound)
  }

  /// Adds something that happened to a batch as a whole.
  package static func insert(
    _ workspace: Int64, batch: Int64, _ kind: EventKind, detail: String = "{}", at now: Timestamp, in database: Database
  ) throws -> Event {
    try database.run(
      """
      INSERT INTO events (workspace_id, batch_id, kind, detail, created_at)
      VALUES (?, ?, ?, ?, ?)
      """, workspace, batch, kind.rawValue, detail, now)
    return Event(id: database.lastRow, kind: kind, detail: detail, createdAt: now, workspaceID: workspace)
  }

  /// A job's events after the one with number `after`, in their order.
  package static func all(_ workspace: Int64, job: Int64, after: Int64 = 0, in database: Database) throws -> [Event] {
    try database.all(
      """
      SELECT id, kind, detail, created_at
      FROM events
      WHERE job_id = ? AND id > ? AND workspace_id = ?
      ORDER BY id
      """, job, after, workspace, row: { try event($0, workspace) })
  }

  /// What happened to a batch as a whole, in its order.
  package static func all(_ workspace: Int64, batch: Int64, in database: Database) throws -> [Event] {
    try database.all(
      """
      SELECT id, kind, detail, created_at
      FROM events
      WHERE batch_id = ? AND workspace_id = ?
      ORDER BY id
      """, batch, workspace, row: { try event($0, workspace) })
  }

  private static func event(_ row: borrowing Row, _ workspace: Int64) throws -> Event {
    Event(
      id: row.integer(0), kind: try row.word(1), detail: row.text(2),
      createdAt: row.moment(3), workspaceID: workspace)
  }

  /// How far a job said last that it is, in percent.
  package static func percent(job: Int64, in database: Database) throws -> Int64? {
    let detail = try database.first(
      """
      SELECT detail
      FROM events
      WHERE job_id = ? AND kind = 'progress'
      ORDER BY id DESC
      LIMIT 1
      """, job, row: { $0.text(0) })
    return detail.flatMap(percent)
  }

  fileprivate static func percent(_ detail: String) -> Int64? {
    (try? JSONReader.parse(detail.utf8))?["percent"]?.integer
  }

  /// The detail of an event that tells progress.
  package static func detail(percent: Int) -> String {
    JSONValue.object([("percent", .integer(Int64(percent)))]).text
  }

  /// Forgets what happened to a job, when its files go: three rows for each would be a third of an old job's room.
  package static func deleteAll(job: Int64, in database: Database) throws {
    try database.run("DELETE FROM events WHERE job_id = ?", job)
  }
}
