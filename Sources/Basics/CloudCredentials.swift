/// What opens a place elsewhere: an access key with its secret, or a user's name and password.
///
/// Printing it shows nothing of it.
package struct CloudCredentials: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
  private static let longest = 4096

  package let user: String
  package let password: String
  /// What comes with keys that are valid for a while.
  package let token: String?

  package init(user: String, password: String, token: String? = nil) {
    self.user = user
    self.password = password
    self.token = token
  }

  package var description: String { "credentials" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }

  /// As one text, which `init(text:)` reads; it is a secret.
  package var text: String { ([user, password] + (token.map { [$0] } ?? [])).joined(separator: "\n") }

  /// Nil for anything but such a text.
  package init?(text: String) {
    let parts = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard (2...3).contains(parts.count) else { return nil }
    self.init(user: parts[0], password: parts[1], token: parts.count == 3 ? parts[2] : nil)
  }

  /// What is wrong with them, or nil: a line end would be taken for a command of its own.
  package func problem(for kind: CloudPlace.Kind) -> (part: CloudPlace.Part, text: String)? {
    for (part, text) in [(CloudPlace.Part.user, user), (.password, password), (.password, token ?? "")] {
      if text.utf8.count > CloudCredentials.longest || CloudPlace.hasControls(text) {
        return (part, "must be at most \(CloudCredentials.longest) characters without control characters")
      }
    }
    if user.isEmpty { return (.user, "is required") }
    if password.isEmpty, kind == .s3 { return (.password, "is required") }
    return nil
  }
}
