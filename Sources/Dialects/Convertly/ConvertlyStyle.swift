import Basics
import Engine
import Outbox
package import Storage

extension DeliveryStyle {
  package static let convertly = DeliveryStyle(rawValue: "convertly")
}

extension WebhookStyle {
  /// Convertly: "attempts delivery immediately, then retries after roughly 5 seconds and 25 seconds" [seed].
  package static let convertly = WebhookStyle(
    title: "Convertly",
    events: [
      .conversionStarted, .conversionProgress, .conversionCompleted, .conversionFailed, .fileUploaded,
      .currencyConverted, .toolCompleted, .toolFailed, .workflowCompleted,
    ],
    followsFiles: true,
    policy: DeliveryPolicy(
      style: .convertly, userAgent: "Convertly-Webhooks/1.0", timeLimits: (.seconds(10), .seconds(10)),
      delays: [.seconds(5), .seconds(25)]
    ) { letter, moment in
      let signature = Signature.timestamped(letter.body, letter.secrets, at: moment)
      return [("convertly-event", letter.event), ("convertly-timestamp", String(moment.seconds))]
        + (letter.secrets.isEmpty ? [] : [("convertly-signature", signature)])
    }, messages: ConvertlyWebhooks.messages)
}

extension WebhookEvent {
  fileprivate static let currencyConverted = WebhookEvent("currency.conversion.completed", of: [.completed])
  // These are of a newer copy of the vendor's page.
  fileprivate static let toolCompleted = WebhookEvent("media.tool.completed", of: [.completed])
  fileprivate static let toolFailed = WebhookEvent("media.tool.failed", of: [.failed])
  fileprivate static let workflowCompleted = WebhookEvent("workflow.completed", of: [.completed])
}

/// The webhook bodies of Convertly: an envelope with `id`, `type`, `created` and `data`.
private enum ConvertlyWebhooks {
  /// Writes members of `data`.
  private typealias Data = (inout JSONWriter) -> Void

  /// Each event exactly when the seed's table of subscribable events says so.
  @Sendable static func messages(_ happening: Happening, _ link: @escaping WebhookStyle.Link) -> [WebhookMessage] {
    switch happening.subject {
    case .job(let view):
      guard let event = event(happening, view) else { return [] }
      let isEnd = happening.kind != .started
      let name = isEnd ? view.outputs.first?.name : nil
      // What is told of a file of a batch belongs to what was told of the batch.
      let (kind, row) = view.job.batchID.map { (.batch, $0) } ?? (PublicIdentifiers.Kind.request, view.job.id)
      func told(_ event: WebhookEvent, part: Int = 0, _ more: @escaping Data = { _ in }) -> [WebhookMessage] {
        message(event, happening, part: part, (kind, row), name ?? happening.inputs.first) { data in
          if let percent = happening.percent { data.member("progress", percent) }
          if isEnd, let output = view.outputs.first { data.member("downloadUrl", link(output.path)) }
          if let error = view.job.errorMessage { data.member("error", error) }
          more(&data)
        }
      }
      guard event == .conversionCompleted, view.job.dialect == Convertly.name,
        let workflow = ConvertlyJobData(happening.dialectData).workflow
      else { return told(event) }
      return told(event) + told(.workflowCompleted, part: 1) { $0.member("workflowId", workflow) }
    // "A file in a batch is processed."
    case .source(let view, let name):
      guard isConversion(happening, view) else { return [] }
      return message(.conversionProgress, happening, (.request, view.job.id), name) { data in
        if let percent = happening.percent { data.member("progress", percent) }
      }
    case .batch(let view):
      guard let event = WebhookEvent.conversion(happening.kind) else { return [] }
      let first = view.tasks.first
      let name = view.archive?.name ?? first?.view.outputs.first?.name ?? first?.fileName
      return message(event, happening, (.batch, view.batch.id), name) { data in
        data.member("totalFiles", view.batch.total)
        data.member("completedFiles", view.batch.completed)
        data.member("failedFiles", view.batch.failed)
        if let archive = view.archive { data.member("downloadUrl", link(archive.path)) }
        if let error = view.batch.errorMessage { data.member("error", error) }
      }
    // "An original or converted file is stored."
    case .file(let view):
      return message(.fileUploaded, happening, view.file.jobID.map { (.request, $0) }, view.file.name) { data in
        data.member("fileId", ConvertlyNames.text(.storedFile, view.file.id, happening.identifiers))
        data.member("downloadUrl", link(view.path))
      }
    // "An authenticated currency conversion completes."
    case .exchange(let exchange):
      return message(.currencyConverted, happening) { ConvertlyCurrency.tell(exchange, happening.identifiers, to: &$0) }
    }
  }

  /// What happens to a job; of one that is a file of a batch only that it is done.
  private static func event(_ happening: Happening, _ view: JobView) -> WebhookEvent? {
    let isOfBatch = view.job.batchID != nil
    guard isConversion(happening, view) else {
      // What a transfer stores is told by its files.
      guard ConvertlyJobData(happening.dialectData).kind == .tool else { return nil }
      return happening.kind == .completed ? .toolCompleted : happening.kind == .failed ? .toolFailed : nil
    }
    return switch happening.kind {
    // "A batch conversion begins processing."
    case .started: !isOfBatch && happening.sources > 1 ? .conversionStarted : nil
    case .progress: isOfBatch && view.job.status.isFinal ? .conversionProgress : nil
    // "A conversion or compression completes.", "A conversion job fails."
    case .completed: isOfBatch ? nil : .conversionCompleted
    case .failed: isOfBatch ? nil : .conversionFailed
    case .submitted, .canceled, .stored: nil
    }
  }

  /// False for a job of a media tool and for a transfer; what came by another API is always one.
  private static func isConversion(_ happening: Happening, _ view: JobView) -> Bool {
    view.job.dialect != Convertly.name
      || [.convert, .compress].contains(ConvertlyJobData(happening.dialectData).kind)
  }

  private static func message(
    _ event: WebhookEvent, _ happening: Happening, part: Int = 0, _ job: (kind: PublicIdentifiers.Kind, row: Int64)?,
    _ name: String?, _ more: @escaping Data
  ) -> [WebhookMessage] {
    message(event, happening, part: part) { data in
      data.member("jobId", job.map { ConvertlyNames.text($0.kind, $0.row, happening.identifiers) })
      data.member("filename", name ?? "")
      more(&data)
    }
  }

  private static func message(
    _ event: WebhookEvent, _ happening: Happening, part: Int = 0, _ tell: @escaping Data
  ) -> [WebhookMessage] {
    [
      WebhookMessage(event, part: part) { identifier in
        var writer = JSONWriter()
        writer.object { document in
          document.member("id", identifier)
          document.member("type", event.name)
          document.member("created", happening.at.seconds)
          document.member("data", object: tell)
        }
        return writer.bytes
      }
    ]
  }
}
