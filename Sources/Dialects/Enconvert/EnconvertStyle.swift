import Basics
import Engine
import Outbox
package import Storage

extension DeliveryStyle {
  package static let enconvert = DeliveryStyle(rawValue: "enconvert")
}

extension WebhookStyle {
  /// Enconvert: "must respond within 30 seconds", "HTTP 200, 201, 202, or 204", "No retries on failure"; unsigned.
  package static let enconvert = WebhookStyle(
    title: "Enconvert",
    policy: DeliveryPolicy(
      style: .enconvert, userAgent: "Enconvert-Webhooks/1.0", timeLimits: (.seconds(30), .seconds(30)), delays: [],
      successes: .list([200, 201, 202, 204]), hasStandardFields: false), messages: EnconvertWebhooks.messages)
}

/// The bodies of callbacks as the seed page has them: one for each address, or one for a whole archive.
private enum EnconvertWebhooks {
  @Sendable static func messages(_ happening: Happening, _ link: @escaping WebhookStyle.Link) -> [WebhookMessage] {
    guard let event = WebhookEvent.conversion(happening.kind), event != .conversionStarted, event != .conversionProgress
    else { return [] }
    func message(_ tell: @escaping (inout JSONWriter) -> Void) -> [WebhookMessage] {
      [
        WebhookMessage(event) { _ in
          var writer = JSONWriter()
          writer.object(tell)
          return writer.bytes
        }
      ]
    }
    switch happening.subject {
    case .job(let view): return message { job(view, to: &$0) }
    case .batch(let view): return message { batch(view, isGood: happening.kind == .completed, to: &$0) }
    default: return []
    }
  }

  private static func job(_ view: JobView, to document: inout JSONWriter) {
    document.member("job_id", EnconvertNames.name(of: view))
    document.member("status", view.job.status == .completed ? "success" : "failed")
    if let batch = view.batchID { document.member("batch_id", batch) }
    if let file = view.outputs.first { tell(file, view.workspace, to: &document) }
  }

  /// One success is enough for `success`.
  private static func batch(_ view: BatchView, isGood: Bool, to document: inout JSONWriter) {
    document.member("job_id", view.batchID)
    document.member("status", isGood ? "success" : "failed")
    document.member("batch_id", view.batchID)
    if let file = view.archive { tell(file, view.workspace, to: &document) }
    document.member("total_tasks", view.batch.total)
    document.member("successful_tasks", view.batch.completed)
    document.member("failed_tasks", view.batch.total - view.batch.completed)
    document.member(
      "tasks",
      array: { tasks in
        for task in view.tasks {
          tasks.object { object in
            let isDone = task.view.job.status == .completed
            object.member("url", task.address ?? task.fileName)
            object.member("status", isDone ? "success" : "failed")
            if isDone {
              object.member("filename", task.packed?.name ?? task.view.outputs.first?.name)
            } else {
              object.member("error", EnconvertFailure(of: task.view.job).words)
            }
          }
        }
      })
  }

  private static func tell(_ file: JobView.File, _ workspace: String, to document: inout JSONWriter) {
    document.member("gcs_uri", EnconvertNames.key(of: file, workspace))
    document.member("filename", EnconvertNames.name(of: file.output))
    document.member("file_size", file.size)
  }
}
