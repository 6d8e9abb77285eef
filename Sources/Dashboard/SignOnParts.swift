package import Engine

/// What signing in without a password of this server needs.
package struct SignOnParts: Sendable {
  /// What somebody gets who has no account.
  let newcomers: [RoleGrant]
  /// Where a browser goes after signing out, or empty.
  let signOutURL: String
  /// Nil without one, and in a process that serves nobody.
  let provider: OpenIDConnect?

  package init(_ settings: SignOnSettings, provider: OpenIDConnect?) {
    newcomers = settings.newcomers
    signOutURL = settings.signOutURL
    self.provider = provider
  }
}
