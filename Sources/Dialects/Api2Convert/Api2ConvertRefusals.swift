import Basics
import Engine
import HTTP

/// What this API answers when it refuses: `code`, `message` and `errors` ([oas] Error); `error`, a stable word, and
/// `request_id` are of ours.
enum Api2ConvertRefusals {
  /// Statuses of this API where they differ from the house's ([oas], guides/rate-limits).
  private static let statuses = ["quota_exceeded": 402, "storage_quota_exceeded": 402, "malformed_json": 400]
  /// "8 empty JSON body".
  private static let codes = ["malformed_json": 8]

  static func response(to refusal: Refusal, for request: Request?) -> Response {
    let status = statuses[refusal.code] ?? (refusal.status == 422 ? 400 : refusal.status)
    let fields = refusal.fields.map { (name(of: $0.subject, for: request, task: $0.task), $0.problem) }
    var writer = JSONWriter()
    writer.object { document in
      document.member("code", codes[refusal.code] ?? status)
      document.member("message", ([refusal.message] + fields.map { "\($0.0) \($0.1)" }).joined(separator: " "))
      document.member(
        "errors",
        object: { errors in
          var named: Set<String> = []
          for (name, _) in fields where named.insert(name).inserted {
            errors.member(name, .array(fields.filter { $0.0 == name }.map { .string($0.1) }))
          }
        })
      document.member("error", refusal.code)
      if let request { document.member("request_id", request.id) }
    }
    var response = Response.json(Status(refusal: status), writer.bytes)
    if refusal.code == Refusal.downloadLocked.code {
      response.headers.set(.wwwAuthenticate, "Basic realm=\"download\", charset=\"UTF-8\"")
    }
    return response
  }

  static func name(of subject: Refusal.Subject, for request: Request?, task: Int? = nil) -> String {
    let conversion = "conversion[\(task ?? 0)]."
    return switch subject {
    case .files: "input"
    case .address(let index): "input[\(index)].source"
    case .source: "input"
    case .target: conversion + "target"
    case .type: conversion + "category"
    case .option(let name): conversion + "options." + Api2ConvertOptions.vendorName(of: name)
    case .preset: conversion + "options.preset"
    case .overlay, .overlayAddress: conversion + "options.stamp"
    case .webhook: "callback"
    case .output(let index): "conversion[0].output_target[\(index)]"
    case .webhookSecret, .mail: "request"
    case .field(let name): name
    }
  }
}
