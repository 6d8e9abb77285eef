import Basics
import Storage

extension Announcing {
  /// Writes the webhooks and the mail of a batch's end into the transaction in which it ends; true when there are any.
  func write(_ event: Event, batch id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    guard let batch = try Batches.load(id: id, in: database) else { return false }
    let endpoints = try listeners(to: event.kind, in: batch.workspaceID, database)
    let isMailed = try mailing?.write(event, batch, at: now, in: database) ?? false
    guard !endpoints.isEmpty || batch.webhookURL != nil else { return isMailed }
    let deliveries = try render(event, batch, endpoints: endpoints, in: database)
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return isMailed || !deliveries.isEmpty
  }

  /// The webhooks of a batch's end as they are worded now; nothing is written.
  func render(_ event: Event, _ batch: Batch, endpoints: [Endpoint], in database: Database) throws -> [NewDelivery] {
    guard let workspace = try Workspaces.facts(batch.workspaceID, in: database) else { return [] }
    func happening(tasks: Int) throws -> Happening {
      let view = try view(of: batch, workspace, tasks: tasks, in: database)
      return self.happening(event.kind, view, at: event.createdAt) { [identifiers] in
        identifiers.text(event.id, part: $0)
      }
    }
    var endpoints = told(endpoints, batch.dialect) { batch.webhookURL != nil }
    // Most that hear of ends hear of jobs' ends, and a batch's tasks are many.
    if !endpoints.isEmpty { endpoints = try announcer.hearers(of: happening(tasks: 0), among: endpoints) }
    guard !endpoints.isEmpty || batch.webhookURL != nil else { return [] }
    let secret = batch.webhookURL == nil ? nil : try Batches.webhookSecret(id: batch.id, in: database)
    return announcer.deliveries(
      of: try happening(tasks: Intake.mostFiles),
      to: Audience(own: batch.webhookURL.map { .init(url: $0, secret: secret) }, endpoints: endpoints))
  }

  /// Writes the webhooks that a batch begins, once for each batch, into the transaction in which its first job is taken;
  /// true when there are any.
  func write(beginningOf id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    guard let batch = try Batches.load(id: id, in: database), batch.total > 1 || batch.isOpen == true,
      batch.inProgress == batch.total, let workspace = try Workspaces.facts(batch.workspaceID, in: database)
    else { return false }
    let followers = try self.followers(of: .started, in: batch.workspaceID, database)
    let name = identifiers.text(of: "batch", id)
    guard !followers.isEmpty, try !Deliveries.hasAny(of: name, batch: id, in: database) else { return false }
    let deliveries = announcer.deliveries(
      of: happening(.started, try view(of: batch, workspace, in: database), at: now) { _ in name },
      to: Audience(own: nil, endpoints: followers))
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return !deliveries.isEmpty
  }

  private func view(
    of batch: Batch, _ workspace: (slug: String, retention: Duration?), tasks: Int = Intake.mostFiles,
    in database: Database
  ) throws -> BatchView {
    try BatchView(batch, workspace: workspace, limit: tasks, links: links, store.identifiers, in: database)
  }

  private func happening(
    _ kind: EventKind, _ view: BatchView, at moment: Timestamp, _ identifier: @escaping @Sendable (Int) -> String
  ) -> Happening {
    Happening(
      kind: kind, at: moment, percent: nil, subject: .batch(view), inputs: [], sources: 0,
      identifiers: store.identifiers, identifier: identifier)
  }
}
