import Basics
package import Storage

/// Writes the webhooks and the mail of what happens into the transaction in which it happens.
package struct Announcing: Sendable {
  let store: Store
  let identifiers: EventIdentifiers
  let links: Links
  private let announcer: Announcer
  let batchAnnouncer: BatchAnnouncer
  let mailing: Mailing?
  /// Tells whoever sends them that there are some.
  package let ring: @Sendable () -> Void

  /// Without `mailing` nobody gets mail; `ring` tells whoever sends that too.
  package init(
    store: Store, links: Links, announcer: @escaping Announcer, batchAnnouncer: @escaping BatchAnnouncer,
    mailing: Mailing? = nil, ring: @escaping @Sendable () -> Void
  ) {
    self.mailing = mailing
    self.batchAnnouncer = batchAnnouncer
    self.store = store
    identifiers = EventIdentifiers(store: store)
    self.links = links
    self.announcer = announcer
    self.ring = ring
  }

  /// Writes the webhooks and the mail of an event that was just inserted; true when there are any, and then `ring` after
  /// the commit.
  func write(_ event: Event, job id: Int64, at now: Timestamp, in database: Database) throws -> Bool {
    guard let job = try Jobs.load(id: id, in: database) else { return false }
    let isMailed = try mailing?.write(event, job, at: now, in: database) ?? false
    let endpoints = try Endpoints.all(job.workspaceID, in: database).filter(\.isEnabled)
    guard !endpoints.isEmpty || (job.webhookURL != nil && event.kind.isFinal) else { return isMailed }
    let deliveries = try render(event, job, endpoints: endpoints, in: database)
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return isMailed || !deliveries.isEmpty
  }

  /// The webhooks of an event as they are worded now; nothing is written.
  func render(_ event: Event, _ job: Job, endpoints: [Endpoint], in database: Database) throws -> [NewDelivery] {
    guard let workspace = try Workspaces.facts(job.workspaceID, in: database) else { return [] }
    let view = try JobView(
      job, requestID: store.identifiers.text(.request, job.id), workspace: workspace.slug,
      retention: workspace.retention, links: links, in: database)
    let secret = job.webhookURL == nil ? nil : try Jobs.webhookSecret(id: job.id, in: database)
    let percent = (try? JSONReader.parse(event.detail.utf8))?["percent"]?.integer
    return announcer(
      Announcement(
        kind: event.kind, at: event.createdAt, percent: percent, view: view,
        inputs: try Inputs.all(job: job.id, in: database).map(\.fileName),
        own: job.webhookURL.map { .init(url: $0, secret: secret) }, endpoints: endpoints,
        identifier: { [identifiers] in identifiers.text(event.id, part: $0) }))
  }

  /// A sample of what an endpoint gets; `identifier` must be of no event.
  func sample(for endpoint: Endpoint, workspace: String, identifier: String, at now: Timestamp) -> [NewDelivery] {
    let view = JobView(
      requestID: store.identifiers.text(.request, 0), workspace: workspace,
      job: .sample(endpoint.workspaceID, at: now),
      outputs: [JobView.File(name: "photo.png", path: "/samples/photo.png", size: 0)])
    let subscribed = endpoint.events.compactMap(WebhookEvent.init)
    let kinds: [EventKind] = [.completed, .failed, .started, .progress, .submitted]
    for kind in kinds {
      for files in 1...2
      where WebhookEvent.names(of: kind, files: files, endpoint.style).contains(where: subscribed.contains) {
        let sample = announcer(
          Announcement(
            kind: kind, at: now, percent: 50, view: view,
            inputs: [String](repeating: "photo.png", count: files), own: nil, endpoints: [endpoint],
            identifier: { _ in identifier }))
        if let first = sample.first { return [first] }
      }
    }
    return []
  }
}
