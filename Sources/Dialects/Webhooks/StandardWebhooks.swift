import Basics
import Engine
import Storage

/// The webhook bodies of the standard style: `type`, `timestamp` and `data`, as Standard Webhooks 1.0 advises.
enum StandardWebhooks {
  static func body(_ message: WebhookMessage) -> [UInt8] {
    let view = message.view
    var writer = JSONWriter()
    writer.object { document in
      document.member("type", message.event.rawValue)
      document.member("timestamp", "\(message.announcement.at)")
      document.member("data", object: { data(message, view, to: &$0) })
    }
    return writer.bytes
  }

  private static func data(_ message: WebhookMessage, _ view: JobView, to data: inout JSONWriter) {
    data.member("workspace", view.workspace)
    data.member("request_id", view.requestID)
    data.member("status", view.job.status.rawValue)
    data.member("source_format", view.job.sourceFormat)
    data.member("target_format", view.job.targetFormat)
    if let file = message.file { data.member("file_name", file) }
    if let percent = message.announcement.percent { data.member("percent", percent) }
    if let error = view.job.errorMessage {
      data.member("error_code", view.job.errorCode)
      data.member("error_message", error)
    }
    WonderDocuments.warnings(view, to: &data)
    data.member("outputs", array: { WonderDocuments.outputs(view, message.link, to: &$0) })
  }
}
