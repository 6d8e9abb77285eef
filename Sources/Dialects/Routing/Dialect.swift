package import Basics
package import Engine
package import HTTP

/// What every dialect is built from.
package final class DialectParts: Sendable {
  package let jobs: JobService
  package let approvals: Approvals
  package let address: PublicAddress
  package let spool: Spool
  package let maxUpload: Int64
  package let log: Log
  package let forms: MultipartLimits
  package let streams: EventStreams
  /// Asked before a job's files are read: throws when the service cannot take work now.
  package let admission: Route.Admission?
  /// The dialects whose rows for visitors are open.
  package let anonymous: Set<String>
  /// The dialects whose callbacks the secret of the key signs though their vendors' are not signed.
  package let signedCallbacks: Set<String>
  /// Whether the host of an address has a name that leads somewhere, and to where this server may go; it blocks.
  package let reaches: @Sendable (_ address: String) -> Bool

  package init(
    jobs: JobService, approvals: Approvals, address: PublicAddress, spool: Spool, maxUpload: Int64, log: Log,
    forms: MultipartLimits = MultipartLimits(), streams: EventStreams = EventStreams(),
    admission: Route.Admission? = nil, anonymous: Set<String> = [], signedCallbacks: Set<String> = [],
    reaches: @escaping @Sendable (_ address: String) -> Bool = { _ in true }
  ) {
    self.jobs = jobs
    self.approvals = approvals
    self.address = address
    self.spool = spool
    self.maxUpload = maxUpload
    self.log = log
    self.forms = forms
    self.streams = streams
    self.admission = admission
    self.anonymous = anonymous
    self.signedCallbacks = signedCallbacks
    self.reaches = reaches
  }
}

/// One of the APIs as its clients know it: its routes, and its whole answer when something is refused.
package protocol Dialect: Sendable {
  static var name: String { get }
  /// What the links of its jobs may be used for; nil for the server's own rules.
  static var linkRules: LinkRules? { get }
  /// How the address is told that comes with one of its requests, which endpoints can have too if it offers them events;
  /// nil when its clients can give none.
  static var style: WebhookStyle? { get }
  /// What the keys of its vendor begin with, for keys that are to look like these; nil where they have no such habit.
  static var keyPrefix: KeyPrefix? { get }
  /// One table, with who may call in each row.
  var routes: [DialectRoute] { get }
  /// Status, fields and body of a refusal; what the server adds to every answer is left to it, such as Retry-After.
  func response(to refusal: Refusal, for request: Request?) -> Response
  /// What its clients call the part of a request that is wrong.
  func name(of subject: Refusal.Subject, for request: Request?) -> String
  /// Where its clients put their key.
  func key(of request: Request) -> String?
  /// The job that a request is about and the word that its clients show for it; nil where they have no such word, or show a key.
  func jobCredential(of request: Request) -> Access.JobCredential?
  /// Where its clients put the password of a download.
  static func downloadPassword(of request: Request) -> String?
  /// True when its answers also tell what is left of a month's jobs.
  static var tellsMonth: Bool { get }
  /// Writes what is left of a rate into an answer.
  func tell(_ allowance: Allowance, in response: inout Response)
}

extension Dialect {
  package static var linkRules: LinkRules? { nil }
  package static var keyPrefix: KeyPrefix? { nil }
  package static var tellsMonth: Bool { false }

  package func key(of request: Request) -> String? { Credentials.key(of: request) }

  package func jobCredential(of request: Request) -> Access.JobCredential? { nil }

  /// The one that a browser asks for.
  package static func downloadPassword(of request: Request) -> String? { Credentials.password(of: request) }

  /// The `RateLimit-` fields as most clients know them, one number each
  /// (draft-ietf-httpapi-ratelimit-headers-07 section 5).
  package func tell(_ allowance: Allowance, in response: inout Response) {
    let allowance = allowance.tightest
    response.headers.set(.rateLimitLimit, String(allowance.limit))
    response.headers.set(.rateLimitRemaining, String(allowance.remaining))
    response.headers.set(.rateLimitReset, String(allowance.resetSeconds))
  }

  /// The routes with the rendering of their errors.
  func group(_ parts: DialectParts) -> RouteGroup {
    let admitting = Admitting(
      access: parts.jobs.access, dialect: Self.name, takesVisitors: parts.anonymous.contains(Self.name),
      key: { key(of: $0) }, jobCredential: { jobCredential(of: $0) }, tellsMonth: Self.tellsMonth,
      tell: { tell($0, in: &$1) })
    let rows = routes
    let reader = CrossOrigin.reader(rows, parts.jobs.access, key: { key(of: $0) })
    return RouteGroup(
      rows.map { $0.route(admitting) }, refuse: ErrorTranslation.renderer(self, parts.log, reader: reader))
  }
}
