import Basics
import Engine
import HTTP
import Storage

/// Sending webhooks again, in the admin API: one, a job's last, or all that have failed.
struct ReplaysNoun {
  static let most = 1000

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.post, "/deliveries/replay-failed", .operator_, ofAll),
      AdminRoute(.post, "/workspaces/{slug}/deliveries/replay-failed", .workspaceAdmin, ofWorkspace),
      AdminRoute(.post, "/deliveries/{id}/replay", .workspaceAdmin, one),
      AdminRoute(.post, "/jobs/{request}/replay", .workspaceAdmin, ofJob),
      AdminRoute(.post, "/jobs/{request}/replay-failed", .workspaceAdmin, failedOfJob),
    ]
  }

  private var replays: Replays { parts.webhooks.replays }

  @Sendable private func ofAll(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let workspace: Int64? =
      if let slug = try fields.text("workspace") {
        try await parts.read { try Provisioning.workspace(slug, $0).id }
      } else { nil }
    return try await failed(fields, in: workspace, by: visitor)
  }

  @Sendable private func ofWorkspace(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let slug = request.parameters["slug"] ?? ""
    let workspace = try await parts.read { try Provisioning.workspace(slug, $0).id }
    try visitor.mustManage(workspace)
    return try await failed(JSONFields.read(request, parts.blocking), in: workspace, by: visitor)
  }

  @Sendable private func one(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let id = Int64(request.parameters["id"] ?? "") ?? 0
    let found = try await parts.read { database in
      try Deliveries.find(id: id, in: database).map { ($0, try Deliveries.copy(of: id, in: database)?.workspaceID) }
    }
    guard let found, let workspace = found.1 else { throw Refusal.unknownDelivery }
    try visitor.mustManage(workspace, orElse: .unknownDelivery)
    let again = try await replays.delivery(id, by: visitor.actor)
    return .document("replayed", .array([.integer(again)]), status: .accepted)
  }

  /// All of the job's last webhooks, or those named `event`, whether they have failed or not.
  @Sendable private func ofJob(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request, visitor)
    let event = try await JSONFields.read(request, parts.blocking).text("event")
    let ids = try await replays.job(row: job.id, event: event, by: visitor.actor)
    return .document("replayed", .array(ids.map(JSONValue.integer)), status: .accepted)
  }

  @Sendable private func failedOfJob(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request, visitor)
    return try await send(OwedDeliveries(job: job.id, limit: ReplaysNoun.most), by: visitor)
  }

  /// What has failed, as far as `job`, `endpoint`, `since`, `until` and `limit` narrow it.
  private func failed(_ fields: JSONFields, in workspace: Int64?, by visitor: Visitor) async throws -> Response {
    var wrong = WrongFields()
    let now = parts.clock.now()
    func moment(_ name: String) throws -> Timestamp? {
      guard let text = try fields.text(name) else { return nil }
      if let moment = Moment.read(text, at: now) { return moment }
      wrong.append(name, "\"\(text)\" is no time such as 2026-03-12T14:30:00Z, or 2h for two hours ago")
      return nil
    }
    func number(_ name: String) throws -> Int64? {
      guard let text = try fields.text(name) else { return nil }
      if let number = Int64(text) { return number }
      wrong.append(name, "\"\(text)\" is no number")
      return nil
    }
    let limit = try fields.text("limit") ?? "25"
    let most = Int(limit).flatMap { (1...ReplaysNoun.most).contains($0) ? $0 : nil }
    if most == nil { wrong.append("limit", "\"\(limit)\" is not from 1 to \(ReplaysNoun.most)") }
    var wish = try OwedDeliveries(
      workspace: workspace, endpoint: number("endpoint"), since: moment("since"), until: moment("until"),
      limit: most ?? 0)
    guard wrong.isEmpty else { throw Refusal.invalidFields.naming(wrong) }
    if let request = try fields.text("job") { wish.job = try await parts.job(request).id }
    if let endpoint = wish.endpoint, try await parts.read({ try Endpoints.find(id: endpoint, in: $0) }) == nil {
      throw Refusal.unknownEndpoint
    }
    return try await send(wish, by: visitor)
  }

  private func send(_ wish: OwedDeliveries, by visitor: Visitor) async throws -> Response {
    let owed = try await replays.failed(wish, by: visitor.actor)
    return .document(
      "replayed", .array(owed.sent.map(JSONValue.integer)), ("left", .array(owed.left.map(JSONValue.integer))),
      ("has_more", .boolean(owed.hasMore)), status: .accepted)
  }

  /// The job that a request is about, for a visitor who may change it.
  private func job(_ request: Request, _ visitor: Visitor) async throws -> Job {
    let job = try await parts.job(request.parameters["request"] ?? "")
    try visitor.mustManage(job.workspaceID, orElse: .unknownJob)
    return job
  }
}
