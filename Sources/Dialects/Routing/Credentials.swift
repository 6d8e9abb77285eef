import Basics
import HTTP

/// Finds the API key of a request in any of the places where clients put it.
enum Credentials {
  static let headers: [HeaderName] = [
    HeaderName("X-API-Key"), HeaderName("X-Api2convert-Api-Key"), HeaderName("X-Oc-Api-Key"),
  ]

  /// The key of `X-API-Key` and its kin, else of `Authorization: Bearer`, else nil.
  static func key(of request: Request) -> String? {
    for name in headers {
      if let key = request.headers[name] { return key }
    }
    guard let authorization = request.headers[.authorization] else { return nil }
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1].drop { $0 == " " })
  }

  /// The password of `Authorization: Basic`, whatever the name before it (RFC 7617 section 2).
  static func password(of request: Request) -> String? {
    guard let authorization = request.headers[.authorization] else { return nil }
    let parts = authorization.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "basic",
      let pair = Base64.decode(String(parts[1].drop { $0 == " " })), let colon = pair.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    return String(decoding: pair[(colon + 1)...], as: UTF8.self)
  }
}
