import Basics

/// Finds the row of the routing table that answers a request, and answers in its place when there is none.
package struct Router: Sendable {
  private let table: RouteTable
  private let groups: [RouteGroup]
  /// Every route; the one with number N stands at N - 1.
  let routes: [Route]
  private let fallback: RouteGroup.Refuse
  /// What stands before a token in a pattern; whatever follows it in a path is secret, found or not.
  private let secretPrefixes: [String]
  /// The path below which the server is seen; a proxy may take it away or leave it.
  private let prefix: PathPrefix

  /// `fallback` renders what belongs to no group: requests that cannot be read, and 404.
  package init(groups: [RouteGroup], prefix: PathPrefix = .none, fallback: @escaping RouteGroup.Refuse) {
    self.groups = groups
    self.prefix = prefix
    self.fallback = fallback
    var table = RouteTable()
    var numbered: [Route] = []
    for (index, group) in groups.enumerated() {
      for var route in group.routes {
        route.number = numbered.count + 1
        numbered.append(route)
        table.add(route, group: index)
      }
    }
    routes = numbered
    self.table = table
    secretPrefixes = groups.flatMap(\.routes).compactMap { route in
      route.pattern.firstRange(of: "{token}").map { String(route.pattern[..<$0.lowerBound]) }
    }
  }

  /// Answers the request, whatever happens; fills in its route and parameters.
  package func respond(to request: inout Request, bodyLimit: Int64 = .max) async -> Response {
    if request.path == prefix.text, !prefix.text.isEmpty {
      // What stands in a page is relative to it, so it must end with a slash.
      return Response(.permanentRedirect, headers: Headers([(.location, prefix.text + "/")]))
    }
    if let rest = prefix.rest(of: request.path) { (request.path, request.loggedPath) = (rest, rest) }
    if request.prefix == .none { request.prefix = prefix }
    if let prefix = secretPrefixes.first(where: { request.path.utf8.starts(with: $0.utf8) }) {
      request.loggedPath = prefix + "..."
    }
    if request.path == "*" { return Router.options(Method.allCases.map(\.rawValue).joined(separator: ", ")) }
    guard let place = table.find(request.path) else { return refuse(HTTPFailure.notFound, request) }
    guard let row = place.row(for: request.method) else {
      if request.method == .options { return Router.options(place.allow) }
      if place.isForeign(to: request.method) { return refuse(HTTPFailure.notFound, request, group: place.group) }
      return refuse(HTTPFailure.methodNotAllowed(place.allow), request, group: place.group)
    }
    request.route = row.route
    request.parameters = place.parameters(of: row)
    do {
      let limit = row.route.bodyLimit ?? bodyLimit
      request.body.take(limit: limit)
      if let declared = request.body.declaredLength, declared > limit { throw HTTPFailure.tooLarge(limit: limit) }
      try row.route.admission?(request)
      return try await row.route.handler(request)
    } catch {
      return refuse(error, request, group: row.group)
    }
  }

  /// Renders an error in the words of a group, or of the fallback; the fields an `HTTPFailure` wants are always there.
  func refuse(_ error: any Error, _ request: Request?, group: Int? = nil) -> Response {
    var response = group.map { groups[$0].refuse(error, request) } ?? fallback(error, request)
    if let failure = error as? HTTPFailure { response.headers.fill(from: failure.headers) }
    return response
  }

  private static func options(_ allow: String) -> Response {
    Response(.noContent, headers: Headers([(.allow, allow)]))
  }
}
