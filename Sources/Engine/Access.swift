package import Basics
package import Storage

/// Decides who a request comes from and whether they may do what they ask.
package struct Access: Sendable {
  package enum Permission: Sendable {
    case read, submit
  }

  private let store: Store
  private let clock: Clock

  package init(store: Store, clock: Clock) {
    self.store = store
    self.clock = clock
  }

  /// The holder of a key that may use the jobs API, or a `Refusal` that says why not.
  package func holder(of key: String?, for permission: Permission) throws -> KeyHolder {
    guard let key, !key.isEmpty else { throw Refusal.missingKey }
    let hash = KeyMaker.hash(key)
    guard let holder = try store.read({ try Keys.holder(hash: hash, in: $0) }) else { throw Refusal.invalidKey }
    guard holder.key.isActive(at: clock.now()) else { throw Refusal.revokedKey }
    guard holder.workspace.state == .approved else { throw Refusal.workspaceNotApproved }
    guard holder.plan.allowsJobsAPI else { throw Refusal.planRequired("The jobs API", plan: "pro") }
    switch permission {
    case .read: guard holder.key.mayRead else { throw Refusal.keyMayNotRead }
    case .submit: guard holder.key.maySubmit else { throw Refusal.keyMayNotSubmit }
    }
    return holder
  }
}
