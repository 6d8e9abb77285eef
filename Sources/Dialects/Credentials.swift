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
}
