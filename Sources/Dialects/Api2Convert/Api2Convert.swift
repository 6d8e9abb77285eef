import Basics
import Engine
import HTTP
import Storage

/// api2convert's API, version 2, as its description, its SDKs and its page on webhooks have it (seeds/api2convert.txt): jobs
/// that come in steps or at once, with any number of files and conversions.
struct Api2Convert: Dialect {
  static let name = "api2convert"
  static let style: WebhookStyle? = .api2convert
  /// "valid for 24 hours"; "{server}/download-file/…".
  static let linkRules: LinkRules? = LinkRules(life: .seconds(86_400), folder: "download-file", countsDownloads: true)
  static let needs: [Feature] = [.jobsAPI]

  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(open: .get, "/v2/statuses", statuses),
      DialectRoute(
        open: .get, "/download-file/{token}/{name}", LinkedFiles(jobs: parts.jobs, passwords: passwords).download),
    ] + Api2ConvertJobs(parts: parts).routes + Api2ConvertParts(parts: parts).routes
      + Api2ConvertCatalogue(parts: parts).routes + Api2ConvertPresets(parts: parts).routes
      + Api2ConvertReports(parts: parts).routes
  }

  private var passwords: [String: @Sendable (Request) -> String?] {
    [Api2Convert.name: { Api2Convert.downloadPassword(of: $0) }]
  }

  func response(to refusal: Refusal, for request: Request?) -> Response {
    Api2ConvertRefusals.response(to: refusal, for: request)
  }

  func name(of subject: Refusal.Subject, for request: Request?) -> String {
    Api2ConvertRefusals.name(of: subject, for: request)
  }

  /// "X-Api2convert-Token", and the older name.
  func jobCredential(of request: Request) -> Access.JobCredential? {
    let names = [HeaderName("X-Api2convert-Token"), HeaderName("X-Oc-Token")]
    guard let token = names.lazy.compactMap({ request.headers[$0] }).first,
      let row = RowUUID.row(.request, request.parameters["id"] ?? "", parts.jobs.store.identifiers)
    else { return nil }
    return Access.JobCredential(job: row, token: token)
  }

  /// As the SDKs send it, or as a browser does.
  static func downloadPassword(of request: Request) -> String? {
    let names = [HeaderName("X-Api2convert-Download-Password"), HeaderName("X-Oc-Download-Password")]
    return names.lazy.compactMap { request.headers[$0] }.first ?? Credentials.password(of: request)
  }

  @Sendable private func statuses(_ request: Request) async throws -> Response {
    .api2convert(
      .ok,
      .array(
        Api2ConvertDocuments.statuses.map { .object([("code", .string($0.0)), ("info", .string($0.1))]) }))
  }
}

extension Response {
  /// A document of this API.
  static func api2convert(_ status: Status, _ value: JSONValue) -> Response { .json(status, Array(value.text.utf8)) }
}
