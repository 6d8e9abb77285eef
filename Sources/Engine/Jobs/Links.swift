package import Basics
package import Storage

/// Signed, time-limited download links: the row, the expiry, and a code over both that only this server can make.
package struct Links: Sendable {
  private let identifiers: PublicIdentifiers
  private let code: HMAC
  private let clock: Clock
  private let lifetime: Duration
  private let retention: Duration
  private let rules: [String: LinkRules]

  private static let codeSize = 16
  /// What the tokens of stored files begin with, and those for what is to be stored.
  private static let (storedWord, arrivalWord) = ("stored_", "arrival_")

  /// How long a link to a stored file works.
  package static let storedLife = Duration.seconds(300)

  /// `rules` are those of the dialects that have some, by their names.
  package init(
    store: Store, clock: Clock, lifetime: Duration, retention: Duration, rules: [String: LinkRules] = [:]
  ) {
    self.rules = rules
    identifiers = store.identifiers
    code = HMAC(key: store.linkKey)
    self.clock = clock
    self.lifetime = lifetime
    self.retention = retention
  }

  /// The path of a link to an output, "/files/TOKEN/NAME" unless its dialect's rules say otherwise; it never outlives the
  /// file.
  ///
  /// `own` is how long the workspace keeps its files, if not as long as the server.
  package func path(
    to output: Output, of dialect: String = "", finishedAt: Timestamp, retention own: Duration? = nil
  ) -> String {
    let rules = rules[dialect]
    let expiry = min(clock.now() + (rules?.life ?? lifetime), finishedAt + (own ?? retention))
    let token = token(output.id, expiry, most: rules?.mostDownloads)
    return rules?.isShort ?? false
      ? "/dl/\(token)" : "/\(rules?.folder ?? "files")/\(token)/\(PercentEncoding.segment(output.fileName))"
  }

  /// What a path that is made now begins to live at.
  var second: Int64 { clock.now().seconds }

  /// True when each download of a dialect's files is counted.
  func countsDownloads(of dialect: String) -> Bool { rules[dialect]?.countsDownloads ?? false }

  /// What an output is known by; it opens nothing.
  func identifier(of output: Output) -> String { identifiers.text(.file, output.id) }

  func identifier(ofJob row: Int64) -> String { identifiers.text(.request, row) }

  func identifier(ofBatch row: Int64) -> String { identifiers.text(.batch, row) }

  /// What a token stands for.
  package struct Grant: Sendable {
    package let output: Int64
    package let expiresAt: Timestamp
    /// How often it may be used, or nil for as often as anybody likes.
    package let most: Int64?
    /// What its uses are counted under.
    package let code: [UInt8]
  }

  /// The output that a token stands for; throws `Refusal.unknownFile` or `Refusal.expiredLink`.
  package func output(of token: String) throws(Refusal) -> Int64 { try grant(of: token).output }

  /// The same with how often it may be used.
  package func grant(of token: String) throws(Refusal) -> Grant {
    let parts = token.split(separator: "-", omittingEmptySubsequences: false)
    guard (3...4).contains(parts.count), let output = identifiers.row(.file, parts[0]),
      let seconds = Base32.decode(parts[1]), let given = Hexadecimal.decode(parts[parts.count - 1]),
      let end = token.lastIndex(of: "-"), isSameSecret(given, sign(token[..<end]))
    else { throw .unknownFile }
    guard Int64(seconds) > clock.now().seconds else { throw .expiredLink }
    return Grant(
      output: output, expiresAt: Timestamp(milliseconds: Int64(seconds) * 1000),
      most: parts.count == 4 ? Int64(parts[2]) : nil, code: given)
  }

  /// The path of a link to a stored file.
  package func path(to file: StoredFile) -> String {
    let token = token(Links.storedWord, file.id, clock.now() + Links.storedLife)
    return "/files/\(token)/\(PercentEncoding.segment(file.name))"
  }

  /// What a stored file is known by; it opens nothing.
  func identifier(of file: StoredFile) -> String { identifiers.text(.storedFile, file.id) }

  /// The stored file that a token stands for; nil for a token of something else.
  ///
  /// Throws `Refusal.unknownFile` or `Refusal.expiredLink`.
  func storedFile(of token: String) throws(Refusal) -> Int64? { try row(of: token, Links.storedWord) }

  /// A token that lets its holder send a file for so long.
  func token(forArrival row: Int64, life: Duration) -> String { token(Links.arrivalWord, row, clock.now() + life) }

  /// The arrival that a token stands for; throws `Refusal.unknownUpload` or `Refusal.expiredLink`.
  func arrival(of token: String) throws(Refusal) -> Int64 {
    guard let row = try row(of: token, Links.arrivalWord) else { throw .unknownUpload }
    return row
  }

  private func token(_ word: String, _ row: Int64, _ expiry: Timestamp) -> String {
    let signed = word + identifiers.text(kind(of: word), row) + "-" + Base32.encode(UInt64(max(0, expiry.seconds)))
    return signed + "-" + Hexadecimal.encode(sign(signed))
  }

  private func row(of token: String, _ word: String) throws(Refusal) -> Int64? {
    guard token.hasPrefix(word) else { return nil }
    let parts = token.dropFirst(word.utf8.count).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let row = identifiers.row(kind(of: word), parts[0]), let seconds = Base32.decode(parts[1]),
      let given = Hexadecimal.decode(parts[2]), let end = token.lastIndex(of: "-"),
      isSameSecret(given, sign(token[..<end]))
    else { throw .unknownFile }
    guard Int64(clamping: seconds) > clock.now().seconds else { throw .expiredLink }
    return row
  }

  private func kind(of word: String) -> PublicIdentifiers.Kind {
    word == Links.storedWord ? .storedFile : .upload
  }

  private func token(_ output: Int64, _ expiry: Timestamp, most: Int?) -> String {
    let uses = most.map { "-\($0)" } ?? ""
    let signed = identifiers.text(.file, output) + "-" + Base32.encode(UInt64(max(0, expiry.seconds))) + uses
    return signed + "-" + Hexadecimal.encode(sign(signed))
  }

  private func sign(_ text: some StringProtocol) -> [UInt8] {
    Array(code.code(for: Array(text.utf8)).prefix(Links.codeSize))
  }
}
