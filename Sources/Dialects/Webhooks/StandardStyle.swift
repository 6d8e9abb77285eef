import Basics
import Engine
import Outbox
import Storage

extension WebhookStyle {
  /// Standard Webhooks 1.0, with the times that its example gives.
  package static let standard = WebhookStyle(
    title: "Standard Webhooks",
    events: [
      .conversionStarted, .conversionProgress, .conversionCompleted, .conversionFailed, .fileUploaded, .jobCompleted,
      .jobFailed,
    ],
    policy: DeliveryPolicy(
      style: .standard, userAgent: "Wonder-Webhooks/1.0", timeLimits: (.seconds(20), .seconds(20)),
      delays: [.seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(10)],
      heedsReceiver: true), messages: StandardWebhooks.messages)
}

/// The webhook bodies of the standard style: `type`, `timestamp` and `data`, as Standard Webhooks 1.0 advises.
private enum StandardWebhooks {
  /// A job of several files is told as a conversion and as a whole.
  @Sendable static func messages(_ happening: Happening, _ link: @escaping WebhookStyle.Link) -> [WebhookMessage] {
    switch happening.subject {
    case .batch(let view):
      return WebhookEvent.whole(happening.kind).map { event in
        [WebhookMessage(event) { _ in document(event, happening) { batch(view, link, to: &$0) } }]
      } ?? []
    case .job(let view):
      func message(_ event: WebhookEvent, part: Int = 0, file: String? = nil) -> WebhookMessage {
        WebhookMessage(event, part: part) { _ in
          document(event, happening) { job(view, file, happening.percent, link, to: &$0) }
        }
      }
      if happening.kind == .submitted {
        return happening.inputs.enumerated().map { message(.fileUploaded, part: $0, file: $1) }
      }
      let whole = happening.inputs.count > 1 ? WebhookEvent.whole(happening.kind) : nil
      return [
        WebhookEvent.conversion(happening.kind).map { message($0) }, whole.map { message($0, part: 1) },
      ].compactMap { $0 }
    default: return []
    }
  }

  private static func document(
    _ event: WebhookEvent, _ happening: Happening, _ data: (inout JSONWriter) -> Void
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("type", event.name)
      document.member("timestamp", "\(happening.at)")
      document.member("data", object: data)
    }
    return writer.bytes
  }

  private static func job(
    _ view: JobView, _ file: String?, _ percent: Int64?, _ link: WebhookStyle.Link, to data: inout JSONWriter
  ) {
    data.member("workspace", view.workspace)
    data.member("request_id", view.requestID)
    data.member("status", view.job.status.rawValue)
    data.member("source_format", view.job.sourceFormat)
    data.member("target_format", view.job.targetFormat)
    if let file { data.member("file_name", file) }
    if let percent { data.member("percent", percent) }
    if let error = view.job.errorMessage {
      data.member("error_code", view.job.errorCode)
      data.member("error_message", error)
    }
    data.member("outputs", array: { WonderDocuments.outputs(view, link, to: &$0) })
  }

  private static func batch(_ view: BatchView, _ link: WebhookStyle.Link, to data: inout JSONWriter) {
    data.member("workspace", view.workspace)
    WonderBatchDocuments.tell(view, link, to: &data)
    data.member("jobs", array: { WonderBatchDocuments.jobs(view, link, to: &$0) })
  }
}
