import Basics
import Engine
import HTTP
import Storage

/// Webhook deliveries with their attempts in the admin API, and sending them again.
struct DeliveriesNoun {
  static let mostReplays = 1000
  static let longestAttempt = Duration.seconds(65)

  let parts: AdminParts

  var rows: [AdminRoute] {
    [
      AdminRoute(.get, "/deliveries", .workspaceMember, list),
      AdminRoute(.get, "/deliveries/{id}", .workspaceMember, show),
      AdminRoute(.post, "/deliveries/replay-failed", .operator_, replayFailed),
      AdminRoute(.get, "/jobs/{request}/deliveries", .workspaceMember, ofJob),
      AdminRoute(.post, "/jobs/{request}/replay", .workspaceAdmin, replayJob),
    ]
  }

  /// `endpoint` narrows the list to one of them.
  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    let slug = request.queryValue("workspace")
    let state = try request.queryValue("status").map(DeliveriesNoun.state)
    let endpoint = request.queryValue("endpoint").map { Int64($0) ?? 0 }
    let found = try await described(visitor) { database in
      if let slug { try visitor.mustSee(try Provisioning.workspace(slug, database).id) }
      if let endpoint { return try Deliveries.of(endpoint: endpoint, limit: limit, in: database) }
      if slug != nil || visitor.isOperator {
        return try Deliveries.list(workspace: slug, state: state, limit: limit, in: database)
      }
      let slugs = visitor.member?.memberships.map(\.workspace) ?? []
      let all = try slugs.flatMap { try Deliveries.list(workspace: $0, state: state, limit: limit, in: database) }
      return Array(all.sorted { $0.id > $1.id }.prefix(limit))
    }
    return .document("deliveries", .array(found))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let id = Int64(request.parameters["id"] ?? "") ?? 0
    let found = try await described(visitor) { database in
      try Deliveries.find(id: id, in: database).map { [$0] } ?? []
    }
    guard let delivery = found.first else { throw Refusal.unknownDelivery }
    return .document("delivery", delivery)
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
    let job = try await job(request)
    try visitor.mustSee(job.workspaceID, orElse: .unknownJob)
    return .document(
      "deliveries", .array(try await described(visitor) { try Deliveries.of(job: job.id, in: $0) }))
  }

  @Sendable private func replayJob(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let job = try await job(request)
    try visitor.mustManage(job.workspaceID, orElse: .unknownJob)
    let fields = try await JSONFields.read(request, parts.blocking)
    let ids = try await parts.webhooks.replays.job(row: job.id, event: fields.text("event"), by: visitor.actor)
    return .document("replayed", .array(ids.map(JSONValue.integer)), status: .accepted)
  }

  @Sendable private func replayFailed(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request, parts.blocking)
    let text = try fields.text("limit") ?? "25"
    guard let limit = Int(text), (1...DeliveriesNoun.mostReplays).contains(limit) else {
      throw Refusal.invalidFields.naming([.init("limit", "\"\(text)\" is not from 1 to \(DeliveriesNoun.mostReplays)")])
    }
    let ids = try await parts.webhooks.replays.failed(limit: limit, by: visitor.actor)
    return .document("replayed", .array(ids.map(JSONValue.integer)), status: .accepted)
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

  private func job(_ request: Request) async throws -> Job {
    guard let row = parts.store.identifiers.row(.request, request.parameters["request"] ?? ""),
      let job = try await parts.read({ try Jobs.load(id: row, in: $0) })
    else { throw Refusal.unknownJob }
    return job
  }

  private static func state(_ text: String) throws -> DeliveryState {
    if let state = DeliveryState(rawValue: text) { return state }
    let names = DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
    throw Refusal.invalidFields.naming([.init("status", "\"\(text)\" is no status; valid: \(names)")])
  }

  private static func describe(
    _ delivery: ListedDelivery, _ attempts: [Attempt], _ rest: DeliveryRests.Rest?, isWhole: Bool
  ) -> JSONValue {
    func text(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }
    func time(_ value: Timestamp?) -> JSONValue { text(value.map { "\($0)" }) }
    func number(_ value: Int64?) -> JSONValue { value.map(JSONValue.integer) ?? .null }
    let attempts = isWhole ? attempts : attempts.map { shown($0, style: delivery.style) }
    let error = isWhole ? delivery.lastError : delivery.lastError.map { Unreached.shown($0, style: delivery.style) }
    let what: [(name: String, value: JSONValue)] = [
      ("id", .integer(delivery.id)), ("workspace", text(delivery.workspace)),
      ("request_id", text(delivery.requestID)), ("endpoint", number(delivery.endpointID)),
      ("replay_of", number(delivery.replayOf)), ("event_id", .string(delivery.eventID)),
      ("event", .string(delivery.event)), ("style", .string(delivery.style)), ("url", .string(delivery.url)),
    ]
    let how: [(name: String, value: JSONValue)] = [
      ("status", .string(delivery.state.rawValue)), ("attempts", .integer(Int64(delivery.attempts))),
      ("next_attempt_at", time(delivery.nextAttemptAt)), ("resting_until", time(rest?.until)),
      ("resting_because", text(rest.map { isWhole ? $0.reason : "it failed too often in a row" })),
      ("last_error", text(error)),
      ("hint", text(isWhole ? delivery.lastError.flatMap(hint) : nil)), ("created_at", time(delivery.createdAt)),
      ("finished_at", time(delivery.finishedAt)), ("history", .array(attempts.map(describe))),
    ]
    return .object(what + how)
  }

  /// An attempt as a customer sees it; how long a call took that reached nothing would tell as much as the reason.
  private static func shown(_ attempt: Attempt, style: String) -> Attempt {
    guard let error = attempt.error else { return attempt }
    let isHidden = Unreached.hides(error, style: style)
    return Attempt(
      number: attempt.number, startedAt: attempt.startedAt, milliseconds: isHidden ? 0 : attempt.milliseconds,
      status: attempt.status, error: Unreached.shown(error, style: style), response: isHidden ? [] : attempt.response)
  }

  /// What the operator can do about an error, which clients are not told.
  private static func hint(_ error: String) -> String? {
    error == "address not allowed"
      ? "WONDER_ALLOW_PRIVATE_TARGETS lists the private networks that may be called, WONDER_TARGET_PORTS the ports"
      : nil
  }

  private static func describe(_ attempt: Attempt) -> JSONValue {
    .object([
      ("number", .integer(Int64(attempt.number))), ("at", .string("\(attempt.startedAt)")),
      ("milliseconds", .integer(attempt.milliseconds)),
      ("status", attempt.status.map { .integer(Int64($0)) } ?? .null),
      ("error", attempt.error.map(JSONValue.string) ?? .null),
      ("response", .string(String(decoding: attempt.response, as: UTF8.self))),
    ])
  }
}
