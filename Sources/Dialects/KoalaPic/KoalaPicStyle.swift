import Basics
import Engine
import Outbox
package import Storage

extension DeliveryStyle {
  package static let koalapic = DeliveryStyle(rawValue: "koalapic")
}

extension WebhookStyle {
  /// KoalaPic: "non-2xx status or times out": "After 30 seconds", "After 2 minutes", "After 10 minutes", then failed.
  ///
  /// An address that comes with a request is told instead of the global one.
  package static let koalapic = WebhookStyle(
    title: "KoalaPic", events: [.conversionCompleted, .conversionFailed, .jobCompleted, .jobFailed],
    ownStandsForEndpoints: true,
    policy: DeliveryPolicy(
      style: .koalapic, userAgent: "KoalaPic-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
      delays: [.seconds(30), .minutes(2), .minutes(10)]
    ) { letter, _ in
      // The vendor's blog names the first field, its help page the second.
      ["X-KoalaPic-Signature", "X-Webhook-Signature"].flatMap { name in
        letter.secrets.first.map { [(name, Signature.plain(letter.body, $0))] } ?? []
      }
    }, messages: KoalaPicWebhooks.messages)
}

/// The webhook bodies of KoalaPic: `event`, and `data` with a link or an error.
private enum KoalaPicWebhooks {
  /// Only ends are told, and a job of several files as a whole only; what came by KoalaPic's own API as its page says it:
  /// a batch as a whole, failed when one or more files did, under the names that its clients know.
  @Sendable static func messages(_ happening: Happening, _ link: @escaping WebhookStyle.Link) -> [WebhookMessage] {
    guard let whole = WebhookEvent.whole(happening.kind) else { return [] }
    switch happening.subject {
    case .batch(let view):
      let isShort = view.batch.dialect == KoalaPic.name && view.batch.completed < view.batch.total
      let event = isShort ? WebhookEvent.jobFailed : whole
      return [WebhookMessage(event) { _ in body(event, view, link) }]
    case .job(let view) where view.job.dialect == KoalaPic.name && view.job.batchID != nil:
      return []
    case .job(let view) where happening.inputs.count > 1:
      return [WebhookMessage(whole, part: 1) { _ in body(whole, view, files: happening.inputs.count, link) }]
    case .job(let view):
      let event = happening.kind == .completed ? WebhookEvent.conversionCompleted : .conversionFailed
      return [WebhookMessage(event) { _ in body(event, view, files: nil, link) }]
    default: return []
    }
  }

  /// `files` is how many came with a job that is told as a whole.
  private static func body(
    _ event: WebhookEvent, _ view: JobView, files: Int?, _ link: @escaping WebhookStyle.Link
  ) -> [UInt8] {
    document(event) { data in
      data.member("job_id", view.job.dialect == KoalaPic.name ? KoalaPicNames.name(of: view) : view.requestID)
      data.member("status", view.job.status.rawValue)
      if let files {
        data.member("total_files", files)
        data.member("completed_files", view.outputs.count)
        data.member("items", array: { items(view.outputs, link, to: &$0) })
      } else if let output = view.outputs.first {
        data.member("filename", output.name)
        data.member("download_url", link(output.path))
      }
      if let error = view.job.errorMessage { data.member("error", error) }
    }
  }

  private static func body(_ event: WebhookEvent, _ view: BatchView, _ link: @escaping WebhookStyle.Link) -> [UInt8] {
    document(event) { data in
      data.member("job_id", view.batch.dialect == KoalaPic.name ? KoalaPicNames.name(of: view) : view.batchID)
      data.member("status", view.batch.status.rawValue)
      data.member("total_files", view.batch.total)
      data.member("completed_files", view.batch.completed)
      if let archive = view.archive { data.member("download_url", link(archive.path)) }
      data.member("items", array: { items(view.tasks.flatMap(\.view.outputs), link, to: &$0) })
      if let error = view.batch.errorMessage { data.member("error", error) }
    }
  }

  private static func document(_ event: WebhookEvent, _ data: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("event", event.name)
      document.member("data", object: data)
    }
    return writer.bytes
  }

  /// The files of a job or a batch as a whole.
  private static func items(_ files: [JobView.File], _ link: WebhookStyle.Link, to writer: inout JSONWriter) {
    for file in files {
      writer.object { item in
        item.member("filename", file.name)
        item.member("download_url", link(file.path))
      }
    }
  }
}
