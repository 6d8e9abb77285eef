import Basics
import HTTP

/// `GET /metrics`, for whoever may see how busy the server is.
struct MetricsRoutes: Sendable {
  /// WONDER_METRICS_TOKEN; empty when there is none.
  let token: String
  private let metrics: Metrics
  private let blocking: Blocking

  init(token: String, _ metrics: Metrics, _ blocking: Blocking) {
    self.token = token
    self.metrics = metrics
    self.blocking = blocking
  }

  /// On the public port: for the holder of the token, and for everybody on the socket; as if it were not there without one.
  func guarded(refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    RouteGroup([Route(.get, "/metrics") { try await answer($0, isOpen: false) }], refuse: refuse)
  }

  /// On an address of its own, which is only for those who may ask.
  func open(refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    RouteGroup([Route(.get, "/metrics") { try await answer($0, isOpen: true) }], refuse: refuse)
  }

  @Sendable private func answer(_ request: Request, isOpen: Bool) async throws -> Response {
    if !isOpen { try admit(request) }
    let page = try await blocking.run { [metrics] in try metrics.page() }
    return Response(
      .ok,
      headers: Headers([
        (.contentType, "text/plain; version=0.0.4; charset=utf-8"), (.cacheControl, "no-store"),
      ]), body: .bytes(Array(page.utf8)))
  }

  private func admit(_ request: Request) throws {
    if case .unix = request.peer { return }
    guard !token.isEmpty else { throw HTTPFailure.notFound }
    guard let given = request.headers[.authorization], MetricsRoutes.isSame(given, "Bearer \(token)") else {
      throw HTTPFailure.tokenNeeded
    }
  }

  /// Compares hashes, so that the time taken tells nothing of the token.
  private static func isSame(_ left: String, _ right: String) -> Bool {
    SHA256.digest(left.utf8) == SHA256.digest(right.utf8)
  }
}
