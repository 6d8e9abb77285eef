import HTTP

/// One row of the admin API: what it needs of its visitor, and what it does for one.
struct AdminRoute: Sendable {
  typealias Handler = @Sendable (Visitor, Request) async throws -> Response

  let method: Method
  /// Below `AdminAPI.prefix`.
  let path: String
  let need: Visitor.Need
  /// Bytes that a body may have; nil for the server's default.
  let bodyLimit: Int64?
  let handler: Handler

  init(
    _ method: Method, _ path: String, _ need: Visitor.Need, bodyLimit: Int64? = nil, _ handler: @escaping Handler
  ) {
    self.method = method
    self.path = path
    self.need = need
    self.bodyLimit = bodyLimit
    self.handler = handler
  }

  /// The route as the server knows it.
  func route(_ doorkeeper: Doorkeeper) -> Route {
    Route(method, AdminAPI.prefix + path, bodyLimit: bodyLimit) { request in
      try await handler(try await doorkeeper.admit(request, need), request)
    }
  }
}
