import Basics
package import Storage

extension Accounts {
  /// A user's sessions that are still good, the newest first, and which of them asks.
  package func sessions(of member: Member, current token: String) throws -> [(
    session: Sessions.Session, isCurrent: Bool
  )] {
    let now = clock.now()
    return try store.read { database in
      let current = try Sessions.find(hash: KeyMaker.hash(token), in: database)?.id
      return try Sessions.all(member.user.id, in: database)
        .filter { $0.seenAt > now - Accounts.longestIdle && $0.createdAt > now - Accounts.longestSession }
        .map { ($0, $0.id == current) }
    }
  }

  /// Ends every session of a user but the one that asks.
  package func signOutElsewhere(_ member: Member, token: String, by actor: Actor) async throws {
    let now = clock.now()
    try await store.write { database in
      try Sessions.deleteOthers(member.user.id, than: KeyMaker.hash(token), in: database)
      try actor.record("session.end-others", member.user.email, at: now, in: database)
    }
  }
}
