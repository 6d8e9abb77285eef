package import Basics
package import Storage

/// The endpoints of workspaces: who is told, about what, in which style, and with which secret it is signed.
package struct Subscriptions: Sendable {
  /// How long deliveries are signed with the secret before as well.
  package static let overlap = Duration.seconds(86_400)

  private let store: Store
  private let clock: Clock
  private let entropy: Entropy
  /// The styles that an endpoint can have.
  package let styles: [OfferedStyle]

  package init(store: Store, clock: Clock, entropy: Entropy, styles: [OfferedStyle]) {
    self.styles = styles
    self.store = store
    self.clock = clock
    self.entropy = entropy
  }

  /// An endpoint and its secret, which is shown this once.
  package struct Made: Sendable {
    package let endpoint: Endpoint
    package let secret: String
  }

  /// Makes an endpoint; `events` nil means all that the style has.
  ///
  /// Throws `Refusal.invalidFields` for anything wrong.
  package func add(workspace slug: String, url: String, events: [String]?, style name: String, by actor: Actor)
    async throws -> Made
  {
    let (style, events) = try check(url, events, name)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    let endpoint = try await store.write { database in
      let workspace = try Provisioning.workspace(slug, database)
      let id = try Endpoints.insert(
        workspace.id, url: url, style: style, events: events, secret: secret, at: now, in: database)
      try actor.record("endpoint.add", slug, "\(id) \(url)", at: now, in: database)
      guard let made = try Endpoints.find(id: id, in: database) else { throw Refusal.unknownEndpoint }
      return made
    }
    return Made(endpoint: endpoint, secret: secret)
  }

  /// Gives an endpoint a new secret; the one before counts for another day.
  package func rotateSecret(endpoint id: Int64, by actor: Actor) async throws -> Made {
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    let end = now + Subscriptions.overlap
    let endpoint = try await store.write { database in
      guard try Endpoints.find(id: id, in: database) != nil else { throw Refusal.unknownEndpoint }
      try Endpoints.rotate(id: id, secret: secret, overlapsUntil: end, in: database)
      try actor.record("endpoint.rotate-secret", String(id), at: now, in: database)
      guard let changed = try Endpoints.find(id: id, in: database) else { throw Refusal.unknownEndpoint }
      return changed
    }
    return Made(endpoint: endpoint, secret: secret)
  }

  package func setEnabled(endpoint id: Int64, _ isEnabled: Bool, by actor: Actor) async throws -> Endpoint {
    let now = clock.now()
    return try await store.write { database in
      try Endpoints.setEnabled(id: id, isEnabled, in: database)
      try actor.record(isEnabled ? "endpoint.enable" : "endpoint.disable", String(id), at: now, in: database)
      guard let changed = try Endpoints.find(id: id, in: database) else { throw Refusal.unknownEndpoint }
      return changed
    }
  }

  /// Removes an endpoint; what waits for it is not sent any more.
  package func remove(endpoint id: Int64, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Endpoints.find(id: id, in: database) != nil else { throw Refusal.unknownEndpoint }
      try Deliveries.abandon(endpoint: id, "the endpoint was removed", at: now, in: database)
      try Endpoints.delete(id: id, in: database)
      try actor.record("endpoint.remove", String(id), at: now, in: database)
    }
  }

  private func check(_ url: String, _ events: [String]?, _ name: String) throws -> (DeliveryStyle, [String]) {
    var wrong = WrongFields()
    if let problem = WebhookAddress.problem(of: url) { wrong.append("url", problem) }
    guard let style = styles.first(where: { $0.name.rawValue == name }) else {
      let valid = styles.map(\.name.rawValue).joined(separator: ", ")
      wrong.append("style", "\"\(name)\" is no style; valid: \(valid)")
      throw Refusal.invalidFields.naming(wrong)
    }
    let offered = style.events
    let chosen = events ?? offered
    for event in chosen where !offered.contains(event) {
      let valid = offered.joined(separator: ", ")
      wrong.append("events", "\"\(event)\" is no event of style \(name); valid: \(valid)")
    }
    if chosen.isEmpty { wrong.append("events", "name at least one of \(offered.joined(separator: ", "))") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    return (style.name, offered.filter(chosen.contains))
  }
}
