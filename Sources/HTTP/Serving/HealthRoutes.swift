/// What a load balancer or an operator's monitor asks: whether the process answers, and whether it can take work.
package enum HealthRoutes {
  /// Finds what keeps the server from taking work, in words for the operator; empty when nothing does.
  package typealias Probe = @Sendable () async -> [String]

  /// `GET /healthz` and `GET /readyz`; neither needs a key, so neither tells more than that.
  package static func group(probe: @escaping Probe, refuse: @escaping RouteGroup.Refuse) -> RouteGroup {
    let alive = Response.text(.ok, "ok\n").with(.cacheControl, "no-store")
    return RouteGroup(
      [
        Route(.get, "/healthz") { _ in alive },
        Route(.get, "/readyz") { _ in
          let problems = await probe()
          if problems.isEmpty { return alive }
          return .text(.serviceUnavailable, problems.map { "\($0)\n" }.joined())
            .with(.cacheControl, "no-store").with(.retryAfter, "5")
        },
      ], refuse: refuse)
  }
}
