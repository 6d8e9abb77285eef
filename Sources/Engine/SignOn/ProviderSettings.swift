package import Basics

/// The provider of identities that an operator has named.
package struct ProviderSettings: Sendable {
  /// As the provider calls itself, to the letter.
  package let issuer: String
  let client: String
  let secret: String
  let scopes: String
  let groupsClaim: String
  let roles: GroupRoles
  /// What people are shown.
  package let name: String

  /// Where it says what it is (OpenID Connect Discovery 1.0, section 4).
  var document: String {
    (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
  }

  /// Nil where none is named; throws `SettingsFailure` for settings that do not go together.
  package init?(_ settings: Settings) throws(SettingsFailure) {
    issuer = settings.text(.oidcIssuer)
    if issuer.isEmpty { return nil }
    guard ProviderSettings.isSafe(issuer, beside: issuer), !issuer.contains("?"), !issuer.contains("#") else {
      throw SettingsFailure(
        place: Setting.oidcIssuer.name,
        problem: "\"\(issuer)\" is no https address; http is for a provider on this machine (127.0.0.1) alone")
    }
    client = settings.text(.oidcClient)
    guard !client.isEmpty else {
      throw SettingsFailure(place: Setting.oidcClient.name, problem: "\(Setting.oidcIssuer.name) needs it")
    }
    secret = settings.text(.oidcSecret)
    scopes = settings.text(.oidcScopes)
    guard scopes.split(separator: " ").contains("openid") else {
      throw SettingsFailure(place: Setting.oidcScopes.name, problem: "openid must be among them")
    }
    groupsClaim = settings.text(.oidcGroups)
    guard let roles = GroupRoles(settings.text(.oidcRoles)) else {
      throw SettingsFailure(
        place: Setting.oidcRoles.name,
        problem:
          "\"\(settings.text(.oidcRoles))\" is not valid; expected GROUP=RIGHT with commas between, where RIGHT is "
          + RoleGrant.expectation)
    }
    self.roles = roles
    name = settings.text(.oidcName)
  }

  /// True for https, and for http on this machine when the issuer is spoken to so, too: what the provider answers is
  /// believed for the connection that it came by (OpenID Connect Core 1.0, section 3.1.3.7, point 6).
  static func isSafe(_ address: String, beside issuer: String) -> Bool {
    if address.hasPrefix("https://") { return address.utf8.count > 8 }
    return isLocal(address) && isLocal(issuer)
  }

  private static func isLocal(_ address: String) -> Bool {
    ["http://127.0.0.1", "http://[::1]", "http://localhost"].contains { start in
      address.hasPrefix(start) && [nil, "/", ":"].contains(address.dropFirst(start.count).first)
    }
  }
}
