import Basics
import Engine
import HTTP

/// What the house API answers when it refuses, and what it calls the parts of a request.
enum WonderRefusals {
  static func response(to refusal: Refusal, for request: Request?) -> Response {
    var writer = JSONWriter()
    writer.object { document in
      document.member("status", refusal.status)
      document.member("message", refusal.message)
      document.member("code", refusal.code)
      let problems = problems(refusal.fields.map { (name(of: $0.subject, for: request), $0.problem) })
      if !problems.isEmpty {
        document.member(
          "errors",
          object: { errors in
            for (name, texts) in problems { errors.member(name, .array(texts.map(JSONValue.string))) }
          })
      }
      if refusal.unnamed > 0 { document.member("more_errors", refusal.unnamed) }
      if let request { document.member("request_id", request.id) }
    }
    var response = Response.json(Status(refusal: refusal.status), writer.bytes)
    if refusal.status == 401 {
      // A browser then asks for it.
      let isDownload = refusal.code == Refusal.downloadLocked.code
      response.headers.set(.wwwAuthenticate, isDownload ? "Basic realm=\"download\", charset=\"UTF-8\"" : "Bearer")
    }
    return response
  }

  static func name(of subject: Refusal.Subject, for request: Request?) -> String {
    switch subject {
    case .files: isDocument(request) ? "inputs" : "files[]"
    case .address(let index): "inputs[\(index)].url"
    case .output(let index): "outputs[\(index)]"
    case .source: "from"
    case .target: "to"
    case .type: "conversion_type"
    case .option(let name): "options[\(name)]"
    case .overlay: "watermark"
    case .overlayAddress: "watermark.url"
    case .preset: "preset"
    case .webhook: "webhook_url"
    case .webhookSecret: "webhook_secret"
    case .mail: "notification_email"
    case .field(let name): name
    }
  }

  /// True for a body of JSON, which has no form's fields.
  private static func isDocument(_ request: Request?) -> Bool {
    request?.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false
  }

  /// Problems by field, fields in the order in which they were found; a refusal has few of them.
  private static func problems(_ fields: [(name: String, problem: String)]) -> [(String, [String])] {
    var names: [String] = []
    for field in fields where !names.contains(field.name) { names.append(field.name) }
    return names.map { name in (name, fields.filter { $0.name == name }.map(\.problem)) }
  }
}
