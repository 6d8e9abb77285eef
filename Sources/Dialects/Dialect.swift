package import Basics
package import Engine
package import HTTP

/// What every dialect is built from.
package struct DialectParts: Sendable {
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

  package init(
    jobs: JobService, approvals: Approvals, address: PublicAddress, spool: Spool, maxUpload: Int64, log: Log,
    forms: MultipartLimits = MultipartLimits(), streams: EventStreams = EventStreams(),
    admission: Route.Admission? = nil
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
  }
}

/// One of the APIs as its clients know it: its routes, and how it words a refusal.
protocol Dialect: Sendable {
  static var name: String { get }
  var parts: DialectParts { get }
  /// What a plan must have for the routes that need a key.
  var feature: Feature { get }
  var keyRoutes: [KeyRoute] { get }
  /// Routes for anybody.
  var openRoutes: [Route] { get }
  /// The error document of this dialect.
  func document(_ refusal: Refusal, requestID: String?) -> [UInt8]
}

extension Dialect {
  /// The routes with the rendering of their errors, and what browsers ask before they use one with a public key.
  func group() -> RouteGroup {
    let access = parts.jobs.access
    let admitting = Admitting(access: access, feature: feature)
    let routes = keyRoutes.map { $0.route(admitting) }
    return RouteGroup(
      routes + CrossOrigin.routes(for: keyRoutes, access) + openRoutes,
      refuse: ErrorTranslation.renderer(parts.log, document))
  }
}

/// All dialects this server speaks.
package enum AllDialects {
  private static func all(_ parts: DialectParts) -> [any Dialect] { [Wonder(parts: parts)] }

  /// The routes of every dialect.
  package static func groups(_ parts: DialectParts) -> [RouteGroup] { all(parts).map { $0.group() } }

  /// What each route needs of a key, or `anyone`, for the test that tries them all.
  package static func needs(_ parts: DialectParts) -> [(method: String, path: String, need: String)] {
    all(parts).flatMap { dialect in
      dialect.keyRoutes.map { ($0.method.rawValue, $0.pattern, $0.permission.rawValue) }
        + dialect.openRoutes.map { ($0.method.rawValue, $0.pattern, "anyone") }
    }
  }

  /// The house's way to word an error, for routes that belong to no dialect.
  package static func houseRefuse(_ log: Log) -> RouteGroup.Refuse {
    ErrorTranslation.renderer(log, WonderDocuments.refusal)
  }
}
