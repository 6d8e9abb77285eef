/// Why the module refuses a request by itself: status, a word for machines and a sentence for people.
package struct HTTPFailure: Error, Sendable, CustomStringConvertible {
  package let status: Status
  package let word: String
  package let sentence: String
  /// Fields that belong on the answer, such as Allow.
  package let headers: Headers

  package init(_ status: Status, _ word: String, _ sentence: String, headers: Headers = Headers()) {
    self.status = status
    self.word = word
    self.sentence = sentence
    self.headers = headers
  }

  package var description: String { "\(status.code) \(word): \(sentence)" }

  /// True when the client went away before its body was complete.
  package var isDisconnected: Bool { word == "disconnected" }

  /// Breaks the framing rules of RFC 9112; the connection is closed after the answer.
  static func malformed(_ sentence: String) -> HTTPFailure {
    HTTPFailure(.badRequest, "malformed_request", sentence)
  }

  package static func badForm(_ sentence: String) -> HTTPFailure {
    HTTPFailure(.badRequest, "malformed_form", sentence)
  }

  package static let disconnected = HTTPFailure(
    .badRequest, "disconnected", "the connection ended before the whole body had arrived")

  /// Another client got the connection's place.
  static let displaced = unavailable(
    "the server has too many connections, and this request came too slowly", retryAfterSeconds: 10)

  package static let notFound = HTTPFailure(.notFound, "not_found", "there is nothing at this address")

  package static let tokenNeeded = HTTPFailure(
    .unauthorized, "token_required", "this address needs its token as Authorization: Bearer TOKEN",
    headers: Headers([(.wwwAuthenticate, "Bearer")]))

  package static func methodNotAllowed(_ allow: String) -> HTTPFailure {
    HTTPFailure(
      .methodNotAllowed, "method_not_allowed", "this address answers \(allow) only",
      headers: Headers([(.allow, allow)]))
  }

  static let headTimeout = HTTPFailure(
    .requestTimeout, "request_timeout", "the head of the request did not arrive in time")

  static let bodyTimeout = HTTPFailure(
    .requestTimeout, "request_timeout", "the body of the request arrived too slowly")

  package static func tooLarge(limit: Int64) -> HTTPFailure {
    HTTPFailure(.contentTooLarge, "content_too_large", "the body may have at most \(limit) bytes")
  }

  package static let lengthRequired = HTTPFailure(
    .lengthRequired, "length_required", "the request must have a Content-Length or be chunked")

  static func lineTooLong(limit: Int) -> HTTPFailure {
    HTTPFailure(.uriTooLong, "uri_too_long", "the request line may have at most \(limit) bytes")
  }

  static let fieldsTooLarge = HTTPFailure(
    .fieldsTooLarge, "fields_too_large", "the header fields are too many or too long")

  package static func unsupportedMediaType(_ wanted: String) -> HTTPFailure {
    HTTPFailure(.unsupportedMediaType, "unsupported_media_type", "the body must be \(wanted)")
  }

  static let expectationFailed = HTTPFailure(
    .expectationFailed, "expectation_failed", "the only expectation met here is 100-continue")

  static let unknownMethod = HTTPFailure(.notImplemented, "unknown_method", "the method is not known here")

  /// Not 501: where a body of another coding ends cannot be known (RFC 9112 section 6.3).
  static let unknownCoding = HTTPFailure(
    .badRequest, "unknown_transfer_coding", "the only transfer coding known here is chunked, once")

  static let versionNotSupported = HTTPFailure(
    .versionNotSupported, "version_not_supported", "the server speaks HTTP/1.1")

  package static func tooMany(_ sentence: String, retryAfterSeconds: Int) -> HTTPFailure {
    HTTPFailure(
      .tooManyRequests, "too_many_requests", sentence, headers: Headers([(.retryAfter, String(retryAfterSeconds))]))
  }

  /// Every word that the module refuses with, for the documentation and its test.
  package static let words: [String] =
    [
      malformed(""), badForm(""), disconnected, notFound, tokenNeeded, methodNotAllowed(""), headTimeout,
      tooLarge(limit: 0),
      lengthRequired, lineTooLong(limit: 0), fieldsTooLarge, unsupportedMediaType(""), expectationFailed, unknownMethod,
      unknownCoding, versionNotSupported, tooMany("", retryAfterSeconds: 0),
      unavailable("", retryAfterSeconds: 0),
    ].map(\.word)

  package static func unavailable(_ sentence: String, retryAfterSeconds: Int) -> HTTPFailure {
    HTTPFailure(
      .serviceUnavailable, "unavailable", sentence, headers: Headers([(.retryAfter, String(retryAfterSeconds))]))
  }
}
