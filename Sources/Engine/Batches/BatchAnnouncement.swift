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
  /// Writes the webhooks of a batch's end into the transaction in which it ends; true when there are any.
  func write(_ event: Event, batch id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    guard let batch = try Batches.load(id: id, in: database) else { return false }
    let isMailed = try mail(event, batch, at: now, in: database)
    let endpoints = try Endpoints.all(batch.workspaceID, in: database).filter(\.isEnabled)
    guard !endpoints.isEmpty || batch.webhookURL != nil else { return isMailed }
    let deliveries = try render(event, batch, endpoints: endpoints, in: database)
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return isMailed || !deliveries.isEmpty
  }

  /// Writes the mail about a batch's end, with a row for each file when they are in one archive; true when somebody wants
  /// it, and both the workspace and its plan have it.
  private func mail(_ event: Event, _ batch: Batch, at now: Timestamp, in database: Database) throws -> Bool {
    guard let mailing, mailing.isOn, let address = batch.notificationEmail else { return false }
    let switches = try Workspaces.mailSwitch(batch.workspaceID, in: database)
    guard switches.isOn && switches.isAllowed, let workspace = try Workspaces.facts(batch.workspaceID, in: database)
    else { return false }
    let view = try BatchView(
      batch, workspace: workspace, limit: batch.mode == .zip ? Intake.mostFiles : 1, links: links, store.identifiers,
      in: database)
    let tasks = view.tasks.map { task in
      JobMail.Task(
        url: task.address ?? task.fileName, status: task.view.job.status.rawValue,
        output: task.view.job.status == .completed ? view.archive?.name : nil)
    }
    let mail = JobMail(
      jobID: view.tasks.first?.view.requestID ?? view.batchID, batchID: view.batchID,
      isSuccess: event.kind == .completed,
      error: batch.errorMessage, dashboard: mailing.home, tasks: batch.mode == .zip ? tasks : [])
    try mailing.write(mail, event: event, batch, to: address, at: now, in: database)
    return true
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
