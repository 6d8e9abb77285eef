package import Basics

/// An API key as it is stored: what it may do, never the key itself.
package struct Key: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case secret
    /// May be seen by anybody, because it is used in a browser; only pages of its origins may use it.
    case publicKey = "public"
  }

  package let id: Int64
  package let kind: Kind
  package let mayRead: Bool
  package let maySubmit: Bool
  package let expiresAt: Timestamp?
  package let revokedAt: Timestamp?

  package func isActive(at now: Timestamp) -> Bool {
    revokedAt == nil && expiresAt.map { $0 > now } ?? true
  }
}

/// What a new key is made of.
package struct NewKeyRow: Sendable {
  package var workspaceID: Int64
  package var hash: [UInt8]
  /// The part of it that may be shown.
  package var hint: String
  package var name: String
  package var kind = Key.Kind.secret
  package var mayRead = true
  package var maySubmit = true
  package var webhookSecret: String
  package var expiresAt: Timestamp?
  package var origins: [String] = []
  package var createdAt: Timestamp

  package init(
    workspaceID: Int64, hash: [UInt8], hint: String, name: String, webhookSecret: String, createdAt: Timestamp
  ) {
    self.workspaceID = workspaceID
    self.hash = hash
    self.hint = hint
    self.name = name
    self.webhookSecret = webhookSecret
    self.createdAt = createdAt
  }
}

/// A key with the workspace and plan it belongs to: everything that a request's permission depends on.
package struct KeyHolder: Sendable, Equatable {
  package let key: Key
  package let workspace: Workspace
  package let plan: Plan
  /// Who came without a key, as their rate is counted; nil for whoever has the key.
  package var visitor: String?
  /// True for who has shown the token of one job and not the key, and may do nothing beyond that job.
  package var hasJobToken = false
}

/// A key as lists show it: enough to tell it from others, nothing to use it.
package struct ListedKey: Sendable, Equatable {
  package let id: Int64
  package let workspaceID: Int64
  package let workspace: String
  package let name: String
  package let hint: String
  package let kind: Key.Kind
  package let mayRead: Bool
  package let maySubmit: Bool
  package let createdAt: Timestamp
  package let lastUsedAt: Timestamp?
  package let expiresAt: Timestamp?
  package let revokedAt: Timestamp?
}
