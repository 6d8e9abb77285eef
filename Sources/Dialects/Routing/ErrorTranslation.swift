import Basics
import Engine
import Glibc
import HTTP
import Storage

/// Turns any error into what the client may see, and logs what only the operator may know, once.
enum ErrorTranslation {
  /// The rendering of errors for the routes of a dialect; `reader` tells the page that may read one that names none.
  static func renderer(
    _ dialect: some Dialect, _ log: Log, reader: @escaping @Sendable (Request) -> String? = { _ in nil }
  ) -> RouteGroup.Refuse {
    { error, request in
      let refusal = refusal(of: error, request, log)
      var response = dialect.response(to: refusal, for: request)
      if let failure = error as? HTTPFailure { response.headers.fill(from: failure.headers) }
      if let allowance = refusal.allowance { dialect.tell(allowance, in: &response) }
      if let origin = refusal.origin ?? request.flatMap({ reader($0) }) { CrossOrigin.allow(origin, in: &response) }
      if let seconds = refusal.retryAfter { response.headers.set(.retryAfter, String(seconds)) }
      return response
    }
  }

  private static func refusal(of error: any Error, _ request: Request?, _ log: Log) -> Refusal {
    switch error {
    case let refusal as Refusal:
      return refusal
    case let failure as HTTPFailure:
      return Refusal(failure.word, failure.status.code, sentence(failure.sentence))
    case StoreFailure.closed:
      return .stopping
    case StoreFailure.stoppedWriting:
      // The store has logged why, once.
      return .storageUnavailable
    case StoreFailure.lost(let part, let how):
      // The same.
      return .storageLost("\(part.rawValue) \(how)")
    case let failure as DatabaseFailure where failure.isStorageTrouble:
      report(failure, request, log)
      return .storageUnavailable
    // What a row names and is not there will not come back, so that is a fault of ours.
    case let failure as SystemFailure where failure.isShortage || failure.isOfPlace && failure.code != ENOENT:
      report(failure, request, log)
      return .storageUnavailable
    default:
      report(error, request, log)
      return .internalError
    }
  }

  private static func report(_ error: any Error, _ request: Request?, _ log: Log) {
    log.error("request failed: \(error)", ["request": request?.id ?? "-", "path": request?.loggedPath ?? "-"])
  }

  /// The HTTP layer's words as a sentence.
  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
