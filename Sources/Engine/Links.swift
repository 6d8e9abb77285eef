package import Basics
package import Storage

/// Signed, time-limited download links: the row, the expiry, and a code over both that only this server can make.
package struct Links: Sendable {
  private let identifiers: PublicIdentifiers
  private let code: HMAC
  private let clock: Clock
  private let lifetime: Duration
  private let retention: Duration

  private static let codeSize = 16

  package init(store: Store, clock: Clock, lifetime: Duration, retention: Duration) {
    identifiers = store.identifiers
    code = HMAC(key: store.linkKey)
    self.clock = clock
    self.lifetime = lifetime
    self.retention = retention
  }

  /// The path of a link to an output: "/files/TOKEN/NAME"; it never outlives the file.
  ///
  /// `own` is how long the workspace keeps its files, if not as long as the server.
  package func path(to output: Output, finishedAt: Timestamp, retention own: Duration? = nil) -> String {
    let expiry = min(clock.now() + lifetime, finishedAt + (own ?? retention))
    return "/files/\(token(output.id, expiry))/\(PercentEncoding.segment(output.fileName))"
  }

  /// The output that a token stands for; throws `Refusal.unknownFile` or `Refusal.expiredLink`.
  package func output(of token: String) throws(Refusal) -> Int64 {
    let parts = token.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let output = identifiers.row(.file, parts[0]), let seconds = Base32.decode(parts[1]),
      let given = Hexadecimal.decode(parts[2]),
      isSameSecret(given, sign(parts[0] + "-" + parts[1]))
    else { throw .unknownFile }
    guard Int64(seconds) > clock.now().seconds else { throw .expiredLink }
    return output
  }

  private func token(_ output: Int64, _ expiry: Timestamp) -> String {
    let signed = identifiers.text(.file, output) + "-" + Base32.encode(UInt64(max(0, expiry.seconds)))
    return signed + "-" + Hexadecimal.encode(sign(signed))
  }

  private func sign(_ text: some StringProtocol) -> [UInt8] {
    Array(code.code(for: Array(text.utf8)).prefix(Links.codeSize))
  }
}
