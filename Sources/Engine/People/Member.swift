package import Storage

/// Somebody who is signed in, with what they may do.
package struct Member: Sendable {
  package let user: User
  package let memberships: [Membership]

  /// The role in a workspace; an administrator of the appliance has every right everywhere.
  package func role(in workspace: Int64) -> Membership.Role? {
    user.isAdmin ? .admin : memberships.first { $0.workspaceID == workspace }?.role
  }
}
