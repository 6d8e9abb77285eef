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

  /// A new key for the workspace, which is made on the plan when it does not exist, and moved to it when it does.
  package func issueKey(workspace slug: String, plan: String, keyName: String, prefix: String = "wc_") throws -> String
  {
    let key = KeyMaker.makeKey(prefix: prefix, entropy)
    let secret = KeyMaker.makeWebhookSecret(entropy)
    let now = clock.now()
    try store.writeBlocking { database in
      guard try Plans.find(plan, in: database) != nil else {
        let names = try Plans.all(in: database).map(\.name).joined(separator: ", ")
        throw Refusal.invalidFields.naming([.init("plan", "there is no plan \(plan); the plans are \(names)")])
      }
      let found = try Workspaces.find(slug: slug, in: database)
      let workspace =
        try found?.id ?? Workspaces.insert(slug: slug, name: slug, plan: plan, at: now, in: database)
      if let found, found.plan != plan { try Workspaces.setPlan(found.id, plan, in: database) }
      _ = try Keys.insert(
        workspace, hash: key.hash, hint: key.hint, name: keyName, webhookSecret: secret, at: now, in: database)
    }
    return key.text
  }
}
