import HTTP

/// The running server itself in the admin API: where it listens and what its doctor finds.
struct ServerNoun {
  let parts: AdminParts

  var routes: [Route] {
    [Route(.get, AdminAPI.prefix + "/server", show)]
  }

  @Sendable private func show(_ request: Request) async throws -> Response {
    try parts.requireOperator(request)
    return .document("server", try await parts.facts())
  }
}
