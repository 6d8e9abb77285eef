import Basics
import Engine
import Storage

/// Deliveries as the admin API shows them.
extension DeliveriesNoun {
  /// A delivery with the body that goes out and the fields of each attempt, which lists leave out for their size.
  static func whole(
    _ delivery: JSONValue, _ sent: SentDelivery, _ fields: [[(name: String, value: String)]]
  ) -> JSONValue {
    let history = zip(delivery["history"]?.array ?? [], fields).map { attempt, fields in
      JSONValue.object(
        (attempt.members ?? []) + [
          (
            "headers", .array(fields.map { .object([("name", .string($0.name)), ("value", .string($0.value))]) })
          )
        ])
    }
    // Mail to a person may hold a key or a link, which is for nobody else.
    let body = sent.isPrivate ? JSONValue.null : .string(String(decoding: sent.body, as: UTF8.self))
    return .object(
      (delivery.members ?? []).filter { $0.name != "history" } + [("body", body), ("history", .array(history))])
  }

  static func describe(
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
