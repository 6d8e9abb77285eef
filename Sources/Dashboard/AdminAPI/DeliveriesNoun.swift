import Basics
import Engine
import HTTP
import Storage

/// Webhook deliveries with their attempts in the admin API, and sending them again.
struct DeliveriesNoun {
  static let longestAttempt = Duration.seconds(65)

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/deliveries", .workspaceMember, list),
      AdminRoute(.get, "/deliveries/{id}", .workspaceMember, show),
      AdminRoute(.get, "/jobs/{request}/deliveries", .workspaceMember, ofJob),
    ]
  }

  /// `workspace`, `status`, `endpoint` and `job` narrow the list, in any combination.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    var choice = Deliveries.Choice(
      workspace: request.queryValue("workspace"), state: try request.queryValue("status").map(DeliveriesNoun.state),
      endpoint: request.queryValue("endpoint").map { Int64($0) ?? 0 })
    if let name = request.queryValue("job") {
      let job = try await parts.job(name)
      try visitor.mustSee(job.workspaceID, orElse: .unknownJob)
      choice.job = job.id
    }
    let found = try await described(visitor) { [choice] database in
      if let slug = choice.workspace { try visitor.mustSee(try Provisioning.workspace(slug, database).id) }
      if choice.workspace != nil || choice.endpoint != nil || choice.job != nil || visitor.isOperator {
        return try Deliveries.list(choice, limit: limit, in: database)
      }
      let slugs = visitor.member?.memberships.map(\.workspace) ?? []
      let all = try slugs.flatMap { slug in
        var own = choice
        own.workspace = slug
        return try Deliveries.list(own, limit: limit, in: database)
      }
      return Array(all.sorted { $0.id > $1.id }.prefix(limit))
    }
    return .document("deliveries", .array(found))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let id = Int64(request.parameters["id"] ?? "") ?? 0
    let found = try await described(visitor) { database in
      try Deliveries.find(id: id, in: database).map { [$0] } ?? []
    }
    guard let delivery = found.first,
      let sent = try await parts.read({ try Deliveries.sent(id: id, in: $0) })
    else { throw Refusal.unknownDelivery }
    let moments = try await parts.read { try Deliveries.attempts(id, in: $0) }.map(\.startedAt)
    return .document(
      "delivery", DeliveriesNoun.whole(delivery, sent, moments.map { parts.webhooks.fields(sent, $0) }))
  }

  /// Waits for the first attempt at a delivery that was just written, longer than any attempt takes, and shows it.
  func firstAttempt(at id: Int64, for visitor: Visitor) async throws -> Response {
    if let watch = parts.webhooks.watch {
      let attempt = watch.next(id)
      defer { watch.forget(id, attempt) }
      // It may have been recorded before anybody watched.
      let delivery = try await parts.read { try Deliveries.find(id: id, in: $0) }
      if delivery?.attempts == 0, delivery?.state == .waiting {
        await attempt.wait(longest: DeliveriesNoun.longestAttempt)
      }
    }
    let found = try await described(visitor) { database in
      try Deliveries.find(id: id, in: database).map { [$0] } ?? []
    }
    guard let delivery = found.first else { throw Refusal.unknownDelivery }
    let isOver = delivery["attempts"]?.integer != 0 || delivery["status"]?.string != DeliveryState.waiting.rawValue
    return .document("delivery", delivery, status: isOver ? .ok : .accepted)
  }

  @Sendable private func ofJob(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await parts.job(request.parameters["request"] ?? "")
    try visitor.mustSee(job.workspaceID, orElse: .unknownJob)
    return .document(
      "deliveries", .array(try await described(visitor) { try Deliveries.of(job: job.id, in: $0) }))
  }

  /// Those of the found deliveries that the visitor may see; only operators learn what went wrong with a connection, and
  /// get a hint about settings.
  private func described(
    _ visitor: Visitor, _ body: @escaping @Sendable (Database) throws -> [ListedDelivery]
  ) async throws -> [JSONValue] {
    let now = parts.clock.now()
    return try await parts.read { [rests = parts.webhooks.rests] database in
      let seen = Set(try Workspaces.all(in: database).filter { visitor.role(in: $0.id) != nil }.map(\.slug))
      return try body(database).filter { $0.workspace.map(seen.contains) ?? visitor.isOperator }.map { delivery in
        DeliveriesNoun.describe(
          delivery, try Deliveries.attempts(delivery.id, in: database),
          delivery.state == .waiting ? rests.rest(of: delivery.address, at: now) : nil, isWhole: visitor.isOperator)
      }
    }
  }

  private static func state(_ text: String) throws -> DeliveryState {
    if let state = DeliveryState(rawValue: text) { return state }
    let names = DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
    throw Refusal.invalidFields.naming([.init("status", "\"\(text)\" is no status; valid: \(names)")])
  }
}
