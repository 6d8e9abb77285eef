package import Basics
package import Storage

/// The workspace of those who come without a key, and the key that stands for them all.
package enum Visitors {
  package static let workspace = "visitors"
  private static let plan = "free"
  /// The SHA-256 of no text that anybody knows, so nobody has the key.
  static let hash = [UInt8](repeating: 0, count: 32)

  /// There is a workspace of that name which is not theirs.
  package struct NameTaken: Error {}

  /// Makes workspace and key when they are not there; throws `NameTaken`.
  package static func settle(in store: Store, clock: Clock, entropy: Entropy) throws {
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    try store.writeBlocking { database in
      guard try Keys.holder(hash: hash, in: database) == nil else { return }
      guard try Workspaces.find(slug: workspace, in: database) == nil else { throw NameTaken() }
      let id = try Workspaces.insert(slug: workspace, name: "Visitors", plan: plan, at: now, in: database)
      let row = NewKeyRow(
        workspaceID: id, hash: hash, hint: "none", name: "Whoever has no key", webhookSecret: secret, createdAt: now)
      _ = try Keys.insert(row, in: database)
      try Actor(name: "system", address: "-").record(
        "workspace.create", workspace, "plan \(plan)", at: now, in: database)
    }
  }
}
