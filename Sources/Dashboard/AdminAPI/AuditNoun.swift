import Basics
import HTTP
import Storage

/// Who did what, in the admin API.
struct AuditNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [AdminRoute(.get, "/audit", .operator_, list)]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    let entries = try await parts.read { try Audit.list(before: .max, limit: limit, in: $0) }
    return .document("audit", .array(entries.map(describe)))
  }

  private func describe(_ entry: Audit.Entry) -> JSONValue {
    .object([
      ("at", .string("\(entry.at)")), ("actor", .string(entry.actor)), ("address", .string(entry.address)),
      ("action", .string(entry.action)), ("subject", .string(entry.subject)), ("detail", .string(entry.detail)),
    ])
  }
}
