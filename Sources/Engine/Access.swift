package import Basics
package import Storage

/// Decides who a request comes from and whether they may do what they ask.
package struct Access: Sendable {
  package enum Permission: Sendable {
    case read, submit
  }

  /// Who asks, and what is left of their rate limit; no allowance means no limit.
  package struct Admission: Sendable {
    package let holder: KeyHolder
    package let allowance: Allowance?
  }

  private let store: Store
  private let clock: Clock
  private let limiter: RateLimiter

  package init(store: Store, clock: Clock) {
    self.store = store
    self.clock = clock
    limiter = RateLimiter(clock: clock)
  }

  /// Admits one request of a key; throws a `Refusal` when it may not do this, or not so often.
  package func admit(_ key: String?, for permission: Permission) throws -> Admission {
    let holder = try holder(of: key, for: permission)
    let limit = permission == .read ? holder.plan.readsPerMinute : holder.plan.writesPerMinute
    let allowance = try limit.map { try limiter.take(key: holder.key.id, for: permission, limit: $0) }
    return Admission(holder: holder, allowance: allowance)
  }

  /// The holder of a key that may use the jobs API, or a `Refusal` that says why not.
  private func holder(of key: String?, for permission: Permission) throws -> KeyHolder {
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
