import Basics
import Storage

/// The single files of jobs of several, for those who are told of each.
extension Announcing {
  /// The endpoints of a workspace that are told when a batch begins or when each file of several is done, whichever `kind` is.
  func followers(of kind: EventKind, in workspace: Int64, _ database: Database) throws -> [Endpoint] {
    let listeners = try listeners(to: kind, in: workspace, database)
    if listeners.isEmpty { return [] }
    let styles = announcer.offers.filter(\.followsFiles).map(\.name)
    return listeners.filter { styles.contains($0.style) }
  }

  /// Writes the webhooks that a file of a job is done, `count` of `total` with it; true when there are any.
  ///
  /// What an attempt before has told of is not told again.
  func write(
    _ source: Input, of job: Job, _ count: (done: Int, total: Int), at now: Timestamp, in database: Database
  ) throws -> Bool {
    let name = identifiers.text(of: "input", source.id)
    guard let workspace = try Workspaces.facts(job.workspaceID, in: database),
      try !Deliveries.hasAny(of: name, job: job.id, in: database)
    else { return false }
    let view = try JobView(
      job, requestID: store.identifiers.text(.request, job.id), workspace: workspace.slug,
      retention: workspace.retention, links: links, in: database)
    let deliveries = announcer.deliveries(
      of: Happening(
        kind: .progress, at: now, percent: Int64(count.done * 100 / max(1, count.total)),
        subject: .source(view, source.fileName), inputs: [source.fileName], sources: count.total,
        dialectData: try Jobs.dialectData(id: job.id, in: database), identifiers: store.identifiers,
        identifier: { _ in name }),
      to: Audience(own: nil, endpoints: try followers(of: .progress, in: job.workspaceID, database)))
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return !deliveries.isEmpty
  }
}
