import Basics
import Engine
import Storage

/// The webhook bodies of the house API, member by member as the seed page shows them.
enum WonderWebhooks {
  /// Only the two ends of a job are told.
  static func event(of kind: EventKind) -> String? {
    switch kind {
    case .completed: "conversion.job.completed"
    case .failed: "conversion.job.failed"
    case .submitted, .started, .progress, .canceled: nil
    }
  }

  /// `link` makes a path absolute; a failed job has its `error_message` where the polling sample reads it.
  static func body(_ event: String, _ view: JobView, link: (String) -> String) -> [UInt8] {
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
          WonderDocuments.warnings(view, to: &job)
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
}
