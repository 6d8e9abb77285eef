import Engine
import HTTP
import Storage

/// One row of a dialect's table that needs an API key: what the key must be allowed, whether public keys may call it
/// (no, unless the row says so), and what is done for its holder.
struct KeyRoute: Sendable {
  typealias Handler = nonisolated(nonsending) @Sendable (KeyHolder, Request) async throws -> Response

  let method: Method
  let pattern: String
  let permission: Access.Permission
  let allowsPublicKeys: Bool
  let bodyLimit: Int64?
  let admission: Route.Admission?
  let handler: Handler

  init(
    _ method: Method, _ pattern: String, _ permission: Access.Permission, allowsPublicKeys: Bool = false,
    bodyLimit: Int64? = nil, admission: Route.Admission? = nil, _ handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.permission = permission
    self.allowsPublicKeys = allowsPublicKeys
    self.bodyLimit = bodyLimit
    self.admission = admission
    self.handler = handler
  }

  /// The route as the server knows it.
  func route(_ admitting: Admitting) -> Route {
    Route(method, pattern, bodyLimit: bodyLimit, admission: admission) { request in
      try await admitting.answer(request, for: self)
    }
  }
}
