package import Basics
package import Storage

/// Makes workspaces and issues their keys.
package struct Provisioning: Sendable {
  private let store: Store
  private let clock: Clock
  private let entropy: Entropy

  package init(store: Store, clock: Clock, entropy: Entropy) {
    self.store = store
    self.clock = clock
    self.entropy = entropy
  }

  /// The prefixes that a key may be printed with, one for each dialect's habit.
  package static let prefixes = ["wc_", "cvly_", "sk_live_", "kp_"]

  /// Makes an approved workspace; throws a `Refusal` for a bad or taken slug and an unknown plan.
  package func makeWorkspace(slug: String, name: String?, plan: String, retention: String? = nil) async throws
    -> Workspace
  {
    try Provisioning.checkSlug(slug)
    let retention = try Provisioning.span(retention)
    let now = clock.now()
    return try await store.write { database in
      try Provisioning.checkPlan(plan, database)
      if try Workspaces.find(slug: slug, in: database) != nil { throw Refusal.workspaceExists }
      let id = try Workspaces.insert(slug: slug, name: name ?? slug, plan: plan, at: now, in: database)
      try Workspaces.setRetention(id, retention, in: database)
      guard let made = try Workspaces.find(slug: slug, in: database) else { throw Refusal.unknownWorkspace }
      return made
    }
  }

  /// Changes how long a workspace keeps its files; nil or an empty text for the server's own time.
  package func setRetention(workspace slug: String, to text: String?) async throws -> Workspace {
    let retention = try Provisioning.span(text)
    return try await store.write { database in
      guard let workspace = try Workspaces.find(slug: slug, in: database) else { throw Refusal.unknownWorkspace }
      try Workspaces.setRetention(workspace.id, retention, in: database)
      return try Workspaces.find(slug: slug, in: database) ?? workspace
    }
  }

  private static func span(_ text: String?) throws -> Duration? {
    guard let text, !text.isEmpty, text != "default" else { return nil }
    guard let milliseconds = Quantity.milliseconds(text), (60_000...31_536_000_000).contains(milliseconds) else {
      throw Refusal.invalidFields.naming([
        .init("retention", "\"\(text)\" is no time from 1m to 365d, such as 12h or 7d, nor default")
      ])
    }
    return .milliseconds(milliseconds)
  }

  /// A new key for a workspace; its text is given here once and stored nowhere.
  package func issueKey(workspace slug: String, name: String, prefix: String) async throws -> (id: Int64, key: String) {
    guard Provisioning.prefixes.contains(prefix) else {
      let valid = Provisioning.prefixes.joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("prefix", "\"\(prefix)\" is no prefix; valid: \(valid)")])
    }
    let key = KeyMaker.makeKey(prefix: prefix, entropy)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    let id = try await store.write { database in
      guard let workspace = try Workspaces.find(slug: slug, in: database) else { throw Refusal.unknownWorkspace }
      return try Keys.insert(
        workspace.id, hash: key.hash, hint: key.hint, name: name, webhookSecret: secret, at: now, in: database)
    }
    return (id, key.text)
  }

  /// Ends a key; requests with it are refused from now on.
  package func revokeKey(id: Int64) async throws {
    let now = clock.now()
    guard try await store.write({ try Keys.revoke(id: id, at: now, in: $0) }) else { throw Refusal.unknownKey }
  }

  /// For a first look: a workspace on the plan, made when it is missing and moved when it is on another, and a key.
  package func quickstart(workspace slug: String, plan: String, keyName: String) async throws -> String {
    let key = KeyMaker.makeKey(prefix: "wc_", entropy)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    try Provisioning.checkSlug(slug)
    try await store.write { database in
      try Provisioning.checkPlan(plan, database)
      let found = try Workspaces.find(slug: slug, in: database)
      let workspace = try found?.id ?? Workspaces.insert(slug: slug, name: slug, plan: plan, at: now, in: database)
      if let found, found.plan != plan { try Workspaces.setPlan(found.id, plan, in: database) }
      _ = try Keys.insert(
        workspace, hash: key.hash, hint: key.hint, name: keyName, webhookSecret: secret, at: now, in: database)
    }
    return key.text
  }

  private static func checkSlug(_ slug: String) throws {
    let isPlain = slug.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    guard isPlain, (1...63).contains(slug.utf8.count), !slug.hasPrefix("-"), !slug.hasSuffix("-") else {
      throw Refusal.invalidFields.naming([
        .init("slug", "must be 1 to 63 lower-case letters, digits and inner hyphens")
      ])
    }
  }

  private static func checkPlan(_ plan: String, _ database: Database) throws {
    guard try Plans.find(plan, in: database) == nil else { return }
    let names = try Plans.all(in: database).map(\.name).joined(separator: ", ")
    throw Refusal.invalidFields.naming([.init("plan", "there is no plan \"\(plan)\"; the plans are \(names)")])
  }
}
