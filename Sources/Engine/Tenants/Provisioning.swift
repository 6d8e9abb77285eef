package import Basics
package import Storage

/// Makes, changes and removes workspaces.
package struct Provisioning: Sendable {
  /// Jobs that one transaction deletes with their workspace.
  private static let portion = 100

  private let store: Store
  private let lifecycle: Lifecycle
  private let clock: Clock
  private let entropy: Entropy
  private let keyPrefix: KeyPrefix

  /// `keyPrefix` is what the keys that are made here begin with.
  package init(store: Store, lifecycle: Lifecycle, clock: Clock, entropy: Entropy, keyPrefix: KeyPrefix) {
    self.keyPrefix = keyPrefix
    self.store = store
    self.lifecycle = lifecycle
    self.clock = clock
    self.entropy = entropy
  }

  /// What a new workspace is to be.
  package struct Wish: Sendable {
    package var slug: String
    package var name: String?
    package var plan: String
    package var owner: String?
    package var retention: String?

    package init(slug: String, name: String?, plan: String, owner: String?, retention: String?) {
      self.slug = slug
      self.name = name
      self.plan = plan
      self.owner = owner
      self.retention = retention
    }
  }

  /// Makes an approved workspace; throws a `Refusal` for a bad or taken slug, an unknown plan and a bad time.
  package func makeWorkspace(_ wish: Wish, by actor: Actor) async throws -> Workspace {
    try Provisioning.checkSlug(wish.slug)
    let retention = try Provisioning.span(wish.retention)
    let now = clock.now()
    return try await store.write { database in
      try Provisioning.checkPlan(wish.plan, database)
      if try Workspaces.find(slug: wish.slug, in: database) != nil { throw Refusal.workspaceExists }
      let id = try Workspaces.insert(
        slug: wish.slug, name: wish.name ?? wish.slug, plan: wish.plan, owner: wish.owner, at: now, in: database)
      try Workspaces.setRetention(id, retention, in: database)
      try actor.record("workspace.create", wish.slug, "plan \(wish.plan)", at: now, in: database)
      return try Provisioning.workspace(wish.slug, database)
    }
  }

  /// Changes how long a workspace keeps its files; `default` for the server's own time.
  package func setRetention(workspace slug: String, to text: String, by actor: Actor) async throws -> Workspace {
    let retention = try Provisioning.span(text)
    return try await change(slug, "workspace.retention", text, by: actor) { workspace, database in
      try Workspaces.setRetention(workspace.id, retention, in: database)
    }
  }

  /// Turns mail about a workspace's jobs `on` or `off`.
  package func setMail(workspace slug: String, to text: String, by actor: Actor) async throws -> Workspace {
    guard text == "on" || text == "off" else {
      throw Refusal.invalidFields.naming([.init("mail", "\"\(text)\" is not on or off")])
    }
    return try await change(slug, "workspace.mail", text, by: actor) { workspace, database in
      try Workspaces.setSendsMail(workspace.id, text == "on", in: database)
    }
  }

  package func setPlan(workspace slug: String, to plan: String, by actor: Actor) async throws -> Workspace {
    try await change(slug, "workspace.plan", plan, by: actor) { workspace, database in
      try Provisioning.checkPlan(plan, database)
      try Workspaces.setPlan(workspace.id, plan, in: database)
    }
  }

  /// Suspends a workspace, whose keys are refused from now on, or lets it in again; what waits and runs goes on.
  package func setState(workspace slug: String, to state: Workspace.State, by actor: Actor) async throws -> Workspace {
    try await change(slug, "workspace.\(state.rawValue)", "", by: actor) { workspace, database in
      try Workspaces.setState(workspace.id, state, in: database)
    }
  }

  /// Deletes a workspace with all its jobs, files and keys.
  package func delete(workspace slug: String, by actor: Actor) async throws {
    let workspace = try await setState(workspace: slug, to: .suspended, by: actor)
    while true {
      let jobs = try store.read { try Jobs.some(workspace.id, limit: Provisioning.portion, in: $0) }
      if jobs.isEmpty { break }
      for job in jobs { try await lifecycle.delete(workspace.id, row: job) }
    }
    while true {
      let (count, blobs) = try await store.write { database in
        let arrivals = try Arrivals.some(workspace.id, limit: Provisioning.portion, in: database)
        let files = try StoredFiles.some(workspace.id, limit: Provisioning.portion, in: database)
        var blobs = try arrivals.flatMap { try Arrivals.delete($0, in: database).blobs }
        for file in files { blobs += try StoredFiles.delete(workspace.id, id: file, in: database).blobs }
        return (arrivals.count + files.count, blobs)
      }
      store.blobs.remove(blobs)
      if count == 0 { break }
    }
    let now = clock.now()
    try await store.write { database in
      try Workspaces.delete(workspace.id, in: database)
      try actor.record("workspace.delete", slug, at: now, in: database)
    }
  }

  /// For a first look: a workspace on the plan, made when it is missing and moved when it is on another, and a key.
  package func quickstart(workspace slug: String, plan: String, keyName: String, by actor: Actor) async throws -> String
  {
    let key = KeyMaker.makeKey(prefix: keyPrefix.text, entropy)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    try Provisioning.checkSlug(slug)
    try await store.write { database in
      try Provisioning.checkPlan(plan, database)
      let found = try Workspaces.find(slug: slug, in: database)
      let workspace = try found?.id ?? Workspaces.insert(slug: slug, name: slug, plan: plan, at: now, in: database)
      if let found, found.plan != plan { try Workspaces.setPlan(found.id, plan, in: database) }
      let row = NewKeyRow(
        workspaceID: workspace, hash: key.hash, hint: key.hint, name: keyName, webhookSecret: secret, createdAt: now)
      _ = try Keys.insert(row, in: database)
      try actor.record("quickstart", slug, "plan \(plan)", at: now, in: database)
    }
    return key.text
  }

  private func change(
    _ slug: String, _ action: String, _ detail: String, by actor: Actor,
    _ body: @escaping @Sendable (Workspace, Database) throws -> Void
  ) async throws -> Workspace {
    let now = clock.now()
    return try await store.write { database in
      try body(try Provisioning.workspace(slug, database), database)
      try actor.record(action, slug, detail, at: now, in: database)
      return try Provisioning.workspace(slug, database)
    }
  }

  /// The workspace with this slug; throws `Refusal.unknownWorkspace`.
  package static func workspace(_ slug: String, _ database: Database) throws -> Workspace {
    guard let workspace = try Workspaces.find(slug: slug, in: database) else { throw Refusal.unknownWorkspace }
    return workspace
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

  static func checkSlug(_ slug: String) throws {
    let isPlain = slug.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    guard isPlain, (1...63).contains(slug.utf8.count), !slug.hasPrefix("-"), !slug.hasSuffix("-") else {
      throw Refusal.invalidFields.naming([
        .init("slug", "must be 1 to 63 lower-case letters, digits and inner hyphens")
      ])
    }
  }

  static func checkPlan(_ plan: String, _ database: Database) throws {
    guard try Plans.find(plan, in: database) == nil else { return }
    let names = try Plans.all(in: database).map(\.name).joined(separator: ", ")
    throw Refusal.invalidFields.naming([.init("plan", "there is no plan \"\(plan)\"; the plans are \(names)")])
  }
}
