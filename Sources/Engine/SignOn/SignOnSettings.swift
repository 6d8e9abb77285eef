package import Basics

/// How people may sign in without a password of this server, read from the settings.
package struct SignOnSettings: Sendable {
  /// Nil where no proxy is believed.
  package let userHeader: String?
  package let newcomers: [RoleGrant]
  /// Empty where a browser stays at the door.
  package let signOutURL: String
  /// Nil without a provider.
  package let provider: ProviderSettings?

  /// Throws `SettingsFailure` that names what is missing or wrong.
  package init(_ settings: Settings) throws(SettingsFailure) {
    let header = settings.text(.userHeader)
    userHeader = header.isEmpty ? nil : header
    if !header.isEmpty {
      let isName = header.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
      }
      guard isName, !SignOnSettings.taken.contains(header.lowercased()) else {
        throw SettingsFailure(
          place: Setting.userHeader.name,
          problem: "\"\(header)\" is no name of a header field of its own, such as X-Forwarded-Email")
      }
      guard !settings.text(.trustedProxies).isEmpty else {
        throw SettingsFailure(
          place: Setting.userHeader.name,
          problem: "it is believed only from \(Setting.trustedProxies.name), which is not set")
      }
    }
    guard let newcomers = RoleGrant.list(settings.text(.newUsers)) else {
      throw SettingsFailure(
        place: Setting.newUsers.name,
        problem: "\"\(settings.text(.newUsers))\" is not valid; expected none, or \(RoleGrant.expectation)")
    }
    self.newcomers = newcomers
    signOutURL = settings.text(.signOutURL)
    provider = try ProviderSettings(settings)
  }

  /// Fields that mean something else.
  private static let taken: Set<String> = [
    "authorization", "connection", "content-length", "content-type", "cookie", "forwarded", "host", "origin",
    "transfer-encoding", "user-agent", "x-api-key", "x-csrf-token", "x-forwarded-for", "x-forwarded-host",
    "x-forwarded-prefix", "x-forwarded-proto",
  ]
}
