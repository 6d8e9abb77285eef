import Basics
import Storage

/// What somebody has shown who signs in with a password, and the session that it brings.
extension Accounts {
  /// A right password, and a right code where codes were asked for.
  struct Proof: Sendable {
    let user: User
    /// What the password was compared with.
    let stored: String
    /// Since when those codes are asked for of which one was taken; nil where none was.
    let codesSince: Timestamp?
  }

  /// Compares what somebody gives with what is stored; throws a `Refusal` when it is not right or not enough.
  func prove(_ email: String, _ password: String, _ code: String?, from address: String) async throws -> Proof {
    let user = try store.read { try Users.find(email: email, in: $0) }
    let stored = try user.flatMap { user in try store.read { try Users.password(user.id, in: $0) } }
    let matches = try await matches(password, stored, of: email, from: address)
    guard let user, let stored, matches else { throw Refusal.wrongPassword }
    guard let since = try store.read({ try SecondFactors.find(user.id, in: $0)?.confirmedAt }) else {
      return Proof(user: user, stored: stored, codesSince: nil)
    }
    guard let code, !code.isEmpty else {
      failures.takeBack(email, from: address)
      throw Refusal.secondFactorNeeded
    }
    try await check(code, of: user)
    return Proof(user: user, stored: stored, codesSince: since)
  }

  /// True when the password fits what is stored; an attempt that could not be judged, such as for too many, is none.
  func matches(_ password: String, _ stored: String?, of email: String, from address: String) async throws -> Bool {
    do { return try await hashing.matches(password, stored) } catch {
      failures.takeBack(email, from: address)
      throw error
    }
  }

  /// Begins the session that a proof brings, unless it has been overtaken.
  ///
  /// A new password and a second step that is turned on end all other sessions, so none may begin after them by what was
  /// right before.
  func begin(_ proof: Proof, from address: String, agent: String) async throws -> String {
    try await store.write { database in
      guard try Users.password(proof.user.id, in: database) == proof.stored else { throw Refusal.wrongPassword }
      if let since = try SecondFactors.find(proof.user.id, in: database)?.confirmedAt, since != proof.codesSince {
        throw Refusal.secondFactorNeeded
      }
      return try self.begin(proof.user, by: .password, from: address, agent: agent, in: database)
    }
  }
}
