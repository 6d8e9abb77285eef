import Engine
import HTTP

/// Pages of other origins that use public keys (CORS, Fetch standard section 3.2); there is nothing for any other page.
enum CrossOrigin {
  private static let requestFields =
    "Authorization, X-API-Key, X-Api2convert-Api-Key, X-Oc-Api-Key, Content-Type, Idempotency-Key"
  private static let answerFields =
    "X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Content-Disposition"

  /// Lets a page of this origin read the answer.
  static func allow(_ origin: String, in response: inout Response) {
    response.headers.set(.accessControlAllowOrigin, origin)
    response.headers.set(.accessControlExposeHeaders, answerFields)
    response.headers.set(.vary, "Origin")
  }

  /// The page that may read what its request is refused with, though nobody has looked at a key of it: one that a browser
  /// was told may send it, without a key or with a public one.
  static func reader(
    _ rows: [DialectRoute], _ access: Access, key: @escaping @Sendable (Request) -> String?
  ) -> @Sendable (Request) -> String? {
    let open = Set(rows.filter(\.allowsPublicKeys).map { [$0.method.rawValue, $0.pattern] })
    return { request in
      guard let route = request.route, open.contains([route.method.rawValue, route.pattern]),
        key(request)?.hasPrefix(KeyIssuing.publicPrefix) ?? true,
        let origin = request.headers[.origin], (try? access.allows(origin: origin)) ?? false
      else { return nil }
      return origin
    }
  }

  /// The rows of one address.
  private struct Place {
    let pattern: String
    var rows: [DialectRoute]

    func methods(_ isListed: (DialectRoute) -> Bool) -> String {
      var names: [String] = []
      for row in rows where isListed(row) && !names.contains(row.method.rawValue) { names.append(row.method.rawValue) }
      return names.joined(separator: ", ")
    }
  }

  /// Patterns that differ in the names of their parameters alone are one address.
  private static func shape(_ pattern: String) -> String {
    pattern.split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix("{") ? "{}" : $0 }.joined(
      separator: "/")
  }

  /// A route for each address of the finished table that answers a browser's question before the request itself: it tells
  /// what a public key may do there, and of an address where it may do nothing only the methods.
  static func routes(for rows: [DialectRoute], _ access: Access) -> [Route] {
    var places: [Place] = []
    var indexes: [String: Int] = [:]
    for row in rows where row.needsKey {
      let shape = shape(row.pattern)
      if let index = indexes[shape] {
        places[index].rows.append(row)
      } else {
        indexes[shape] = places.count
        places.append(Place(pattern: row.pattern, rows: [row]))
      }
    }
    return places.map { place in
      let all = place.methods { _ in true } + ", OPTIONS"
      let open = place.methods(\.allowsPublicKeys)
      return Route(.options, place.pattern) { request in
        var response = Response(.noContent, headers: Headers([(.allow, all), (.vary, "Origin")]))
        guard !open.isEmpty, let origin = request.headers[.origin], try access.allows(origin: origin) else {
          return response
        }
        allow(origin, in: &response)
        response.headers.set(.accessControlAllowMethods, open)
        response.headers.set(.accessControlAllowHeaders, requestFields)
        response.headers.set(.accessControlMaxAge, "600")
        return response
      }
    }
  }
}
