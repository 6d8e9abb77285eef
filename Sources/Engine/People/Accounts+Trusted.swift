import Basics
import Storage

/// People who were let in by somebody whose word counts: a proxy in front of the server, or a provider of identities.
extension Accounts {
  /// Whom a provider knows, after all was checked.
  package struct Identity: Sendable {
    package let issuer: String
    package let subject: String
    /// Nil where the provider does not vouch for one.
    package let email: String?
    package let groups: [String]
  }

  /// Begins a session for whoever a trusted proxy names by an address; it lasts for as long as the proxy says the same.
  ///
  /// Throws `Refusal.noAccount` where there is no such person and new ones get nothing.
  package func signIn(
    trusted email: String, newcomers: [RoleGrant], from address: String, agent: String
  ) async throws -> String {
    guard MailAddress.problem(of: email) == nil else { throw Refusal.noAccount }
    return try await store.write { database in
      let user = try self.find(email, newcomers, by: .proxy, from: address, in: database)
      return try self.begin(user, by: .proxy, from: address, agent: agent, in: database)
    }
  }

  /// Begins a session for whoever a provider vouches for.
  ///
  /// A person is known by what the provider calls them, and the first time by an address that it has verified. Throws
  /// `Refusal.unverifiedAddress` the first time without one, and `Refusal.noAccount` where there is nobody and a newcomer gets nothing.
  package func signIn(
    _ identity: Identity, roles: GroupRoles, newcomers: [RoleGrant], from address: String, agent: String
  ) async throws -> String {
    try await store.write { database in
      let granted = roles.grants(of: identity.groups)
      let user = try self.find(identity, granted + newcomers, from: address, in: database)
      if try self.settle(user, granted, at: roles.places, in: database) {
        try Actor(name: Sessions.Way.provider.rawValue, address: address).record(
          "user.roles", user.email, "by groups", at: self.clock.now(), in: database)
      }
      return try self.begin(user, by: .provider, from: address, agent: agent, in: database)
    }
  }

  private func find(
    _ identity: Identity, _ grants: [RoleGrant], from address: String, in database: Database
  ) throws -> User {
    let known = try Identities.user(issuer: identity.issuer, subject: identity.subject, in: database)
    if let user = try known.flatMap({ try Users.find(id: $0, in: database) }) { return user }
    guard let email = identity.email else { throw Refusal.unverifiedAddress }
    let user = try find(email, grants, by: .provider, from: address, in: database)
    // An address that was given to somebody else must not bring the account of whoever had it.
    if try Identities.hasAny(issuer: identity.issuer, user: user.id, in: database) { throw Refusal.noAccount }
    try Identities.insert(issuer: identity.issuer, subject: identity.subject, user: user.id, in: database)
    return user
  }

  /// The person with an address, made where there is none and anything is granted.
  private func find(
    _ email: String, _ grants: [RoleGrant], by way: Sessions.Way, from address: String, in database: Database
  ) throws -> User {
    if let user = try Users.find(email: email, in: database) { return user }
    let there = try grants.filter { grant in
      try grant.workspace.map { try Workspaces.find(slug: $0, in: database) != nil } ?? true
    }
    guard !there.isEmpty else { throw Refusal.noAccount }
    let now = clock.now()
    let id = try Users.insert(email: email, isAdmin: false, at: now, in: database)
    for grant in there { try give(grant, to: id, in: database) }
    let what = there.map { grant in grant.workspace.map { "\(grant.role.rawValue) of \($0)" } ?? "administrator" }
    try Actor(name: way.rawValue, address: address).record(
      "user.add", email, what.joined(separator: ", "), at: now, in: database)
    guard let user = try Users.find(id: id, in: database) else { throw Refusal.unknownUser }
    return user
  }

  private func give(_ grant: RoleGrant, to user: Int64, in database: Database) throws {
    guard let slug = grant.workspace else { return try Users.setAdmin(user, true, in: database) }
    guard let workspace = try Workspaces.find(slug: slug, in: database) else { return }
    try Users.join(user, workspace: workspace.id, as: grant.role, in: database)
  }

  /// Makes the rights at the places that the groups have a say about what they bring; true when something has changed.
  ///
  /// The last administrator stays one.
  private func settle(
    _ user: User, _ grants: [RoleGrant], at places: Set<String?>, in database: Database
  ) throws -> Bool {
    let before = try Users.memberships(user.id, in: database)
    for place in places {
      let granted = grants.filter { $0.workspace == place }
      if let best = granted.first(where: { $0.role == .admin }) ?? granted.first {
        try give(best, to: user.id, in: database)
      } else if let slug = place {
        guard let membership = before.first(where: { $0.workspace == slug }) else { continue }
        try Users.leave(user.id, workspace: membership.workspaceID, in: database)
      } else if user.isAdmin, try Users.countAdmins(in: database) > 1 {
        try Users.setAdmin(user.id, false, in: database)
      }
    }
    let isAdmin = try Users.find(id: user.id, in: database)?.isAdmin
    return try isAdmin != user.isAdmin || Users.memberships(user.id, in: database) != before
  }
}
