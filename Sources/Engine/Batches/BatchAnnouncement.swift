package import Basics
package import Storage

/// The end of a batch, with all that a webhook may say of it and who is to be told.
package struct BatchAnnouncement: Sendable {
  package let kind: EventKind
  package let at: Timestamp
  package let view: BatchView
  package let own: Announcement.OwnWebhook?
  package let endpoints: [Endpoint]
  /// The public identifier of the event.
  package let identifier: String
}

/// Words the end of a batch, like an `Announcer`.
package typealias BatchAnnouncer = @Sendable (BatchAnnouncement) -> [NewDelivery]

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
    return batchAnnouncer(
      BatchAnnouncement(
        kind: event.kind, at: event.createdAt, view: view, own: batch.webhookURL.map { .init(url: $0, secret: secret) },
        endpoints: endpoints, identifier: identifiers.text(event.id, part: 0)))
  }
}
