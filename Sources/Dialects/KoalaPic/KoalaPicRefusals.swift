import Basics
import Engine
import HTTP

/// What this API answers when it refuses: `error` in words, `retry_after` when waiting helps, and beside them, of ours, a
/// stable `code` and the `fields` that are wrong.
enum KoalaPicRefusals {
  static func response(to refusal: Refusal, for request: Request?) -> Response {
    let fields = refusal.fields.map { "\(name(of: $0.subject, for: request)) \($0.problem)" }
    var writer = JSONWriter()
    writer.object { document in
      document.member("error", ([refusal.message] + fields).joined(separator: " "))
      if let seconds = refusal.retryAfter { document.member("retry_after", seconds) }
      // The house's clients share an address with this API, and read these of any refusal there.
      document.member("status", refusal.status)
      document.member("message", refusal.message)
      document.member("code", refusal.code)
      if !fields.isEmpty {
        document.member(
          "fields",
          array: { list in for field in refusal.fields { list.value(.string(name(of: field.subject, for: request))) } })
      }
      if let request { document.member("request_id", request.id) }
    }
    var response = Response.json(Status(refusal: refusal.status), writer.bytes)
    if refusal.status == 401 { response.headers.set(.wwwAuthenticate, "Bearer") }
    return response
  }

  static func name(of subject: Refusal.Subject, for request: Request?) -> String {
    switch subject {
    case .files: request?.path.hasSuffix("/batch") ?? false ? "files" : "file"
    case .address: "url"
    case .source: "file"
    case .target: "output_format"
    case .type, .preset, .overlay, .overlayAddress, .mail, .webhookSecret, .output: "request"
    case .option(let name): name
    case .webhook: "webhook_url"
    case .field(let name): name
    }
  }

  /// Both families of fields: the help page's by minute and day, and the blog's with the Unix time of the reset.
  static func tell(_ allowance: Allowance, in response: inout Response) {
    let tightest = allowance.tightest
    response.headers.set(HeaderName("X-RateLimit-Limit"), String(tightest.limit))
    response.headers.set(HeaderName("X-RateLimit-Remaining"), String(tightest.remaining))
    response.headers.set(HeaderName("X-RateLimit-Reset"), String(tightest.resetsAt.seconds))
    if !allowance.isDaily {
      response.headers.set(HeaderName("X-RateLimit-Limit-Minute"), String(allowance.limit))
      response.headers.set(HeaderName("X-RateLimit-Remaining-Minute"), String(allowance.remaining))
    }
    guard let day = allowance.day else { return }
    response.headers.set(HeaderName("X-RateLimit-Limit-Day"), String(day.limit))
    response.headers.set(HeaderName("X-RateLimit-Remaining-Day"), String(day.remaining))
  }
}
