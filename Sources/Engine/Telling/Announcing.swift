import Basics
package import Storage

/// Writes the webhooks and the mail of what happens into the transaction in which it happens.
package struct Announcing: Sendable {
  let store: Store
  let identifiers: EventIdentifiers
  let links: Links
  let announcer: any Announcer
  let mailing: Mailing?
  /// Tells whoever sends them that there are some.
  package let ring: @Sendable () -> Void

  /// Without `mailing` nobody gets mail; `ring` tells whoever sends that too.
  package init(
    store: Store, links: Links, announcer: any Announcer, mailing: Mailing? = nil, ring: @escaping @Sendable () -> Void
  ) {
    self.mailing = mailing
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
    let endpoints = try listeners(to: event.kind, in: job.workspaceID, database)
    guard !endpoints.isEmpty || job.tellsOwnAddress(of: event.kind) else { return isMailed }
    let deliveries = try render(event, job, endpoints: endpoints, in: database)
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return isMailed || !deliveries.isEmpty
  }

  /// The endpoints of a workspace that may hear of a kind of event.
  func listeners(to kind: EventKind, in workspace: Int64, _ database: Database) throws -> [Endpoint] {
    try Endpoints.all(workspace, in: database).filter { $0.isEnabled && announcer.tells($0, of: kind) }
  }

  /// False when nobody would hear of such an event of a job, so that nothing need be read or worded for it.
  func isHeard(
    _ kind: EventKind, in workspace: Int64, byOwnAddress: Bool, _ database: Database
  ) throws -> Bool {
    // Of an end there may be mail.
    if byOwnAddress || kind == .completed || kind == .failed { return true }
    return try !listeners(to: kind, in: workspace, database).isEmpty
  }

  /// The webhooks of an event as they are worded now; nothing is written.
  func render(_ event: Event, _ job: Job, endpoints: [Endpoint], in database: Database) throws -> [NewDelivery] {
    guard let workspace = try Workspaces.facts(job.workspaceID, in: database) else { return [] }
    let endpoints = try told(endpoints, job.dialect) {
      if job.webhookURL != nil { return true }
      return try job.batchID.flatMap { try Batches.load(id: $0, in: database) }?.webhookURL != nil
    }
    let own = job.tellsOwnAddress(of: event.kind) ? job.webhookURL : nil
    guard own != nil || !endpoints.isEmpty else { return [] }
    let secret = own == nil ? nil : try Jobs.webhookSecret(id: job.id, in: database)
    let view = try JobView(
      job, requestID: store.identifiers.text(.request, job.id), workspace: workspace.slug,
      retention: workspace.retention, links: links, in: database)
    let isWhole = own != nil && announcer.ownStyle(of: job.dialect)?.tellsWholeJobs ?? false
    let inputs = try Inputs.all(job: job.id, in: database)
    return announcer.deliveries(
      of: Happening(
        kind: event.kind, at: event.createdAt, percent: event.percent, subject: .job(view),
        inputs: inputs.map(\.fileName), sources: inputs.count { $0.role == .source },
        whole: isWhole ? try WholeJob(view, JobTokens(store: store), in: database) : nil,
        dialectData: try Jobs.dialectData(id: job.id, in: database), identifiers: store.identifiers,
        identifier: { [identifiers] in identifiers.text(event.id, part: $0) }),
      to: Audience(own: own.map { .init(url: $0, secret: secret) }, endpoints: endpoints))
  }

  /// The endpoints without those that an address stands for which came with the request.
  func told(_ endpoints: [Endpoint], _ dialect: String, hasOwn: () throws -> Bool) rethrows -> [Endpoint] {
    guard let own = announcer.ownStyle(of: dialect), own.standsForEndpoints,
      endpoints.contains(where: { $0.style == own.name }), try hasOwn()
    else { return endpoints }
    return endpoints.filter { $0.style != own.name }
  }

  /// A sample of what an endpoint gets of the first event it has subscribed to; `identifier` must be of no event.
  ///
  /// Throws `Refusal.unknownStyle` for an endpoint whose style is none of this server's.
  func sample(
    for endpoint: Endpoint, workspace: String, identifier: String, at now: Timestamp
  ) throws(Refusal) -> NewDelivery? {
    guard announcer.offers.contains(where: { $0.name == endpoint.style }) else {
      throw .unknownStyle(endpoint.style.rawValue)
    }
    let view = JobView(
      requestID: store.identifiers.text(.request, 0), workspace: workspace,
      job: .sample(endpoint.workspaceID, at: now),
      outputs: [JobView.File(name: "photo.png", path: "/samples/photo.png", size: 0)])
    let batch = BatchView(
      batchID: store.identifiers.text(.batch, 0), workspace: workspace, batch: .sample(endpoint.workspaceID, at: now),
      tasks: [BatchView.Task(fileName: "photo.png", view: view)], next: nil, archive: nil)
    let kinds: [EventKind] = [.completed, .failed, .started, .progress, .submitted]
    let ofJobs = kinds.flatMap { kind in (1...2).map { (kind, Happening.Subject.job(view), files: $0) } }
    let ofBatches = kinds.prefix(2).map { ($0, Happening.Subject.batch(batch), files: 0) }
    let file = StoredFileView(
      .sample(endpoint.workspaceID, at: now), identifier: store.identifiers.text(.storedFile, 0), workspace: workspace,
      path: "/samples/photo.png")
    let ofOthers = [
      (EventKind.progress, Happening.Subject.source(view, "photo.png"), files: 2), (.stored, .file(file), files: 1),
      (.completed, .exchange(.sample(endpoint.workspaceID, at: now)), files: 0),
    ]
    for (kind, subject, files) in ofJobs + ofBatches + ofOthers {
      let sample = announcer.deliveries(
        of: Happening(
          kind: kind, at: now, percent: 50, subject: subject,
          inputs: [String](repeating: "photo.png", count: files), sources: files, identifiers: store.identifiers,
          identifier: { _ in identifier }),
        to: Audience(own: nil, endpoints: [endpoint]))
      if let first = sample.first { return first }
    }
    return nil
  }
}

extension Job {
  /// True when the address that came with it is told of such an event.
  func tellsOwnAddress(of kind: EventKind) -> Bool {
    webhookURL != nil && (tellsEveryChange || kind == .completed || kind == .failed)
  }
}
