import Basics
package import Storage

/// Sessions of people, listed and ended.
extension Accounts {
  /// What is kept of a browser's name for itself, in bytes.
  private static let longestAgent = 200

  /// A user's sessions that are still good, the newest first, and which of them asks.
  package func sessions(of user: User, current token: String? = nil) throws -> [(
    session: Sessions.Session, isCurrent: Bool
  )] {
    let now = clock.now()
    return try store.read { database in
      let current = try token.flatMap { try Sessions.find(hash: KeyMaker.hash($0), in: database)?.id }
      return try Sessions.all(user.id, in: database)
        .filter { $0.seenAt > now - Accounts.longestIdle && $0.createdAt > now - Accounts.longestSession }
        .map { ($0, $0.id == current) }
    }
  }

  /// The same for an operator.
  package func sessions(email: String) throws -> [Sessions.Session] {
    guard let user = try store.read({ try Users.find(email: email, in: $0) }) else { throw Refusal.unknownUser }
    return try sessions(of: user).map(\.session)
  }

  /// Ends every session of a user but the one that asks.
  package func signOutElsewhere(_ member: Member, token: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      try Sessions.deleteOthers(member.user.id, than: KeyMaker.hash(token), in: database)
      try actor.record("session.end-others", member.user.email, at: now, in: database)
    }
  }

  /// Ends one of a user's sessions, which are numbered.
  package func endSession(_ id: Int64, of member: Member, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard try Sessions.delete(id, of: member.user.id, in: database) else { throw Refusal.unknownSession }
      try actor.record("session.end", member.user.email, at: now, in: database)
    }
  }

  /// Ends one of somebody's sessions, by an operator.
  package func endSession(_ id: Int64, email: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard let user = try Users.find(email: email, in: database) else { throw Refusal.unknownUser }
      guard try Sessions.delete(id, of: user.id, in: database) else { throw Refusal.unknownSession }
      try actor.record("session.end", user.email, at: now, in: database)
    }
  }

  /// Ends all sessions of somebody, by an operator.
  package func endSessions(email: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      guard let user = try Users.find(email: email, in: database) else { throw Refusal.unknownUser }
      try Sessions.deleteAll(user.id, in: database)
      try actor.record("session.end-all", user.email, at: now, in: database)
    }
  }

  /// Begins a session; gives its token.
  func begin(
    _ user: User, by way: Sessions.Way, from address: String, agent: String, in database: Database
  ) throws -> String {
    let token = KeyMaker.makeToken(entropy)
    let now = clock.now()
    try Sessions.insert(
      user.id, hash: KeyMaker.hash(token), address: address, agent: String(agent.prefix(Accounts.longestAgent)),
      way: way, at: now, in: database)
    let detail = way == .password ? "" : way.rawValue
    try Actor(name: user.email, address: address).record("session.begin", user.email, detail, at: now, in: database)
    return token
  }
}
