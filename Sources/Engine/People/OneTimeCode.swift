import Conversion
import Basics

/// Codes that an app makes from a shared secret and the time (RFC 6238): HMAC with SHA-1, six digits, spans of 30 seconds.
enum OneTimeCode {
  static let span: Int64 = 30
  /// Bytes of a secret, as many as SHA-1 gives (RFC 4226 section 4).
  static let secretSize = 20
  /// How many spans a clock may be off, either way (RFC 6238 section 5.2).
  private static let drift: Int64 = 1

  static func step(at now: Timestamp) -> Int64 { now.seconds / span }

  /// The code of a span (RFC 4226 section 5.3).
  static func code(_ secret: [UInt8], step: Int64) -> String {
    let digest = SHA1Code.make(key: secret, (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * $0)) })
    let offset = Int(digest[19] & 15)
    let number = digest[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
    return Int(number % 1_000_000).padded(6)
  }

  /// The span whose code it is, the present one or one beside it; nil for any other code.
  static func step(of code: String, _ secret: [UInt8], at now: Timestamp) -> Int64? {
    let present = step(at: now)
    var found: Int64?
    for step in present - drift...present + drift
    where isSameSecret(self.code(secret, step: step).utf8, code.utf8) { found = step }
    return found
  }
}
