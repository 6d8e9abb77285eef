import Basics
import Dialects
import Engine
import Outbox
import Storage

extension DeliveryStyle {
  static let madeUp = DeliveryStyle(rawValue: "made-up")
}

extension WebhookEvent {
  fileprivate static let begun = WebhookEvent("made-up.begun", of: [.started])
  fileprivate static let done = WebhookEvent("made-up.done", of: [.completed, .failed])
  fileprivate static let kept = WebhookEvent("made-up.kept", of: [.stored])
}

extension WebhookStyle {
  /// A style that no vendor has: events, header fields, bytes that are no JSON, times and answers of its own.
  static let madeUp = WebhookStyle(
    title: "Made up",
    events: [.begun, .done, .kept],
    ownStandsForEndpoints: true,
    policy: DeliveryPolicy(
      style: .madeUp, userAgent: "Made-Up/1", contentType: "text/x-made-up", timeLimits: (.seconds(5), .seconds(9)),
      delays: [.seconds(7), .seconds(40)], successes: .list([202]), finals: .list([418]), restsByHost: true,
      hasStandardFields: false
    ) { letter, moment in
      [("Made-Up-Of", "\(letter.event) of \(letter.requestID ?? "-")"), ("Made-Up-Second", String(moment.seconds))]
        + letter.secrets.map { ("Made-Up-Proof", Signature.plain(letter.body, $0 + "!")) }
    }
  ) { happening, link in
    if case .file(let view) = happening.subject {
      return [
        WebhookMessage(.kept) { _ in
          Array("\(view.file.name) of \(view.requestID ?? "nobody") is kept \(link(view.path))".utf8)
        }
      ]
    }
    let words: (event: WebhookEvent, said: String)? =
      switch happening.kind {
      case .submitted: (WebhookEvent("made-up.taken", of: [.submitted]), "is taken")
      case .started: (.begun, "is begun")
      case .completed: (.done, "is done")
      case .failed: (.done, "is not done")
      case .canceled: (WebhookEvent("made-up.stopped", of: [.canceled]), "is stopped")
      case .progress, .stored: nil
      }
    guard let words, case .job(let view) = happening.subject else { return [] }
    return [
      WebhookMessage(words.event) { identifier in
        let files = view.outputs.map { " \(link($0.path))" }.joined()
        return Array(
          "\(identifier.hasPrefix("evt_") ? "mu" : "?") \(happening.inputs.joined()) \(words.said)\(files)".utf8)
      }
    ]
  }
}
