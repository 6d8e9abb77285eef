import Basics
import Engine
import Storage

/// The webhook bodies of Convertly: an envelope with `id`, `type`, `created` and `data`.
enum ConvertlyWebhooks {
  static func body(_ message: WebhookMessage) -> [UInt8] {
    let view = message.view
    var writer = JSONWriter()
    writer.object { document in
      document.member("id", message.identifier)
      document.member("type", message.event.rawValue)
      document.member("created", message.announcement.at.seconds)
      document.member(
        "data",
        object: { data in
          data.member("jobId", view.requestID)
          data.member("filename", message.file ?? view.outputs.first?.name ?? message.announcement.inputs.first)
          if let percent = message.announcement.percent { data.member("progress", percent) }
          if let output = view.outputs.first { data.member("downloadUrl", message.link(output.path)) }
          if let error = view.job.errorMessage { data.member("error", error) }
        })
    }
    return writer.bytes
  }
}
