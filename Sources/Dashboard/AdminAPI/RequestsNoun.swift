import Basics
import Engine
import HTTP
import Storage

/// Requests for access in the admin API.
struct RequestsNoun {
  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/requests", .operator_, list),
      AdminRoute(.post, "/requests/{request}/approve", .operator_, approve),
      AdminRoute(.post, "/requests/{request}/reject", .operator_, reject),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 100)
    let state = try RequestsNoun.state(request.queryValue("status") ?? "pending")
    let requests = try await parts.read { try AccessRequests.list(state, limit: limit, in: $0) }
    return .document("requests", .array(requests.map(describe)))
  }

  @Sendable private func approve(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let notifies = try fields.flag("notify")
    let id = try parts.approvals.number(of: request.parameters["request"] ?? "")
    let approval = try await parts.approvals.approve(
      id, plan: fields.text("plan") ?? "pro", slug: fields.text("workspace"), notifies: notifies, by: visitor.actor)
    return .document(
      "approval",
      .object([
        ("request", describe(approval.request)), ("workspace", .string(approval.workspace.slug)),
        ("plan", .string(approval.workspace.plan)), ("key", notifies ? .null : .string(approval.key)),
        ("mailed_to", notifies ? .string(approval.request.email) : .null),
      ]))
  }

  @Sendable private func reject(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let id = try parts.approvals.number(of: request.parameters["request"] ?? "")
    let rejected = try await parts.approvals.reject(
      id, reason: fields.requiredText("reason"), notifies: fields.flag("notify"), by: visitor.actor)
    return .document("request", describe(rejected))
  }

  private static func state(_ text: String) throws -> AccessRequest.State? {
    if text == "all" { return nil }
    guard let state = AccessRequest.State(rawValue: text) else {
      let names = AccessRequest.State.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal.invalidFields.naming([.init("status", "\"\(text)\" is no state; valid: \(names), all")])
    }
    return state
  }

  private func describe(_ request: AccessRequest) -> JSONValue {
    .object([
      ("id", .string(parts.store.identifiers.text(.access, request.id))), ("email", .string(request.email)),
      ("company", .string(request.company)), ("use_case", .string(request.useCase)),
      ("expected_volume", .string(request.volume)), ("state", .string(request.state.rawValue)),
      ("workspace", request.workspace.map(JSONValue.string) ?? .null),
      ("decided_by", request.decidedBy.map(JSONValue.string) ?? .null),
      ("decided_at", request.decidedAt.map { .string("\($0)") } ?? .null),
      ("reason", request.reason.map(JSONValue.string) ?? .null), ("created_at", .string("\(request.createdAt)")),
    ])
  }
}
