package import Basics
package import Storage

/// Sends webhooks again: new deliveries under the old event identifiers, worded with what is true now.
package struct Replays: Sendable {
  private let store: Store
  private let announcing: Announcing
  private let clock: Clock
  private let entropy: Entropy

  package init(store: Store, announcing: Announcing, clock: Clock, entropy: Entropy) {
    self.store = store
    self.announcing = announcing
    self.clock = clock
    self.entropy = entropy
  }

  /// Sends a job's last webhooks again, or those named `event`; gives the new deliveries.
  ///
  /// Throws `Refusal.eventNotReached` for an event that the job has not had, `Refusal.noWebhook` when nobody is told.
  package func job(row: Int64, event: String?, by actor: Actor) async throws -> [Int64] {
    let now = clock.now()
    let ids = try await store.write { database in
      guard let job = try Jobs.load(id: row, in: database) else { throw Refusal.unknownJob }
      let endpoints = try Endpoints.all(job.workspaceID, in: database).filter(\.isEnabled)
      guard job.webhookURL != nil || !endpoints.isEmpty else { throw Refusal.noWebhook }
      guard job.status == .completed || job.status == .failed else { throw Refusal.eventNotReached }
      try actor.record("webhook.replay", store.identifiers.text(.request, row), at: now, in: database)
      guard let last = try Events.all(job.workspaceID, job: row, in: database).last(where: { $0.kind.isFinal }) else {
        return try Replays.asBefore(job: row, event: event, at: now, in: database)
      }
      let rendered = try announcing.render(last, job, endpoints: endpoints, in: database)
      guard !rendered.isEmpty else { throw Refusal.noWebhook }
      let chosen = rendered.filter { event == nil || $0.event == event }
      guard !chosen.isEmpty else { throw Refusal.eventNotReached }
      let earlier = try Deliveries.of(job: row, in: database)
      return try chosen.map { delivery in
        var delivery = delivery
        delivery.replayOf =
          earlier.last {
            $0.event == delivery.event && $0.endpointID == delivery.endpointID && $0.url == delivery.url
          }?.id
        return try Deliveries.insert(delivery, at: now, in: database)
      }
    }
    announcing.ring()
    return ids
  }

  /// Sends the bytes of the first time again, for a job whose events went with its files.
  private static func asBefore(job: Int64, event: String?, at now: Timestamp, in database: Database) throws -> [Int64] {
    let earlier = try Deliveries.of(job: job, in: database).filter {
      $0.replayOf == nil && $0.style != DeliveryStyle.mail.rawValue && (event == nil || $0.event == event)
    }
    guard !earlier.isEmpty else { throw Refusal.eventNotReached }
    return try earlier.compactMap { delivery in
      guard let copy = try Deliveries.copy(of: delivery.id, in: database), try hasReceiver(copy, in: database)
      else { return nil }
      return try Deliveries.insert(copy, at: now, in: database)
    }
  }

  /// What was sent again, what has nobody to take it, and whether there is more than the limit.
  package struct Owed: Sendable {
    package var sent: [Int64] = []
    package var left: [Int64] = []
    package var hasMore = false
  }

  /// Sends those failed deliveries again that nobody has yet, the newest first, and nothing else; those whose endpoint is
  /// off or gone stay as they are.
  package func failed(_ wish: OwedDeliveries, by actor: Actor) async throws -> Owed {
    let now = clock.now()
    let owed = try await store.write { database in
      try actor.record("webhook.replay-failed", String(wish.limit), at: now, in: database)
      var beyond = wish
      beyond.limit += 1
      let found = try Deliveries.owed(beyond, in: database)
      var owed = Owed(hasMore: found.count > wish.limit)
      for id in found.prefix(wish.limit) {
        if let again = try repeated(id, at: now, in: database) { owed.sent.append(again) } else { owed.left.append(id) }
      }
      return owed
    }
    if !owed.sent.isEmpty { announcing.ring() }
    return owed
  }

  /// Sends one delivery again, to its own receiver; one that still waits ends with that, so that it comes once.
  ///
  /// With `workspace` it must be a webhook of that one. Throws `Refusal.unknownDelivery`, or `Refusal.noReceiver` when its
  /// endpoint is off or gone.
  package func delivery(_ id: Int64, of workspace: Int64? = nil, by actor: Actor) async throws -> Int64 {
    let now = clock.now()
    let again = try await store.write { database in
      guard let listed = try Deliveries.find(id: id, in: database),
        workspace == nil
          || listed.address.workspaceID == workspace && listed.style != DeliveryStyle.mail.rawValue
      else { throw Refusal.unknownDelivery }
      guard let again = try repeated(id, at: now, in: database) else { throw Refusal.noReceiver }
      try actor.record("webhook.replay-delivery", String(id), at: now, in: database)
      if listed.state == .waiting {
        try Deliveries.abandon(id, "sent again as delivery \(again)", at: now, in: database)
      }
      return again
    }
    announcing.ring()
    return again
  }

  /// Writes the delivery once more, worded with what is true now; nil when nobody is there to take it.
  private func repeated(_ id: Int64, at now: Timestamp, in database: Database) throws -> Int64? {
    guard var delivery = try Deliveries.copy(of: id, in: database), try Replays.hasReceiver(delivery, in: database)
    else { return nil }
    let endpoint = try delivery.endpointID.flatMap { try Endpoints.find(id: $0, in: database) }
    if let fresh = try announcing.reworded(delivery, to: endpoint, in: database) { delivery.body = fresh.body }
    return try Deliveries.insert(delivery, at: now, in: database)
  }

  /// True for an endpoint that is on, an address that came with its job or batch, and mail about one.
  ///
  /// What went to an endpoint that was removed meanwhile names none any more, and must not be taken for a job's own.
  private static func hasReceiver(_ delivery: NewDelivery, in database: Database) throws -> Bool {
    if let id = delivery.endpointID { return try Endpoints.find(id: id, in: database)?.isEnabled ?? false }
    if delivery.style == .mail { return delivery.workspaceID != nil }
    if delivery.secret != nil { return true }
    let own = try [
      delivery.jobID.flatMap { try Jobs.load(id: $0, in: database)?.webhookURL },
      delivery.batchID.flatMap { try Batches.load(id: $0, in: database)?.webhookURL },
    ]
    return own.contains(delivery.url)
  }

  /// Sends an endpoint a sample of the first event it has subscribed to.
  package func sample(endpoint id: Int64, by actor: Actor) async throws -> Int64 {
    let now = clock.now()
    let identifier = "evt_test_" + Base32.text(entropy.bytes(10))
    let delivery = try await store.write { database in
      guard let endpoint = try Endpoints.find(id: id, in: database),
        let workspace = try Workspaces.facts(endpoint.workspaceID, in: database)
      else { throw Refusal.unknownEndpoint }
      let sample = try announcing.sample(for: endpoint, workspace: workspace.slug, identifier: identifier, at: now)
      guard let sample else { throw Refusal.noWebhook }
      try actor.record("endpoint.test", String(id), at: now, in: database)
      return try Deliveries.insert(sample, at: now, in: database)
    }
    announcing.ring()
    return delivery
  }
}
