import Engine
import HTTP

extension Allowance {
  /// Sets the `RateLimit-` fields as most clients know them, one number each
  /// (draft-ietf-httpapi-ratelimit-headers-07 section 5).
  func tell(in response: inout Response) {
    response.headers.set(.rateLimitLimit, String(limit))
    response.headers.set(.rateLimitRemaining, String(remaining))
    response.headers.set(.rateLimitReset, String(resetSeconds))
  }
}
