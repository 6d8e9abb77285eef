package import Basics
package import Outbound
package import Storage

/// The places elsewhere that workspaces keep under names; what opens one goes in and is shown to nobody.
package struct StorageDesk: Sendable {
  private static let longestName = 63
  static let mostOfWorkspace = 100
  /// What stands for the file of a place that has none yet.
  private static let anyName = "x"

  private let store: Store
  private let clock: Clock
  private let trial: StorageTrial

  /// `addresses` are asked before one is tried, and `agent` names this server to it.
  package init(store: Store, clock: Clock, addresses: AddressGuard, agent: String) {
    self.store = store
    self.clock = clock
    trial = StorageTrial(addresses: addresses, agent: agent, clock: clock)
  }

  package func all(_ workspace: Int64) throws -> [KeptStorage] {
    try store.read { try Storages.all(workspace, in: $0) }
  }

  /// A workspace's storage; throws `Refusal.unknownStorage`.
  package func find(_ workspace: Int64, name: String) throws -> KeptStorage {
    guard let storage = try store.read({ try Storages.find(workspace, name: name, in: $0) }) else {
      throw Refusal.unknownStorage
    }
    return storage
  }

  /// Adds a storage or replaces the one of that name as a whole, for what opens it was given for that place.
  ///
  /// `members` are `kind` and those of `PlaceWords`. Throws `Refusal.invalidFields`.
  package func set(
    _ workspace: Int64, name: String, _ members: PlaceWords.Members, by actor: Actor? = nil
  ) async throws -> (storage: KeptStorage, isNew: Bool) {
    if name.utf8.count > StorageDesk.longestName || !PosixPattern.isMatched("[a-z0-9][a-z0-9._-]*", by: name) {
      let valid = "1 to \(StorageDesk.longestName) of a to z, 0 to 9, dot, dash and underscore, a letter or digit first"
      throw Refusal.invalidFields.naming([.init("name", "\"\(name)\" is no name; valid: \(valid)")])
    }
    let (storage, credentials) = try StorageDesk.read(name, members, at: clock.now())
    let isNew = try await store.write { database in
      let isNew = try Storages.set(workspace, storage, credentials: credentials.text, in: database)
      let most = StorageDesk.mostOfWorkspace
      if isNew, try Storages.all(workspace, in: database).count > most {
        throw Refusal.invalidFields.naming([.init("name", "this workspace has \(most) storages, as many as it may")])
      }
      try actor?.record("storage.set", name, at: storage.changedAt, in: database)
      return isNew
    }
    return (try find(workspace, name: name), isNew)
  }

  private static func read(
    _ name: String, _ members: PlaceWords.Members, at now: Timestamp
  ) throws(Refusal) -> (KeptStorage, CloudCredentials) {
    let kinds = CloudPlace.Kind.allCases.map(\.rawValue).joined(separator: ", ")
    let said = members.first { $0.name == "kind" }?.value
    guard let kind = (said?.string).flatMap(CloudPlace.Kind.init) else {
      throw .invalidFields.naming([.init("kind", "is required; valid: \(kinds)")])
    }
    let texts = try PlaceWords.texts(
      members.filter { $0.name != "kind" }, among: PlaceWords.members[kind] ?? [], in: "")
    let (_, credentials) = try PlaceWords.read(texts, kind, in: "")
    let storage = KeptStorage(
      name: name, kind: kind, endpoint: texts[kind == .s3 ? "endpoint" : "host"], region: texts["region"],
      bucket: texts["bucket"], style: try PlaceWords.style(texts, in: ""), needsTLS: texts["tls"] == "true",
      // An access key is told from others by its end; a user of FTP has a name like anybody.
      hint: kind == .s3 ? "…" + credentials.user.suffix(4) : credentials.user, createdAt: now, changedAt: now)
    let problem =
      storage.place(bucket: anyName, path: anyName).problem() ?? credentials.problem(for: kind)
    if let problem {
      throw .invalidFields.naming([.init(PlaceWords.name(of: problem.part, kind, in: ""), problem.text)])
    }
    return (storage, credentials)
  }

  /// Deletes a storage; what jobs have taken of it stays theirs.
  ///
  /// Throws `Refusal.unknownStorage`.
  package func delete(_ workspace: Int64, name: String, by actor: Actor? = nil) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Storages.delete(workspace, name: name, in: database) else { throw Refusal.unknownStorage }
      try actor?.record("storage.remove", name, at: now, in: database)
    }
  }

  /// Asks a storage what is in it, once; throws `Refusal.unknownStorage`.
  package func test(_ workspace: Int64, name: String) async throws -> StorageTrial.Finding {
    let found = try store.read { database in
      try Storages.find(workspace, name: name, in: database).flatMap { storage in
        try Storages.credentials(workspace, name: name, in: database).flatMap(CloudCredentials.init(text:)).map {
          (storage, $0)
        }
      }
    }
    guard let (storage, credentials) = found else { throw Refusal.unknownStorage }
    return try await trial.run(storage.place(path: ""), credentials)
  }
}

extension KeptStorage {
  /// As everybody is shown it, without what opens it.
  package var json: JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    let spot: [(name: String, value: JSONValue)] =
      kind == .s3
      ? [
        ("endpoint", text(endpoint)), ("region", text(region ?? CloudPlace.usualRegion)), ("bucket", text(bucket)),
        ("style", text(style?.rawValue)), ("access_key_id", text(hint)),
      ] : [("host", text(endpoint)), ("tls", .boolean(needsTLS)), ("user", text(hint))]
    return .object(
      [("name", .string(name)), ("kind", .string(kind.rawValue))] + spot + [
        ("created_at", .string("\(createdAt)")), ("changed_at", .string("\(changedAt)")),
      ])
  }
}
