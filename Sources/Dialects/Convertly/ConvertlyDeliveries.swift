import Basics
import Engine
import HTTP
import Storage

/// The history of a workspace's webhooks: "the endpoint, event type, status, HTTP status, response body preview, attempt
/// count, and timestamps" [docs], whatever API the jobs came by.
struct ConvertlyDeliveries: Sendable {
  private static let usual = 25
  private static let most = 100
  /// Bytes of an answer that are shown.
  private static let preview = 2048

  let parts: DialectParts

  var routes: [DialectRoute] {
    [
      DialectRoute(.get, "/api/webhooks/deliveries", .read, needing: [], list),
      DialectRoute(.post, "/api/webhooks/deliveries/{id}/retry", .submit, needing: [], retry),
    ]
  }

  @Sendable private func list(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    let limit = try ConvertlyDeliveries.limit(request)
    let desk = try desk
    let entries = try await parts.jobs.blocking.run { try desk.newest(holder.workspace.id, limit: limit) }
    var writer = JSONWriter()
    writer.object { document in
      document.member("deliveries", array: { rows in for entry in entries { rows.object { tell(entry, &$0) } } })
    }
    return .json(.ok, writer.bytes)
  }

  @Sendable private func retry(_ holder: KeyHolder, _ request: Request) async throws -> Response {
    guard let row = ConvertlyNames.row(.delivery, request.parameters["id"], parts.jobs.store.identifiers) else {
      throw Refusal.unknownDelivery
    }
    let actor = Actor(name: "key:\(holder.key.id)", address: "\(request.client)")
    let again = try await desk.sendAgain(holder.workspace.id, row: row, by: actor)
    var writer = JSONWriter()
    writer.object { document in
      document.member("success", true)
      document.member("delivery", object: { tell(again.entry, &$0) })
    }
    return .json(.ok, writer.bytes)
  }

  private var desk: DeliveryDesk {
    get throws {
      guard let desk = parts.jobs.deliveries else { throw Refusal.noWebhook }
      return desk
    }
  }

  private static func limit(_ request: Request) throws(Refusal) -> Int {
    guard let text = request.queryValue("limit"), !text.isEmpty else { return usual }
    guard let limit = Int(text), (1...most).contains(limit) else {
      throw ConvertlyRefusals.wrong("limit must be 1 to \(most).")
    }
    return limit
  }

  private func tell(_ entry: DeliveryDesk.Entry, _ object: inout JSONWriter) {
    let (delivery, last) = (entry.delivery, entry.last)
    let names = parts.jobs.store.identifiers
    // When a call was made that reached nothing, and how long it took, would tell as much as the reason.
    let isHidden = [delivery.lastError, last?.error].compactMap { $0 }.contains {
      Unreached.hides($0, style: delivery.style)
    }
    object.member("id", ConvertlyNames.text(.delivery, delivery.id, names))
    object.member("endpoint", delivery.url)
    object.member("eventId", delivery.eventID)
    object.member("eventType", delivery.event)
    object.member("status", delivery.state == .waiting ? "pending" : delivery.state.rawValue)
    object.member("httpStatus", (last?.status).map { .integer(Int64($0)) } ?? .null)
    object.member("responsePreview", isHidden ? JSONValue.null : ConvertlyDeliveries.preview(of: last))
    object.member("attempts", delivery.attempts)
    let error = delivery.lastError.map { Unreached.shown($0, style: delivery.style) }
    object.member("error", error.map(JSONValue.string) ?? .null)
    object.member("retryOf", delivery.replayOf.map { .string(ConvertlyNames.text(.delivery, $0, names)) } ?? .null)
    object.member("createdAt", "\(delivery.createdAt)")
    let moments: [(String, Timestamp?)] = [
      ("lastAttemptAt", last?.startedAt), ("nextAttemptAt", delivery.nextAttemptAt),
      ("completedAt", delivery.finishedAt),
    ]
    for (name, moment) in moments {
      let shown = isHidden ? nil : moment
      object.member(name, shown.map { .string("\($0)") } ?? .null)
    }
  }

  private static func preview(of attempt: Attempt?) -> JSONValue {
    guard let response = attempt?.response, !response.isEmpty else { return .null }
    return .string(String(decoding: response.prefix(preview), as: UTF8.self))
  }
}
