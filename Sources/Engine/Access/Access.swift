import Basics
package import Storage

/// Decides who a request comes from and whether they may do what they ask.
package struct Access: Sendable {
  /// What a request shows of its sender.
  package struct Credential: Sendable {
    package let key: String?
    /// The page that a browser sends the request for; nil for other clients.
    package let origin: String?

    package init(key: String?, origin: String? = nil) {
      self.key = key
      self.origin = origin
    }
  }

  /// What a request shows that is about one job alone.
  package struct JobCredential: Sendable {
    /// The job that the request is about, as far as it says.
    package let job: Int64
    package let token: String

    package init(job: Int64, token: String) {
      self.job = job
      self.token = token
    }
  }

  /// Who asks, and what is left of their rate limit; no allowance means no limit.
  package struct Admission: Sendable {
    package let holder: KeyHolder
    package let allowance: Allowance?
    /// The origin that may read the answer in a browser, for a public key.
    package let origin: String?
  }

  private let store: Store
  private let clock: Clock
  private let limiter: RateLimiter
  private let uses: KeyUses
  private let holders: Remembered<String, KeyHolder>
  package let jobTokens: JobTokens

  init(store: Store, clock: Clock, limiter: RateLimiter, uses: KeyUses) {
    self.store = store
    self.clock = clock
    self.limiter = limiter
    self.uses = uses
    holders = Remembered(store: store)
    jobTokens = JobTokens(store: store)
  }

  /// Admits one request of a key; throws a `Refusal` when it may not do this, or not so often.
  ///
  /// Unless `allowsPublicKeys`, every public key hears the same, whatever else it may or may not do.
  package func admit(
    _ credential: Credential, for permission: Permission, needing features: [Feature], allowsPublicKeys: Bool
  ) throws -> Admission {
    let now = clock.now()
    let holder = try holder(of: credential, at: now)
    let origin = holder.key.kind == .publicKey ? credential.origin : nil
    do {
      if holder.key.kind == .publicKey && !allowsPublicKeys { throw Refusal.secretKeyNeeded }
      return Admission(
        holder: holder, allowance: try allow(holder, permission, features, at: now), origin: origin)
    } catch let refusal as Refusal {
      throw refusal.readable(from: origin)
    }
  }

  /// Admits one request about a job by the job's own token, in the name of the key that brought the job, and only while
  /// that key is good; throws a `Refusal`.
  package func admit(
    _ credential: JobCredential, for permission: Permission, needing features: [Feature]
  ) throws -> Admission {
    let now = clock.now()
    guard jobTokens.isRight(credential.token, forJob: credential.job) else { throw Refusal.invalidKey }
    var holder = try store.read { database in
      try Jobs.load(id: credential.job, in: database)?.keyID.flatMap { try Keys.holder(id: $0, in: database) }
    }
    holder?.hasJobToken = true
    guard let holder else { throw Refusal.invalidKey }
    guard holder.key.isActive(at: now) else { throw Refusal.revokedKey }
    // What a key in a page may not see, a token of its jobs does not show.
    guard holder.key.kind == .secret else { throw Refusal.secretKeyNeeded }
    guard holder.workspace.state == .approved else { throw Refusal.workspaceNotApproved }
    return Admission(holder: holder, allowance: try allow(holder, permission, features, at: now), origin: nil)
  }

  /// What is left to somebody who was admitted, of the month's jobs, too; read anew, for a request may have made some.
  package func allowance(withMonth admission: Admission) throws -> Allowance? {
    let (holder, now) = (admission.holder, clock.now())
    guard
      let month = try store.read({ try Quota.month(holder.workspace.id, holder.plan, at: now, in: $0) })
    else { return admission.allowance }
    guard var allowance = admission.allowance else { return month.alone(at: now) }
    allowance.month = month
    return allowance
  }

  /// Admits one request of whoever has an address that was signed in the name of a key, for as long as that key is good;
  /// throws a `Refusal`.
  package func admit(signedBy key: Int64, for permission: Permission) throws -> KeyHolder {
    let now = clock.now()
    guard let holder = try store.read({ try Keys.holder(id: key, in: $0) }) else { throw Refusal.invalidKey }
    guard holder.key.isActive(at: now) else { throw Refusal.revokedKey }
    guard holder.workspace.state == .approved else { throw Refusal.workspaceNotApproved }
    _ = try allow(holder, permission, [], at: now)
    return holder
  }

  /// Takes one request of the rate, if there is one; throws a `Refusal` for what the plan or the key does not allow.
  private func allow(
    _ holder: KeyHolder, _ permission: Permission, _ features: [Feature], at now: Timestamp
  ) throws -> Allowance? {
    for feature in features where !feature.isAllowed(holder.plan) {
      try store.read { try feature.check(holder.plan, in: $0) }
    }
    switch permission {
    case .read: guard holder.key.mayRead else { throw Refusal.keyMayNotRead }
    case .submit: guard holder.key.maySubmit else { throw Refusal.keyMayNotSubmit }
    }
    uses.note(holder.key.id, at: now)
    let (perMinute, perDay) =
      permission == .read
      ? (holder.plan.readsPerMinute, nil) : (holder.plan.writesPerMinute, holder.plan.submissionsPerDay)
    return try limiter.take(key: holder.key.id, for: permission, perMinute: perMinute, perDay: perDay)
  }

  /// Admits one request of somebody without a key, by their address; throws a `Refusal` when it is one too many.
  ///
  /// An operator shuts visitors out at once by suspending their workspace.
  package func admit(
    visitorFrom address: String, of dialect: String, for permission: Permission, at rates: VisitorRates
  ) throws -> Admission {
    let now = clock.now()
    guard var holder = try store.read({ try Keys.holder(hash: Visitors.hash, in: $0) }),
      holder.key.isActive(at: now), holder.workspace.state == .approved
    else { throw Refusal.missingKey }
    let visitor = "\(dialect) \(ClientPlace.of(address))"
    let allowance =
      switch permission {
      case .read:
        try limiter.take(visitor: visitor, for: .read, perMinute: rates.readsPerMinute, perDay: nil)
      case .submit:
        try limiter.take(visitor: visitor, for: .submit, perMinute: rates.perMinute, perDay: rates.perDay)
      }
    uses.note(holder.key.id, at: now)
    holder.visitor = visitor
    return Admission(holder: holder, allowance: allowance, origin: nil)
  }

  /// True while a key lets anybody in: neither revoked nor expired, and of a workspace that is approved; a database that
  /// cannot be asked takes nothing away.
  package func isGood(key: Int64) -> Bool {
    let now = clock.now()
    return (try? store.read { try Keys.isGood(id: key, at: now, in: $0) }) ?? true
  }

  /// True when a browser may send requests from pages of this origin at all.
  package func allows(origin: String) throws -> Bool {
    let now = clock.now()
    return try store.read { try Keys.allows(origin: origin, at: now, in: $0) }
  }

  private func holder(of credential: Credential, at now: Timestamp) throws -> KeyHolder {
    guard let key = credential.key, !key.isEmpty else { throw Refusal.missingKey }
    let found = try holders.value(key) { try Keys.holder(hash: KeyMaker.hash(key), in: $0) }
    guard let holder = found else { throw Refusal.invalidKey }
    guard holder.key.isActive(at: now) else { throw Refusal.revokedKey }
    guard holder.workspace.state == .approved else { throw Refusal.workspaceNotApproved }
    if holder.key.kind == .publicKey {
      // Anybody can read a public key in a page; only a browser says truly which page it is.
      guard let origin = credential.origin,
        try store.read({ try Keys.allows(origin: origin, key: holder.key.id, in: $0) })
      else { throw Refusal.originNotAllowed }
    }
    return holder
  }
}
