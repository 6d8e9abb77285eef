import Basics
import Engine
import HTTP

/// What this API answers when it refuses: `detail` in words, or for fields a list of what is wrong with each.
///
/// A 5xx to a submission makes the vendor's library ask for five minutes for a job that never was, so what is refused for want
/// of room is told as 429.
enum EnconvertRefusals {
  static let nameInUse = Refusal("job_id_in_use", 409, "job_id already in use")

  /// 400 with one sentence.
  static func wrong(_ sentence: String) -> Refusal { Refusal("bad_request", 400, sentence) }

  /// "{feature} is not available on your current plan".
  static func gate(_ feature: String) -> Refusal {
    Refusal("feature_gate", 403, "\(feature) is not available on your current plan. Ask the operator for another one.")
  }

  /// 504 while the job goes on, which the client may ask about.
  static func late(_ view: JobView) -> Response {
    var writer = JSONWriter()
    writer.object { document in
      document.member("error", "Request timeout")
      document.member("job_id", EnconvertNames.name(of: view))
    }
    return .json(Status(refusal: 504), writer.bytes)
  }

  /// What every public key hears that asks for more than that ("Public keys do not support async or batch processing").
  private static let publicKeys =
    "A public key converts files while the client waits; use a secret key for async and batch processing, pages and the rest."

  /// What the vendor answers with another status than ours.
  private static let statuses = [
    "quota_exceeded": 402, "storage_quota_exceeded": 402, "invalid_file": 400, "unsupported_conversion": 400,
    "invalid_idempotency_key": 422,
  ]

  static func response(to refusal: Refusal, for request: Request?) -> Response {
    let isFull = refusal.status == 503 && request?.method == .post
    let status = isFull ? 429 : statuses[refusal.code] ?? refusal.status
    let fields = refusal.fields.map { (name: name(of: $0.subject), problem: $0.problem) }
    let sentences = fields.map { "\($0.name) \($0.problem)" }
    var message = isFull ? "Server is at capacity: \(refusal.message)" : refusal.message
    if refusal.code == "plan_required" { message = gated(message) }
    if refusal.code == Refusal.secretKeyNeeded.code { message = publicKeys }
    var writer = JSONWriter()
    writer.object { document in
      if status == 422, !fields.isEmpty {
        document.member("detail", array: { list in for field in fields { list.object { tell(field, to: &$0) } } })
        document.member("errors", .array(sentences.map(JSONValue.string)))
      } else if status == 413 {
        document.member("detail", object: { $0.member("error", message) })
      } else {
        document.member("detail", ([message] + sentences).joined(separator: " "))
      }
      document.member("code", refusal.code)
      if let request { document.member("request_id", request.id) }
    }
    var response = Response.json(Status(refusal: status), writer.bytes)
    if status == 401 { response.headers.set(.wwwAuthenticate, "Bearer") }
    return response
  }

  private static func tell(_ field: (name: String, problem: String), to object: inout JSONWriter) {
    let place = ["body"] + field.name.split(separator: ".").map(String.init)
    object.member("loc", .array(place.map(JSONValue.string)))
    object.member("msg", "\(field.name) \(field.problem)")
    object.member("type", "value_error")
  }

  /// The engine names a feature and the plan that has it.
  private static func gated(_ message: String) -> String {
    let features = ["Batches": "Batch processing", "Webhooks": "Webhook callbacks", "E-mail": "Email notifications"]
    guard let feature = features.first(where: { message.hasPrefix($0.key) })?.value else { return message }
    return "\(feature) is not available on your current plan. " + message
  }

  static func name(of subject: Refusal.Subject) -> String {
    switch subject {
    case .files, .source, .type: "file"
    case .address: "url"
    case .target: "conversion"
    case .option(let option): EnconvertPageFields.field(of: option)
    case .overlay, .overlayAddress, .preset, .webhookSecret, .output: "request"
    case .webhook: "callback_url"
    case .mail: "notification_email"
    case .field(let name): name
    }
  }
}
