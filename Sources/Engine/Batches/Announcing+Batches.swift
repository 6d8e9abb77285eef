import Basics
import Storage

extension Announcing {
  /// Writes the webhooks and the mail of a batch's end into the transaction in which it ends; true when there are any.
  func write(_ event: Event, batch id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    guard let batch = try Batches.load(id: id, in: database) else { return false }
    let endpoints = try Endpoints.all(batch.workspaceID, in: database).filter(\.isEnabled)
    let isMailed = try mailing?.write(event, batch, at: now, in: database) ?? false
    guard !endpoints.isEmpty || batch.webhookURL != nil else { return isMailed }
    let deliveries = try render(event, batch, endpoints: endpoints, in: database)
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return isMailed || !deliveries.isEmpty
  }

  /// The webhooks of a batch's end as they are worded now; nothing is written.
  func render(_ event: Event, _ batch: Batch, endpoints: [Endpoint], in database: Database) throws -> [NewDelivery] {
    guard let workspace = try Workspaces.facts(batch.workspaceID, in: database) else { return [] }
    let view = try BatchView(
      batch, workspace: workspace, limit: Intake.mostFiles, links: links, store.identifiers, in: database)
    let secret = batch.webhookURL == nil ? nil : try Batches.webhookSecret(id: batch.id, in: database)
    return announcer.deliveries(
      of: Happening(
        kind: event.kind, at: event.createdAt, percent: nil, subject: .batch(view), inputs: [],
        identifier: { [identifiers] in identifiers.text(event.id, part: $0) }),
      to: Audience(
        own: batch.webhookURL.map { .init(url: $0, secret: secret) },
        endpoints: told(endpoints, batch.dialect) { batch.webhookURL != nil }))
  }
}
