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
      AdminRoute(.get, "/deliveries", .operator_, list),
      AdminRoute(.get, "/deliveries/{id}", .operator_, show),
      AdminRoute(.post, "/deliveries/replay-failed", .operator_, replayFailed),
      AdminRoute(.get, "/jobs/{request}/deliveries", .operator_, ofJob),
      AdminRoute(.post, "/jobs/{request}/replay", .operator_, replayJob),
    ]
  }

  @Sendable private func list(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let limit = try request.limit(standard: 50)
    let slug = request.queryValue("workspace")
    let state = try request.queryValue("status").map(DeliveriesNoun.state)
    return .document(
      "deliveries",
      .array(
        try await described { try Deliveries.list(workspace: slug, state: state, limit: limit, in: $0) }))
  }

  @Sendable private func show(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let id = Int64(request.parameters["id"] ?? "") ?? 0
    let found = try await described { database in try Deliveries.find(id: id, in: database).map { [$0] } ?? [] }
    guard let delivery = found.first else { throw Refusal.unknownDelivery }
    return .document("delivery", delivery)
  }

  /// Waits for the first attempt at a delivery that was just written, longer than any attempt takes, and shows it.
  func firstAttempt(at id: Int64) async throws -> Response {
    if let watch = parts.webhooks.watch {
      let attempt = watch.next(id)
      defer { watch.forget(id, attempt) }
      // It may have been recorded before anybody watched.
      let delivery = try await parts.read { try Deliveries.find(id: id, in: $0) }
      if delivery?.attempts == 0, delivery?.state == .waiting {
        await attempt.wait(longest: DeliveriesNoun.longestAttempt)
      }
    }
    let found = try await described { database in try Deliveries.find(id: id, in: database).map { [$0] } ?? [] }
    guard let delivery = found.first else { throw Refusal.unknownDelivery }
    let isOver = delivery["attempts"]?.integer != 0 || delivery["status"]?.string != DeliveryState.waiting.rawValue
    return .document("delivery", delivery, status: isOver ? .ok : .accepted)
  }

  @Sendable private func ofJob(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let row = try row(request)
    return .document("deliveries", .array(try await described { try Deliveries.of(job: row, in: $0) }))
  }

  @Sendable private func replayJob(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request)
    let ids = try await parts.webhooks.replays.job(row: row(request), event: fields.text("event"), by: visitor.actor)
    return .document("replayed", .array(ids.map(JSONValue.integer)), status: .accepted)
  }

  @Sendable private func replayFailed(_ visitor: Visitor, _ request: Request) async throws -> Response {
    let fields = try await JSONFields.read(request)
    let text = try fields.text("limit") ?? "25"
    guard let limit = Int(text), (1...DeliveriesNoun.mostReplays).contains(limit) else {
      throw Refusal.invalidFields.naming([.init("limit", "\"\(text)\" is not from 1 to \(DeliveriesNoun.mostReplays)")])
    }
    let ids = try await parts.webhooks.replays.failed(limit: limit, by: visitor.actor)
    return .document("replayed", .array(ids.map(JSONValue.integer)), status: .accepted)
  }

  private func described(_ body: @escaping @Sendable (Database) throws -> [ListedDelivery]) async throws -> [JSONValue]
  {
    try await parts.read { database in
      try body(database).map { delivery in
        DeliveriesNoun.describe(delivery, try Deliveries.attempts(delivery.id, in: database))
      }
    }
  }

  private func row(_ request: Request) throws -> Int64 {
    guard let row = parts.store.identifiers.row(.request, request.parameters["request"] ?? "") else {
      throw Refusal.unknownJob
    }
    return row
  }

  private static func state(_ text: String) throws -> DeliveryState {
    if let state = DeliveryState(rawValue: text) { return state }
    let names = DeliveryState.allCases.map(\.rawValue).joined(separator: ", ")
    throw Refusal.invalidFields.naming([.init("status", "\"\(text)\" is no status; valid: \(names)")])
  }

  private static func describe(_ delivery: ListedDelivery, _ attempts: [Attempt]) -> JSONValue {
    .object([
      ("id", .integer(delivery.id)), ("workspace", delivery.workspace.map(JSONValue.string) ?? .null),
      ("request_id", delivery.requestID.map(JSONValue.string) ?? .null),
      ("endpoint", delivery.endpointID.map(JSONValue.integer) ?? .null),
      ("replay_of", delivery.replayOf.map(JSONValue.integer) ?? .null), ("event_id", .string(delivery.eventID)),
      ("event", .string(delivery.event)), ("style", .string(delivery.style)), ("url", .string(delivery.url)),
      ("status", .string(delivery.state.rawValue)), ("attempts", .integer(Int64(delivery.attempts))),
      ("next_attempt_at", delivery.nextAttemptAt.map { .string("\($0)") } ?? .null),
      ("last_error", delivery.lastError.map(JSONValue.string) ?? .null),
      ("hint", delivery.lastError.flatMap(hint).map(JSONValue.string) ?? .null),
      ("created_at", .string("\(delivery.createdAt)")),
      ("finished_at", delivery.finishedAt.map { .string("\($0)") } ?? .null),
      ("history", .array(attempts.map(describe))),
    ])
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
