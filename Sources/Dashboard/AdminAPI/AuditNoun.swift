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
    let before = request.queryValue("before").flatMap { Int64($0) } ?? .max
    let entries = try await parts.read { try Audit.list(before: before, limit: limit + 1, in: $0) }
    let shown = entries.prefix(limit)
    return .document(
      "audit", .array(shown.map(describe)),
      ("next_before", entries.count > limit ? shown.last.map { .integer($0.id) } ?? .null : .null))
  }

  private func describe(_ entry: Audit.Entry) -> JSONValue {
    .object([
      ("id", .integer(entry.id)), ("at", .string("\(entry.at)")), ("actor", .string(entry.actor)),
      ("address", .string(entry.address)),
      ("action", .string(entry.action)), ("subject", .string(entry.subject)), ("detail", .string(entry.detail)),
    ])
  }
}
