package import Storage

/// What an endpoint can subscribe to, by the name under which it is offered; a style may have others than these.
package struct WebhookEvent: Hashable, Sendable {
  package let name: String
  /// What may have happened when it is told; whoever subscribes to it is worded nothing else.
  package let kinds: Set<EventKind>

  package init(_ name: String, of kinds: Set<EventKind>) {
    self.name = name
    self.kinds = kinds
  }

  package static let conversionStarted = WebhookEvent("conversion.started", of: [.started])
  package static let conversionProgress = WebhookEvent("conversion.progress", of: [.progress])
  package static let conversionCompleted = WebhookEvent("conversion.completed", of: [.completed])
  package static let conversionFailed = WebhookEvent("conversion.failed", of: [.failed])
  package static let fileUploaded = WebhookEvent("file.uploaded", of: [.submitted, .stored])
  package static let jobCompleted = WebhookEvent("job.completed", of: [.completed])
  /// Where a batch that lacks files counts as failed, its end is one of `completed`.
  package static let jobFailed = WebhookEvent("job.failed", of: [.failed, .completed])

  /// What happens to a conversion, in these words; nil for what is told of its files alone, or not at all.
  package static func conversion(_ kind: EventKind) -> WebhookEvent? {
    switch kind {
    case .started: .conversionStarted
    case .progress: .conversionProgress
    case .completed: .conversionCompleted
    case .failed: .conversionFailed
    case .submitted, .canceled, .stored: nil
    }
  }

  /// The end of something that is told as a whole: a job of several files, or a batch.
  package static func whole(_ kind: EventKind) -> WebhookEvent? {
    switch kind {
    case .completed: .jobCompleted
    case .failed: .jobFailed
    case .submitted, .started, .progress, .canceled, .stored: nil
    }
  }
}
