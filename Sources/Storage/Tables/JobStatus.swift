/// The states of a job; the last three are final.
package enum JobStatus: String, Sendable, CaseIterable {
  case incomplete, downloading, pending, processing, completed, failed, canceled

  package var isFinal: Bool {
    switch self {
    case .completed, .failed, .canceled: true
    case .incomplete, .downloading, .pending, .processing: false
    }
  }
}
