import Basics

/// Shows what the first attempt at a delivery brought, for commands that try one.
enum AttemptReport {
  /// Ends with 1 unless it was taken, so that a script notices; a delivery that nobody sends yet waits for the server.
  static func show(_ delivery: JSONValue?, _ call: Invocation) -> Command.Outcome {
    let attempt = delivery?["history"]?[0]
    if call["--json"] != nil {
      call.console.out(delivery?.text ?? "null")
    } else {
      let id = delivery?["id"]?.integer ?? 0
      let status = attempt?["status"]?.integer.map { "status \($0), " } ?? ""
      let time = attempt?["milliseconds"]?.integer.map { "\($0) ms" } ?? ""
      let error = delivery?["last_error"]?.string.map { ": \($0)" } ?? ""
      let hint = delivery?["hint"]?.string.map { "; \($0)" } ?? ""
      let outcome =
        switch (delivery?["status"]?.string, attempt) {
        case ("delivered", _): "delivered (\(status)\(time))"
        case ("waiting", nil): "waits; it is sent when the server runs"
        default: "not delivered (\(status)\(time))\(error)\(hint)"
        }
      call.console.out(HiddenText.escaping("delivery \(id): \(outcome)"))
    }
    if delivery?["status"]?.string == "delivered" { return .done }
    return delivery?["status"]?.string == "waiting" && attempt == nil ? .done : .failed
  }
}
