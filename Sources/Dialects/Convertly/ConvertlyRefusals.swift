import Basics
import Engine
import HTTP

/// What this API answers when it refuses: `error` in words, which is all that the vendor's library reads, a stable `code`,
/// and with wrong fields each of them in `detail`.
enum ConvertlyRefusals {
  /// 400 with one sentence.
  static func wrong(_ sentence: String) -> Refusal { Refusal("bad_request", 400, sentence) }

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
      document.member("code", refusal.code)
      if !problems.isEmpty { document.member("detail", .array(problems.map(JSONValue.string))) }
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

  /// "x-ratelimit-{limit,remaining}-{month,minute}"; what is left of a month is told where it counts.
  static func tell(_ allowance: Allowance, in response: inout Response) {
    guard !allowance.isDaily else { return }
    response.headers.set(HeaderName("x-ratelimit-limit-minute"), String(allowance.limit))
    response.headers.set(HeaderName("x-ratelimit-remaining-minute"), String(allowance.remaining))
  }
}
