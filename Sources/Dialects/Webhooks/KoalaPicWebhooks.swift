import Basics
import Engine
import Storage

/// The webhook bodies of KoalaPic: `event`, and `data` with a link or an error.
enum KoalaPicWebhooks {
  static func body(_ message: WebhookMessage) -> [UInt8] {
    let view = message.view
    let isBatch = message.event == .jobCompleted || message.event == .jobFailed
    var writer = JSONWriter()
    writer.object { document in
      document.member("event", message.event.rawValue)
      document.member(
        "data",
        object: { data in
          data.member("job_id", view.requestID)
          data.member("status", view.job.status.rawValue)
          if isBatch {
            data.member("total_files", message.announcement.inputs.count)
            data.member("completed_files", view.outputs.count)
            data.member("items", array: { writeItems(view.outputs, message.link, to: &$0) })
          } else if let output = view.outputs.first {
            data.member("filename", output.name)
            data.member("download_url", message.link(output.path))
          }
          if let error = view.job.errorMessage { data.member("error", error) }
        })
    }
    return writer.bytes
  }

  /// The files of a job or a batch as a whole.
  static func writeItems(_ files: [JobView.File], _ link: (String) -> String, to writer: inout JSONWriter) {
    for file in files {
      writer.object { item in
        item.member("filename", file.name)
        item.member("download_url", link(file.path))
      }
    }
  }
}
