import Basics
import Engine
import Outbox
package import Storage

extension DeliveryStyle {
  package static let convertly = DeliveryStyle(rawValue: "convertly")
}

extension WebhookStyle {
  /// Convertly: "attempts delivery immediately, then retries after roughly 5 seconds and 25 seconds".
  package static let convertly = WebhookStyle(
    title: "Convertly",
    events: [.conversionStarted, .conversionProgress, .conversionCompleted, .conversionFailed, .fileUploaded],
    policy: DeliveryPolicy(
      style: .convertly, userAgent: "Convertly-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
      delays: [.seconds(5), .seconds(25)]
    ) { letter, moment in
      let signature = Signature.timestamped(letter.body, letter.secrets, at: moment)
      return [("convertly-event", letter.event), ("convertly-timestamp", String(moment.seconds))]
        + (letter.secrets.isEmpty ? [] : [("convertly-signature", signature)])
    }, messages: ConvertlyWebhooks.messages)
}

/// The webhook bodies of Convertly: an envelope with `id`, `type`, `created` and `data`.
private enum ConvertlyWebhooks {
  @Sendable static func messages(_ happening: Happening, _ link: @escaping WebhookStyle.Link) -> [WebhookMessage] {
    switch happening.subject {
    case .job(let view):
      guard let event = WebhookEvent.conversion(happening.kind) else { return [] }
      return [WebhookMessage(event) { body($0, event, happening, view, nil, link) }]
    // "An original or converted file is stored."
    case .file(let view):
      return [WebhookMessage(.fileUploaded) { body($0, happening, view, link) }]
    default: return []
    }
  }

  private static func body(
    _ identifier: String, _ happening: Happening, _ view: StoredFileView, _ link: WebhookStyle.Link
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("id", identifier)
      document.member("type", WebhookEvent.fileUploaded.name)
      document.member("created", happening.at.seconds)
      document.member(
        "data",
        object: { data in
          data.member("jobId", view.requestID)
          data.member("filename", view.file.name)
          data.member("downloadUrl", link(view.path))
        })
    }
    return writer.bytes
  }

  private static func body(
    _ identifier: String, _ event: WebhookEvent, _ happening: Happening, _ view: JobView, _ file: String?,
    _ link: WebhookStyle.Link
  ) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { document in
      document.member("id", identifier)
      document.member("type", event.name)
      document.member("created", happening.at.seconds)
      document.member(
        "data",
        object: { data in
          data.member("jobId", view.requestID)
          data.member("filename", file ?? view.outputs.first?.name ?? happening.inputs.first)
          if let percent = happening.percent { data.member("progress", percent) }
          if let output = view.outputs.first { data.member("downloadUrl", link(output.path)) }
          if let error = view.job.errorMessage { data.member("error", error) }
        })
    }
    return writer.bytes
  }
}
