import Engine
import HTTP

/// Pages of other origins that use public keys (CORS, Fetch standard section 3.2); there is nothing for any other page.
enum CrossOrigin {
  private static let requestFields =
    "Authorization, X-API-Key, X-Api2convert-Api-Key, X-Oc-Api-Key, Content-Type, Idempotency-Key, Last-Event-ID"
  private static let answerFields =
    "X-Request-Id, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Content-Disposition"

  /// Lets a page of this origin read the answer.
  static func allow(_ origin: String, in response: inout Response) {
    response.headers.set(.accessControlAllowOrigin, origin)
    response.headers.set(.accessControlExposeHeaders, answerFields)
    response.headers.set(.vary, "Origin")
  }

  /// A route for each address that answers a browser's question before the request itself.
  static func routes(for routes: [Route], _ access: Access) -> [Route] {
    var methods: [(pattern: String, names: [String])] = []
    for route in routes {
      if let index = methods.firstIndex(where: { $0.pattern == route.pattern }) {
        methods[index].names.append(route.method.rawValue)
      } else {
        methods.append((route.pattern, [route.method.rawValue]))
      }
    }
    return methods.map { pattern, names in
      let names = names.joined(separator: ", ")
      return Route(.options, pattern) { request in
        var response = Response(.noContent, headers: Headers([(.allow, names + ", OPTIONS"), (.vary, "Origin")]))
        guard let origin = request.headers[.origin], try access.allows(origin: origin) else { return response }
        allow(origin, in: &response)
        response.headers.set(.accessControlAllowMethods, names)
        response.headers.set(.accessControlAllowHeaders, requestFields)
        response.headers.set(.accessControlMaxAge, "600")
        return response
      }
    }
  }
}
