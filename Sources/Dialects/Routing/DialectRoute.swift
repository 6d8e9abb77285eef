package import Engine
package import HTTP
package import Storage

/// One row of a dialect's table: an address, who may call it, and what is done for them.
package struct DialectRoute: Sendable {
  /// What is done for the holder of a key.
  package typealias KeyHandler = @Sendable (KeyHolder, Request) async throws -> Response

  /// What a key must be allowed, what its workspace's plan must have, whether one that stands in a page will do or the
  /// token of the job that the request is about, and how often somebody may call who has none; nil for never.
  struct KeyNeed: Sendable {
    let permission: Permission
    let features: [Feature]
    let allowsPublicKeys: Bool
    let takesJobToken: Bool
    let visitors: VisitorRates?
  }

  /// Who may call a row, and what is done for them.
  private enum Handler: Sendable {
    case key(KeyNeed, KeyHandler)
    case anyone(Route.Handler)
  }

  let method: Method
  let pattern: String
  let bodyLimit: Int64?
  let admission: Route.Admission?
  let accepts: Route.Accepting?
  private let handler: Handler

  /// A row for the holders of keys, and for `visitors` where the operator lets them in; `accepts` tells its addresses from
  /// those of another dialect's row with the same pattern.
  ///
  /// Only a row whose handler does nothing beyond the job that the request is about may take the job's token.
  package init(
    _ method: Method, _ pattern: String, _ permission: Permission, needing features: [Feature],
    allowsPublicKeys: Bool = false, takesJobToken: Bool = false, visitors: VisitorRates? = nil, bodyLimit: Int64? = nil,
    admission: Route.Admission? = nil,
    accepts: Route.Accepting? = nil, _ handler: @escaping KeyHandler
  ) {
    let need = KeyNeed(
      permission: permission, features: features, allowsPublicKeys: allowsPublicKeys, takesJobToken: takesJobToken,
      visitors: visitors)
    self.init(method, pattern, bodyLimit, admission, accepts, .key(need, handler))
  }

  /// A row for anybody.
  package init(
    open method: Method, _ pattern: String, bodyLimit: Int64? = nil, accepts: Route.Accepting? = nil,
    _ handler: @escaping Route.Handler
  ) {
    self.init(method, pattern, bodyLimit, nil, accepts, .anyone(handler))
  }

  /// A row of the vendor's that is refused by intent, with the reason for it.
  package static func absent(
    _ method: Method, _ pattern: String, accepts: Route.Accepting? = nil, _ refusal: Refusal
  ) -> DialectRoute {
    DialectRoute(open: method, pattern, accepts: accepts) { _ in throw refusal }
  }

  private init(
    _ method: Method, _ pattern: String, _ bodyLimit: Int64?, _ admission: Route.Admission?,
    _ accepts: Route.Accepting?, _ handler: Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.bodyLimit = bodyLimit
    self.admission = admission
    self.accepts = accepts
    self.handler = handler
  }

  /// The route as the server knows it.
  func route(_ admitting: Admitting) -> Route {
    Route(method, pattern, bodyLimit: bodyLimit, admission: admission, accepts: accepts) { request in
      switch handler {
      case .anyone(let handler): try await handler(request)
      case .key(let need, let handler): try await admitting.answer(request, need, handler)
      }
    }
  }

  /// True when a public key may call, too.
  var allowsPublicKeys: Bool {
    if case .key(let need, _) = handler { need.allowsPublicKeys } else { false }
  }

  var needsKey: Bool {
    if case .key = handler { true } else { false }
  }

  /// True when somebody without a key may call, where the operator lets them.
  var takesVisitors: Bool {
    if case .key(let need, _) = handler { need.visitors != nil } else { false }
  }

  /// What the row needs of who asks, in a word or three.
  func need(takesVisitors isOpen: Bool) -> String {
    switch handler {
    case .key(let need, _):
      (isOpen && takesVisitors ? "visitor or " : "") + (need.takesJobToken ? "job token or " : "")
        + need.permission.rawValue
    case .anyone: "anyone"
    }
  }
}
