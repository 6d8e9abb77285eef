package import Basics
package import Engine
package import HTTP

/// What every dialect is built from.
package struct DialectParts: Sendable {
  package let jobs: JobService
  package let address: PublicAddress
  package let spool: String
  package let maxUpload: Int64
  package let log: Log
  package let forms: MultipartLimits
  package let streams: EventStreams

  package init(
    jobs: JobService, address: PublicAddress, spool: String, maxUpload: Int64, log: Log,
    forms: MultipartLimits = MultipartLimits(), streams: EventStreams = EventStreams()
  ) {
    self.jobs = jobs
    self.address = address
    self.spool = spool
    self.maxUpload = maxUpload
    self.log = log
    self.forms = forms
    self.streams = streams
  }
}

/// One of the APIs as its clients know it: its routes, and how it words a refusal.
protocol Dialect: Sendable {
  static var name: String { get }
  var routes: [Route] { get }
  /// The error document of this dialect.
  func document(_ refusal: Refusal, requestID: String?) -> [UInt8]
}

extension Dialect {
  /// The routes with the rendering of their errors.
  func group(_ log: Log) -> RouteGroup {
    RouteGroup(routes, refuse: ErrorTranslation.renderer(log, document))
  }
}

/// All dialects this server speaks.
package enum AllDialects {
  /// The routes of every dialect.
  package static func groups(_ parts: DialectParts) -> [RouteGroup] {
    let dialects: [any Dialect] = [Wonder(parts: parts)]
    return dialects.map { $0.group(parts.log) }
  }

  /// The house's way to word an error, for routes that belong to no dialect.
  package static func houseRefuse(_ log: Log) -> RouteGroup.Refuse {
    ErrorTranslation.renderer(log, WonderDocuments.refusal)
  }
}
