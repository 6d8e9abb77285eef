/// The name of a header field; lookups ignore its case.
package struct HeaderName: Sendable {
  let text: StaticString

  /// Takes a name from the source code: it must be a token (RFC 9110 section 5.1).
  package init(_ text: StaticString) {
    precondition(text.withUTF8Buffer { !$0.isEmpty && $0.allSatisfy(\.isToken) }, "\(text) is not a header name")
    self.text = text
  }

  func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { letters in
      zip(letters, bytes).allSatisfy { $0.lowercased == $1.lowercased }
    }
  }

  package static let accelBuffering = HeaderName("X-Accel-Buffering")
  package static let accept = HeaderName("Accept")
  package static let acceptRanges = HeaderName("Accept-Ranges")
  package static let accessControlAllowCredentials = HeaderName("Access-Control-Allow-Credentials")
  package static let accessControlAllowHeaders = HeaderName("Access-Control-Allow-Headers")
  package static let accessControlAllowMethods = HeaderName("Access-Control-Allow-Methods")
  package static let accessControlAllowOrigin = HeaderName("Access-Control-Allow-Origin")
  package static let accessControlExposeHeaders = HeaderName("Access-Control-Expose-Headers")
  package static let accessControlMaxAge = HeaderName("Access-Control-Max-Age")
  package static let accessControlRequestMethod = HeaderName("Access-Control-Request-Method")
  package static let allow = HeaderName("Allow")
  package static let authorization = HeaderName("Authorization")
  package static let cacheControl = HeaderName("Cache-Control")
  package static let connection = HeaderName("Connection")
  package static let contentDisposition = HeaderName("Content-Disposition")
  package static let contentLength = HeaderName("Content-Length")
  package static let contentRange = HeaderName("Content-Range")
  package static let contentSecurityPolicy = HeaderName("Content-Security-Policy")
  package static let contentType = HeaderName("Content-Type")
  package static let contentTypeOptions = HeaderName("X-Content-Type-Options")
  package static let cookie = HeaderName("Cookie")
  package static let date = HeaderName("Date")
  package static let etag = HeaderName("ETag")
  package static let expect = HeaderName("Expect")
  package static let forwarded = HeaderName("Forwarded")
  package static let forwardedFor = HeaderName("X-Forwarded-For")
  package static let forwardedHost = HeaderName("X-Forwarded-Host")
  package static let forwardedPrefix = HeaderName("X-Forwarded-Prefix")
  package static let forwardedProto = HeaderName("X-Forwarded-Proto")
  package static let host = HeaderName("Host")
  package static let idempotencyKey = HeaderName("Idempotency-Key")
  package static let ifNoneMatch = HeaderName("If-None-Match")
  package static let ifRange = HeaderName("If-Range")
  package static let lastEventID = HeaderName("Last-Event-ID")
  package static let location = HeaderName("Location")
  package static let origin = HeaderName("Origin")
  package static let range = HeaderName("Range")
  package static let rateLimitLimit = HeaderName("RateLimit-Limit")
  package static let rateLimitRemaining = HeaderName("RateLimit-Remaining")
  package static let rateLimitReset = HeaderName("RateLimit-Reset")
  package static let referrerPolicy = HeaderName("Referrer-Policy")
  package static let requestID = HeaderName("X-Request-Id")
  package static let retryAfter = HeaderName("Retry-After")
  package static let setCookie = HeaderName("Set-Cookie")
  package static let transferEncoding = HeaderName("Transfer-Encoding")
  package static let userAgent = HeaderName("User-Agent")
  package static let vary = HeaderName("Vary")
  package static let wwwAuthenticate = HeaderName("WWW-Authenticate")
}
