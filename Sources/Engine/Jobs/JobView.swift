import Basics
package import Storage

/// A job as every dialect sees it: the row, its outputs with the paths of their links, and its public identifier.
package struct JobView: Sendable {
  package struct File: Sendable {
    package let output: Output
    /// Path of a signed link, to be put behind the address that clients use.
    package let path: String
    /// What it is known by; empty for a sample.
    package let identifier: String

    package var name: String { output.fileName }
    package var size: Int64 { output.size }

    init(_ output: Output, path: String, identifier: String = "") {
      self.output = output
      self.path = path
      self.identifier = identifier
    }

    /// A file that never was, for a sample of what a webhook looks like.
    package init(name: String, path: String, size: Int64) {
      self.init(
        Output(id: 0, fileName: name, blob: "", mediaType: "image/png", size: size, sha256: []), path: path)
    }
  }

  package let requestID: String
  package let workspace: String
  package let job: Job
  package let outputs: [File]
  /// Where the outputs go, too.
  package var targets: [JobTarget] = []
  /// The public identifier of its batch.
  package var batchID: String?

  /// How it was worded last.
  package let document = KeptDocument()

  /// What its maker should know of its outputs.
  package var warnings: [JobWarning] { JobWarning.list(outputs.map(\.output)) }
}

extension JobView {
  /// Shows a job as it is now, under its public identifier; links live as long as the workspace keeps its files.
  init(
    _ job: Job, requestID: String, workspace: String, retention: Duration?, links: Links, in database: Database
  ) throws {
    let outputs = job.status == .completed ? try Outputs.all(job: job.id, in: database) : []
    try self.init(
      requestID: requestID, workspace: workspace, job: job,
      outputs: outputs.map { output in
        let path = links.path(
          to: output, of: job.dialect, finishedAt: job.finishedAt ?? job.createdAt, retention: retention)
        return File(output, path: path, identifier: links.identifier(of: output))
      }, targets: Targets.all(job, in: database).map(JobTarget.init),
      batchID: job.batchID.map(links.identifier(ofBatch:)))
  }
}

/// Finds jobs for those who may see them.
package struct JobDesk: Sendable {
  /// Links tell a second, so a view is good for one at most.
  private struct Moment: Hashable {
    let workspace: Int64
    let row: Int64
    let second: Int64
  }

  private let store: Store
  private let links: Links
  private let tokens: JobTokens
  private let views: Remembered<Moment, JobView>

  package init(store: Store, links: Links) {
    tokens = JobTokens(store: store)
    views = Remembered(store: store)
    self.store = store
    self.links = links
  }

  /// A workspace's job by its public identifier; throws `Refusal.unknownJob` for any other.
  package func view(_ workspace: Workspace, requestID: String) throws -> JobView {
    guard let row = store.identifiers.row(.request, requestID) else { throw Refusal.unknownJob }
    return try view(workspace, row: row, requestID: requestID)
  }

  /// A workspace's job by its row.
  package func view(_ workspace: Workspace, row: Int64) throws -> JobView {
    try view(workspace, row: row, requestID: store.identifiers.text(.request, row))
  }

  /// All that there is to say of a workspace's job; throws `Refusal.unknownJob` for any other.
  package func whole(_ workspace: Workspace, requestID: String) throws -> WholeJob {
    guard let row = store.identifiers.row(.request, requestID) else { throw Refusal.unknownJob }
    return try whole(workspace, row: row)
  }

  /// The same by its row.
  package func whole(_ workspace: Workspace, row: Int64) throws -> WholeJob {
    try store.read { try whole(workspace, row: row, $0) }
  }

  /// All that there is to say of a workspace's jobs of one dialect in any of `statuses`, the newest first, after
  /// `skipped` of them; and how many there are.
  ///
  /// `notStarted` says whether those are among them that nobody started; with nil they are, where canceled ones are.
  package func page(
    _ workspace: Workspace, dialect: String, in statuses: [JobStatus], notStarted: Bool? = nil, skipping skipped: Int,
    limit: Int
  ) throws -> (jobs: [WholeJob], count: Int) {
    let notStarted = notStarted ?? statuses.contains(.canceled)
    return try store.read { database in
      let rows = try Jobs.page(
        workspace.id, dialect: dialect, in: statuses, notStarted: notStarted, skipping: skipped, limit: limit,
        in: database)
      let count = try Jobs.count(
        workspace.id, dialect: dialect, in: statuses, notStarted: notStarted, in: database)
      return (try rows.map { try whole(workspace, row: $0, database) }, count)
    }
  }

  /// The same of the jobs that wait for their start or for their files, as far as they pass: there are few of these.
  package func page(
    _ workspace: Workspace, dialect: String, waitingIn statuses: [JobStatus], skipping skipped: Int, limit: Int,
    where passes: (JobDraft) -> Bool
  ) throws -> (jobs: [WholeJob], count: Int) {
    try store.read { database in
      let rows = try Jobs.waiting(workspace.id, dialect: dialect, in: statuses, in: database).filter { row in
        guard let job = try Jobs.find(workspace.id, id: row, in: database) else { return false }
        return passes(try JobDraft(job, in: database))
      }
      let shown = try rows.dropFirst(skipped).prefix(limit).map { try whole(workspace, row: $0, database) }
      return (shown, rows.count)
    }
  }

  private func whole(_ workspace: Workspace, row: Int64, _ database: Database) throws -> WholeJob {
    let view = try view(workspace, row: row, requestID: store.identifiers.text(.request, row), database)
    return try WholeJob(view, tokens, in: database)
  }

  private func view(_ workspace: Workspace, row: Int64, requestID: String) throws -> JobView {
    let moment = Moment(workspace: workspace.id, row: row, second: links.second)
    guard let view = try views.value(moment, { try view(workspace, row: row, requestID: requestID, $0) }) else {
      throw Refusal.unknownJob
    }
    return view
  }

  private func view(_ workspace: Workspace, row: Int64, requestID: String, _ database: Database) throws -> JobView {
    guard let job = try Jobs.find(workspace.id, id: row, in: database) else { throw Refusal.unknownJob }
    return try JobView(
      job, requestID: requestID, workspace: workspace.slug, retention: workspace.retention, links: links, in: database)
  }
}
