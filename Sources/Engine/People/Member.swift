package import Storage

/// Somebody who is signed in, with what they may do.
package struct Member: Sendable {
  package let user: User
  package let memberships: [Membership]
  /// By workspace, for lists ask for each row.
  private let roles: [Int64: Membership.Role]

  init(user: User, memberships: [Membership]) {
    self.user = user
    self.memberships = memberships
    roles = Dictionary(memberships.map { ($0.workspaceID, $0.role) }) { first, _ in first }
  }

  /// The role in a workspace; an administrator of the appliance has every right everywhere.
  package func role(in workspace: Int64) -> Membership.Role? {
    user.isAdmin ? .admin : roles[workspace]
  }
}
