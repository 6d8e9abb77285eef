import Basics
import Engine
import Glibc
import HTTP
import Storage

/// Turns any error into what the client may see, and logs what only the operator may know, once.
enum ErrorTranslation {
  /// The rendering of errors for a group of routes whose documents `document` writes.
  static func renderer(
    _ log: Log, _ document: @escaping @Sendable (Refusal, _ requestID: String?) -> [UInt8]
  ) -> RouteGroup.Refuse {
    { error, request in
      let refusal = refusal(of: error, request, log)
      var response = Response.json(Status(refusal: refusal.status), document(refusal, request?.id))
      headers(of: error, refusal, into: &response)
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

  /// The fields that belong on the answer: those of the HTTP layer, how to sign in, and when to come back.
  private static func headers(of error: any Error, _ refusal: Refusal, into response: inout Response) {
    if let failure = error as? HTTPFailure { response.headers.fill(from: failure.headers) }
    if refusal.status == 401 { response.headers.set(.wwwAuthenticate, "Bearer") }
    refusal.allowance?.tell(in: &response)
    if let origin = refusal.origin { CrossOrigin.allow(origin, in: &response) }
    if let seconds = refusal.retryAfter { response.headers.set(.retryAfter, String(seconds)) }
  }

  private static func report(_ error: any Error, _ request: Request?, _ log: Log) {
    log.error("request failed: \(error)", ["request": request?.id ?? "-", "path": request?.loggedPath ?? "-"])
  }

  /// The HTTP layer's words as a sentence.
  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }
}
