import Basics
import Engine
import HTTP

/// What this API answers when it refuses: `error` in words, which is all that the vendor's library reads, a stable `code`,
/// and in `detail` what is wrong with each field.
enum ConvertlyRefusals {
  /// 400 with one sentence.
  static func wrong(_ sentence: String) -> Refusal { Refusal("bad_request", 400, sentence) }

  /// 403 for what this server does not have.
  static func absent(_ what: String) -> Refusal {
    Refusal("not_available", 403, "\(what) is not available on this server.")
  }

  /// The same for what it would have with a program.
  static func absent(_ what: String, package: String) -> Refusal {
    Refusal(
      "not_available", 403,
      "\(what) is not available on this server: it would be by the Debian package \(package), which is not installed.")
  }

  /// What clients know by another word than ours.
  private static let codes = ["unsupported_conversion": "not_available"]

  /// What the vendor answers with another status than ours: "400 bad input", "402 quota", "403 plan/format/storage".
  private static let statuses = [
    "invalid_fields": 400, "invalid_file": 400, "unsupported_conversion": 403, "quota_exceeded": 402,
    "storage_quota_exceeded": 403, "folder_in_itself": 400, "too_many_folders": 400, "file_size_not_allowed": 400,
    "upload_too_long": 400,
  ]

  static func response(to refusal: Refusal, for request: Request?) -> Response {
    let problems = refusal.fields.map { "\(name(of: $0.subject, for: request)) \($0.problem)" }
    var writer = JSONWriter()
    writer.object { document in
      document.member("error", ([refusal.message] + problems).joined(separator: " "))
      document.member("code", codes[refusal.code] ?? refusal.code)
      // The vendor's PHP library takes it for a text.
      if !problems.isEmpty { document.member("detail", problems.joined(separator: "; ")) }
      if let request { document.member("requestId", request.id) }
    }
    let status = statuses[refusal.code] ?? refusal.status
    var response = Response.json(Status(refusal: status), writer.bytes)
    if status == 401 { response.headers.set(.wwwAuthenticate, "Bearer") }
    return response
  }

  static func name(of subject: Refusal.Subject, for request: Request?) -> String {
    switch subject {
    case .files, .source, .type: request?.path.hasPrefix("/api/media/") ?? false ? "file" : "files"
    case .address: "sourceUrl"
    case .target: "format"
    case .option(let option): option
    case .overlay, .overlayAddress: "watermarkFile"
    case .webhook: "callbackUrl"
    case .webhookSecret: "callbackSecret"
    case .preset, .output, .mail: "request"
    case .field(let name): name
    }
  }

  /// "x-ratelimit-{limit,remaining}-{month,minute}".
  static func tell(_ allowance: Allowance, in response: inout Response) {
    func tell(_ names: (limit: HeaderName, remaining: HeaderName), _ limit: Int64, _ remaining: Int64) {
      response.headers.set(names.limit, String(limit))
      response.headers.set(names.remaining, String(remaining))
    }
    if let month = allowance.month { tell(ofMonth, month.limit, month.remaining) }
    if !allowance.isDaily && !allowance.isMonthly { tell(ofMinute, allowance.limit, allowance.remaining) }
  }

  private static let ofMonth = (
    limit: HeaderName("x-ratelimit-limit-month"), remaining: HeaderName("x-ratelimit-remaining-month")
  )
  private static let ofMinute = (
    limit: HeaderName("x-ratelimit-limit-minute"), remaining: HeaderName("x-ratelimit-remaining-minute")
  )
}
