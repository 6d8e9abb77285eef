package import Basics
package import Storage

/// People who may sign in: their passwords, sessions and one-time links.
package final class Accounts: Sendable {
  static let longestIdle = Duration.seconds(12 * 3600)
  static let longestSession = Duration.seconds(7 * 86_400)
  static let linkLifetime = Duration.seconds(7 * 86_400)
  static let passwordLength = 10...PasswordHash.mostBytes
  /// How often the use of a session is written down.
  static let touchPeriod = Duration.seconds(300)
  /// Passwords that may wait to be computed; a flood beyond it is turned away at once.
  static let mostWaiting = 16

  let store: Store
  let clock: Clock
  let entropy: Entropy
  let hashing: PasswordThreads
  let mailing: Mailing?
  let failures: SignInLimit
  let wrongCodes: Attempts
  let forgottenPlaces: Attempts
  let forgottenNames: Attempts

  /// `threads` compute passwords, which takes long by intent.
  package init(
    store: Store, clock: Clock, entropy: Entropy, threads: PasswordThreads, mailing: Mailing? = nil
  ) {
    self.mailing = mailing
    self.store = store
    self.clock = clock
    self.entropy = entropy
    hashing = threads
    failures = SignInLimit(clock: clock)
    let hour = Duration.seconds(3600)
    wrongCodes = Attempts(clock: clock, most: Accounts.mostWrongCodes, in: hour)
    forgottenPlaces = Attempts(clock: clock, most: Accounts.mostForgotten.ofPlace, in: hour)
    forgottenNames = Attempts(clock: clock, most: Accounts.mostForgotten.ofName, in: hour)
  }

  /// Signs in: the token of a new session.
  ///
  /// Unknown users, wrong passwords and users without one are refused alike and take the same time. Whoever has a second
  /// step and gives no code hears `Refusal.secondFactorNeeded`.
  package func signIn(
    email: String, password: String, code: String? = nil, from address: String, agent: String = ""
  ) async throws -> String {
    // Counted before the password is computed, so that many at once are not all let through.
    if let seconds = failures.take(email, from: address) { throw Refusal.tooManySignIns(after: seconds) }
    let proof = try await prove(email, password, code, from: address)
    let token: String
    do { token = try await begin(proof, from: address, agent: agent) } catch {
      // What was given was right when it was compared: this attempt was none.
      failures.takeBack(email, from: address)
      throw error
    }
    failures.forgive(email, from: address)
    return token
  }

  package func signOut(token: String) async throws {
    try await store.write { try Sessions.delete(hash: KeyMaker.hash(token), in: $0) }
  }

  /// Who a session belongs to and what they may do; nil for a token that is unknown or too old.
  ///
  /// A session that is not used ends, and what an open page asks by itself is no use of it. One that was begun by the word
  /// of a proxy is good only while that says the same (`trusted`).
  package func member(token: String, isUse: Bool = true, trusted: String? = nil) async throws -> Member? {
    let now = clock.now()
    guard let (session, member) = try session(token: token) else { return nil }
    if session.way == .proxy, trusted?.lowercased() != member.user.email.lowercased() { return nil }
    if isUse, session.seenAt < now - Accounts.touchPeriod {
      try await store.write { try Sessions.touch(session.id, at: now, in: $0) }
    }
    return member
  }

  private func session(token: String) throws -> (Sessions.Session, Member)? {
    let now = clock.now()
    return try store.read { database in
      guard let session = try Sessions.find(hash: KeyMaker.hash(token), in: database),
        session.seenAt > now - Accounts.longestIdle, session.createdAt > now - Accounts.longestSession,
        let user = try Users.find(id: session.userID, in: database)
      else { return nil }
      return (session, Member(user: user, memberships: try Users.memberships(user.id, in: database)))
    }
  }

  /// True while a session lasts.
  package func lasts(token: String) throws -> Bool { try session(token: token) != nil }

  /// True while a session lasts and its person may look at a workspace, or at all of them.
  package func maySee(_ workspace: Int64, token: String) throws -> Bool {
    guard let (_, member) = try session(token: token) else { return false }
    return member.user.isAdmin || member.memberships.contains { $0.workspaceID == workspace }
  }

  /// What a page has to send back with everything that it changes, so that other pages cannot (CSRF).
  package func formToken(session token: String) -> String {
    Hexadecimal.encode(HMAC(key: store.linkKey).code(for: Array("form:\(token)".utf8)))
  }

  /// A new link for the first administrator, in place of any earlier one; throws when there is an administrator.
  package func makeSetupLink(by actor: Actor? = nil) throws -> String {
    let token = KeyMaker.makeToken(entropy)
    let now = clock.now()
    try store.writeBlocking { database in
      if try Users.hasAdmin(in: database) { throw Refusal.hasAdmin }
      try OneTimeLinks.clear(.setup, in: database)
      try OneTimeLinks.insert(
        .setup, hash: KeyMaker.hash(token), user: nil, expiresAt: now + Accounts.linkLifetime, in: database)
      try actor?.record("user.setup-link", "first administrator", at: now, in: database)
    }
    return token
  }

  /// True when nobody administers the appliance yet.
  package func needsSetup() throws -> Bool { try store.read { try !Users.hasAdmin(in: $0) } }

  /// Uses the setup link up and makes the first administrator, a new person; an account that is there is never touched.
  ///
  /// Throws `Refusal.unknownLink` when there is an administrator already, however made.
  package func setUp(token: String, email: String, password: String, from address: String) async throws {
    try Accounts.check(email: email)
    try Accounts.check(password: password)
    guard try isGood(.setup, token), try needsSetup() else { throw Refusal.unknownLink }
    let hash = try await hashing.make(password, entropy)
    let now = clock.now()
    try await store.write { database in
      guard try OneTimeLinks.take(.setup, hash: KeyMaker.hash(token), at: now, in: database) != nil,
        try !Users.hasAdmin(in: database)
      else { throw Refusal.unknownLink }
      guard try Users.find(email: email, in: database) == nil else { throw Refusal.accountExists }
      let user = try Users.insert(email: email, isAdmin: true, at: now, in: database)
      try Users.setAdmin(user, true, in: database)
      try Users.setPassword(user, hash: hash, in: database)
      try Actor(name: email, address: address).record("user.setup", email, at: now, in: database)
    }
  }

  /// Adds a person, or changes what one may do; gives the link to choose a password when there is none yet, or with
  /// `notifies` mails it.
  package func add(
    email: String, isAdmin: Bool, workspace slug: String?, role: Membership.Role, notifies: Bool = false,
    by actor: Actor
  ) async throws -> (user: User, token: String?) {
    try Accounts.check(email: email)
    let mailing = try notifies ? requireMail() : nil
    let token = KeyMaker.makeToken(entropy)
    let now = clock.now()
    let added: (user: User, token: String?) = try await store.write { database in
      let known = try Users.find(email: email, in: database)
      let id = try known?.id ?? Users.insert(email: email, isAdmin: isAdmin, at: now, in: database)
      if isAdmin { try Users.setAdmin(id, true, in: database) }
      if let slug {
        let workspace = try Provisioning.workspace(slug, database)
        try Users.join(id, workspace: workspace.id, as: role, in: database)
      }
      let what = (slug.map { "\(role.rawValue) of \($0)" } ?? "") + (isAdmin ? " administrator" : "")
      try actor.record("user.add", email, what, at: now, in: database)
      let needsPassword = known?.hasPassword != true
      if needsPassword {
        try OneTimeLinks.clear(.password, user: id, in: database)
        try OneTimeLinks.insert(
          .password, hash: KeyMaker.hash(token), user: id, expiresAt: now + Accounts.linkLifetime, in: database)
      }
      guard let user = try Users.find(id: id, in: database) else { throw Refusal.unknownUser }
      if needsPassword, let mailing { try Accounts.mail(token, to: user, by: mailing, at: now, in: database) }
      return (user, needsPassword && !notifies ? token : nil)
    }
    mailing?.ring()
    return added
  }

  private static func mail(
    _ token: String, to user: User, by mailing: Mailing, at now: Timestamp, in database: Database
  )
    throws
  {
    try mailing.write(
      .password(link: mailing.oneTimeLink("password", token)), to: user.email, at: now, in: database)
  }

  private func requireMail() throws(Refusal) -> Mailing {
    guard let mailing else { throw .mailNotSetUp }
    try mailing.require()
    return mailing
  }

  /// A link with which a user can choose a new password; the old one works until then.
  ///
  /// With `notifies` it is mailed, and nil is given.
  package func makePasswordLink(email: String, notifies: Bool = false, by actor: Actor) async throws -> String? {
    let mailing = try notifies ? requireMail() : nil
    let token = KeyMaker.makeToken(entropy)
    let now = clock.now()
    try await store.write { database in
      guard let user = try Users.find(email: email, in: database) else { throw Refusal.unknownUser }
      try OneTimeLinks.clear(.password, user: user.id, in: database)
      try OneTimeLinks.insert(
        .password, hash: KeyMaker.hash(token), user: user.id, expiresAt: now + Accounts.linkLifetime, in: database)
      try actor.record("user.password-link", user.email, at: now, in: database)
      if let mailing { try Accounts.mail(token, to: user, by: mailing, at: now, in: database) }
    }
    mailing?.ring()
    return notifies ? nil : token
  }

  /// Uses a link up and sets the password; every session of the user ends.
  package func setPassword(token: String, password: String, from address: String) async throws {
    try Accounts.check(password: password)
    guard try isGood(.password, token) else { throw Refusal.unknownLink }
    let hash = try await hashing.make(password, entropy)
    let now = clock.now()
    try await store.write { database in
      guard let taken = try OneTimeLinks.take(.password, hash: KeyMaker.hash(token), at: now, in: database),
        let id = taken, let user = try Users.find(id: id, in: database)
      else { throw Refusal.unknownLink }
      try Users.setPassword(id, hash: hash, in: database)
      try Actor(name: user.email, address: address).record("user.password", user.email, at: now, in: database)
    }
  }

  /// True while a link may be used.
  ///
  /// It is looked at before a password is computed: whoever has none must not keep the threads from those who sign in.
  private func isGood(_ kind: OneTimeLinks.Kind, _ token: String) throws -> Bool {
    try store.read { try OneTimeLinks.isGood(kind, hash: KeyMaker.hash(token), at: clock.now(), in: $0) }
  }

  package func remove(email: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Users.remove(email: email, in: database) else { throw Refusal.unknownUser }
      try actor.record("user.remove", email, at: now, in: database)
    }
  }

  static func check(email: String) throws {
    if let problem = MailAddress.problem(of: email) { throw Refusal.invalidFields.naming([.init("email", problem)]) }
  }

  private static func check(password: String) throws {
    guard passwordLength.contains(password.utf8.count), !password.utf8.contains(0) else {
      throw Refusal.invalidFields.naming([
        .init("password", "must be \(passwordLength.lowerBound) to \(passwordLength.upperBound) bytes long")
      ])
    }
  }
}
