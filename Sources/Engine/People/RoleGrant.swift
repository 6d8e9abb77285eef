import Storage

/// A right that somebody gets who signs in by another's word: at one workspace, or at the whole appliance.
package struct RoleGrant: Sendable, Equatable {
  /// Nil for the whole appliance, which has administrators only.
  let workspace: String?
  let role: Membership.Role

  package static let expectation = "admin for the whole appliance, or SLUG:member or SLUG:admin for one workspace"

  /// Reads `admin`, `acme:member` or `acme:admin`; nil for anything else.
  init?(_ text: some StringProtocol) {
    if text == "admin" {
      (workspace, role) = (nil, .admin)
      return
    }
    let parts = String(text).split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, !parts[0].isEmpty, let role = Membership.Role(rawValue: parts[1]) else { return nil }
    (workspace, self.role) = (parts[0], role)
  }

  /// Reads several with commas between them, none for `none`; nil when one is wrong.
  package static func list(_ text: String) -> [RoleGrant]? {
    let words = text.split { $0 == "," || $0 == " " }
    if words.isEmpty || words == ["none"] { return [] }
    let grants = words.compactMap { RoleGrant($0) }
    return grants.count == words.count ? grants : nil
  }
}
