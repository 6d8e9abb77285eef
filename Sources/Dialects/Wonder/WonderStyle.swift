import Basics
import Engine
import Outbox
package import Storage

extension DeliveryStyle {
  package static let wonder = DeliveryStyle(rawValue: "wonder")
}

extension WebhookStyle {
  /// WonderConvert's page names no times; attempts, the next time and the last error are visible there.
  package static let wonder = WebhookStyle(
    title: "Wonder", events: [.conversionCompleted, .conversionFailed, .jobCompleted, .jobFailed],
    policy: DeliveryPolicy(
      style: .wonder, userAgent: "Wonder-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
      delays: [.seconds(30), .minutes(2), .minutes(10), .hours(1), .hours(6)], heedsReceiver: true
    ) { letter, moment in
      [("X-WonderConvert-Event", letter.event)]
        + (letter.requestID.map { [("X-WonderConvert-Request-Id", $0)] } ?? [])
        + (letter.secrets.first.map { [("X-WonderConvert-Signature", Signature.prefixed(letter.body, $0))] } ?? [])
        + [("X-WonderConvert-Delivery", letter.eventID), ("X-WonderConvert-Timestamp", String(moment.seconds))]
    }, messages: WonderWebhooks.messages)
}

/// The webhook bodies of the house API, member by member as the seed page shows them.
private enum WonderWebhooks {
  /// Only the two ends of a job or a batch are told, and only a batch as a whole.
  @Sendable static func messages(_ happening: Happening, _ link: @escaping WebhookStyle.Link) -> [WebhookMessage] {
    let isGood = happening.kind == .completed
    guard isGood || happening.kind == .failed else { return [] }
    switch happening.subject {
    case .job(let view):
      let name = isGood ? "conversion.job.completed" : "conversion.job.failed"
      return [
        WebhookMessage(isGood ? .conversionCompleted : .conversionFailed, named: name) { _ in body(name, view, link) }
      ]
    case .batch(let view):
      let name = isGood ? "conversion.batch.completed" : "conversion.batch.failed"
      return [WebhookMessage(isGood ? .jobCompleted : .jobFailed, named: name) { _ in body(name, view, link) }]
    default: return []
    }
  }

  /// A failed job has its `error_message` where the polling sample reads it.
  private static func body(_ event: String, _ view: JobView, _ link: WebhookStyle.Link) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("event", event)
      document.member("workspace", object: { $0.member("slug", view.workspace) })
      document.member(
        "job",
        object: { job in
          job.member("request_id", view.requestID)
          job.member("status", view.job.status.rawValue)
          job.member("idempotency_key", view.job.idempotencyKey)
          if let message = view.job.errorMessage {
            job.member("error_code", view.job.errorCode)
            job.member("error_message", message)
          }
        })
      document.member(
        "outputs",
        array: { outputs in
          for file in view.outputs {
            outputs.object { output in
              output.member("file_name", file.name)
              output.member("download_url", link(file.path))
            }
          }
        })
    }
    return writer.bytes
  }

  private static func body(_ event: String, _ view: BatchView, _ link: WebhookStyle.Link) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("event", event)
      document.member("workspace", object: { $0.member("slug", view.workspace) })
      document.member("batch", object: { WonderBatchDocuments.tell(view, link, to: &$0) })
      document.member("jobs", array: { WonderBatchDocuments.jobs(view, link, to: &$0) })
    }
    return writer.bytes
  }
}
