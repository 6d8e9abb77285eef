import HTTP

/// The running server itself in the admin API: where it listens and what its doctor finds.
struct ServerNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/server", .operator_, show),
      AdminRoute(.get, "/server/findings", .operator_, examine),
    ]
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    .document("server", try await parts.facts())
  }

  @Sendable private func examine(_ visitor: Visitor, _ request: Request) async throws -> Response {
    .document("findings", try await parts.findings())
  }
}
