package import Basics
package import Storage

/// Issues and revokes API keys.
package struct KeyIssuing: Sendable {
  private let store: Store
  private let clock: Clock
  private let entropy: Entropy

  /// What a secret key begins with unless another is asked for, and what it may begin with.
  private let usual: KeyPrefix
  package let prefixes: [KeyPrefix]

  package init(store: Store, clock: Clock, entropy: Entropy, usual: KeyPrefix, prefixes: [KeyPrefix]) {
    self.usual = usual
    self.prefixes = prefixes
    self.store = store
    self.clock = clock
    self.entropy = entropy
  }

  /// The prefix of a public key.
  package static let publicPrefix = "pk_"

  /// What a new key is to be.
  package struct Wish: Sendable {
    package var workspace: String
    package var name = ""
    package var prefix: String?
    package var kind = Key.Kind.secret
    package var mayRead = true
    package var maySubmit = true
    package var origins: [String] = []
    /// How long it works, such as 90d; nil for ever.
    package var lifetime: String?

    package init(workspace: String) {
      self.workspace = workspace
    }
  }

  /// A key as its owner gets it, this once.
  package struct Issued: Sendable {
    package let id: Int64
    package let key: String
    /// Signs the webhooks of requests that bring their own address.
    package let webhookSecret: String
  }

  /// Makes a key, of which only its SHA-256 is stored.
  ///
  /// Throws a `Refusal` that names what is wrong.
  package func issue(_ wish: Wish, by actor: Actor) async throws -> Issued {
    try check(wish)
    let lifetime = try KeyIssuing.span(wish.lifetime)
    let prefix = wish.kind == .publicKey ? KeyIssuing.publicPrefix : wish.prefix ?? usual.text
    let key = KeyMaker.makeKey(prefix: prefix, entropy)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    let id = try await store.write { database in
      let workspace = try Provisioning.workspace(wish.workspace, database)
      var row = NewKeyRow(
        workspaceID: workspace.id, hash: key.hash, hint: key.hint, name: wish.name, webhookSecret: secret,
        createdAt: now)
      row.kind = wish.kind
      row.mayRead = wish.mayRead
      row.maySubmit = wish.maySubmit
      row.expiresAt = lifetime.map { now + $0 }
      row.origins = wish.origins
      try actor.record("key.issue", wish.workspace, "\(key.hint) \(wish.name)", at: now, in: database)
      return try Keys.insert(row, in: database)
    }
    return Issued(id: id, key: key.text, webhookSecret: secret)
  }

  /// Ends a key; requests with it are refused from now on.
  package func revoke(id: Int64, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Keys.revoke(id: id, at: now, in: database) else { throw Refusal.unknownKey }
      try actor.record("key.revoke", String(id), at: now, in: database)
    }
  }

  private func check(_ wish: Wish) throws {
    var wrong = WrongFields()
    if let prefix = wish.prefix, wish.kind == .secret, !prefixes.contains(where: { $0.text == prefix }) {
      let valid = prefixes.map(\.text).joined(separator: ", ")
      wrong.append("prefix", "\"\(prefix)\" is no prefix; valid: \(valid)")
    }
    if wish.kind == .publicKey && wish.origins.isEmpty {
      wrong.append("origins", "a public key needs at least one, such as https://app.example.com")
    }
    if wish.kind == .secret && !wish.origins.isEmpty {
      wrong.append("origins", "belong to public keys; a secret key must never be in a page")
    }
    for origin in wish.origins where !KeyIssuing.isOrigin(origin) {
      wrong.append("origins", "\"\(origin)\" is no origin such as https://app.example.com")
    }
    if wish.kind == .publicKey && !wish.maySubmit {
      wrong.append("scopes", "a public key can only submit, so submit must be among them")
    }
    if !wish.mayRead && !wish.maySubmit { wrong.append("scopes", "must be one or both of read, submit") }
    if wish.name.utf8.count > 200 { wrong.append("name", "must be at most 200 bytes long") }
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
  }

  /// Scheme, host and perhaps a port, in lower case, as browsers send it (RFC 6454 section 6.2).
  private static func isOrigin(_ text: String) -> Bool {
    guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else { return false }
    let host = text.dropFirst(scheme.count)
    return !host.isEmpty && text.utf8.count <= 255
      && host.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "-.:[]".utf8.contains(byte)
      }
  }

  private static func span(_ text: String?) throws -> Duration? {
    guard let text else { return nil }
    // A hundred years.
    guard let milliseconds = Quantity.milliseconds(text), (1...3_153_600_000_000).contains(milliseconds) else {
      throw Refusal.invalidFields.naming([.init("expires", "\"\(text)\" is no time such as 12h or 90d, to 36500d")])
    }
    return .milliseconds(milliseconds)
  }
}
