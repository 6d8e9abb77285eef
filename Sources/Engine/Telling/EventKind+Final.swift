package import Storage

extension EventKind {
  /// True when nothing more happens to the job.
  package var isFinal: Bool {
    switch self {
    case .completed, .failed, .canceled: true
    case .submitted, .started, .progress, .stored: false
    }
  }
}
