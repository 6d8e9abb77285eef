import HTTP

/// One row of the admin API: what it needs of its visitor, and what it does for one.
struct AdminRoute: Sendable {
  typealias Handler = @Sendable (Visitor, Request) async throws -> Response

  /// Bytes of a body that is read from anybody: an address, a password and a token are much less.
  static let mostFromAnybody: Int64 = 16 << 10

  let method: Method
  /// Below `AdminAPI.prefix`.
  let path: String
  let need: Visitor.Need
  /// Bytes that a body may have; nil for the server's default, or `mostFromAnybody`.
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
  ///
  /// `changed` is called after anything that changes something, whichever route it was; a stand-by changes nothing.
  func route(_ doorkeeper: Doorkeeper, _ changed: @escaping @Sendable () async throws -> Void) -> Route {
    let limit = bodyLimit ?? (need == .nobody ? AdminRoute.mostFromAnybody : nil)
    return Route(method, AdminAPI.prefix + path, bodyLimit: limit) { request in
      let visitor = try await doorkeeper.admit(request, need)
      if need != .nobody { request.vouch() }
      let response = try await handler(visitor, request)
      if method != .get && need != .standby { try await changed() }
      return response
    }
  }
}
