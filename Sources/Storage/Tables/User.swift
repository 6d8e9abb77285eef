package import Basics

/// A person who may sign in.
package struct User: Sendable, Equatable {
  package let id: Int64
  package let email: String
  /// True for an administrator of the whole appliance.
  package let isAdmin: Bool
  package let hasPassword: Bool
  package let createdAt: Timestamp
}

/// What a user may do in a workspace.
package struct Membership: Sendable, Equatable {
  package enum Role: String, Sendable, CaseIterable {
    /// May issue and revoke keys, and see everything.
    case admin
    /// May see everything.
    case member
  }

  package let workspaceID: Int64
  package let workspace: String
  package let role: Role
}
