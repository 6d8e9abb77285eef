package import Storage

/// What an endpoint can be told about, by the names under which it is offered.
package enum WebhookEvent: String, Sendable, CaseIterable {
  case conversionStarted = "conversion.started"
  case conversionProgress = "conversion.progress"
  case conversionCompleted = "conversion.completed"
  case conversionFailed = "conversion.failed"
  case fileUploaded = "file.uploaded"
  case jobCompleted = "job.completed"
  case jobFailed = "job.failed"

  /// The events that a style has words for; none for a style that endpoints cannot have.
  package static func offered(_ style: DeliveryStyle) -> [WebhookEvent] {
    switch style {
    case .wonder: [.conversionCompleted, .conversionFailed, .jobCompleted, .jobFailed]
    case .convertly: [.conversionStarted, .conversionProgress, .conversionCompleted, .conversionFailed, .fileUploaded]
    case .koalapic: [.conversionCompleted, .conversionFailed, .jobCompleted, .jobFailed]
    case .standard: allCases
    case .api2convert, .enconvert, .mail: []
    }
  }

  /// What happened, in these words: a job of several files is also told as a whole, and by KoalaPic only so.
  ///
  /// The house style tells only batches as a whole.
  package static func names(of kind: EventKind, files: Int, _ style: DeliveryStyle) -> [WebhookEvent] {
    let isBatch = files > 1 && style != .wonder
    switch kind {
    case .submitted: return [.fileUploaded]
    case .started: return [.conversionStarted]
    case .progress: return [.conversionProgress]
    case .completed:
      return (isBatch && style == .koalapic ? [] : [.conversionCompleted]) + (isBatch ? [.jobCompleted] : [])
    case .failed: return (isBatch && style == .koalapic ? [] : [.conversionFailed]) + (isBatch ? [.jobFailed] : [])
    case .canceled: return []
    }
  }
}
