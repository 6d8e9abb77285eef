import Basics
import Dialects
import Engine
import Outbox
import Storage

extension DeliveryStyle {
  static let madeUp = DeliveryStyle(rawValue: "made-up")
}

extension WebhookStyle {
  /// A style that no vendor has: events, header fields, bytes that are no JSON, times and answers of its own.
  static let madeUp = WebhookStyle(
    title: "Made up",
    events: [WebhookEvent("made-up.begun"), WebhookEvent("made-up.done"), WebhookEvent("made-up.kept")],
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
        WebhookMessage(WebhookEvent("made-up.kept")) { _ in
          Array("\(view.file.name) of \(view.requestID ?? "nobody") is kept \(link(view.path))".utf8)
        }
      ]
    }
    let words: (event: String, said: String)? =
      switch happening.kind {
      case .submitted: ("made-up.taken", "is taken")
      case .started: ("made-up.begun", "is begun")
      case .completed: ("made-up.done", "is done")
      case .failed: ("made-up.done", "is not done")
      case .canceled: ("made-up.stopped", "is stopped")
      case .progress, .stored: nil
      }
    guard let words, case .job(let view) = happening.subject else { return [] }
    return [
      WebhookMessage(WebhookEvent(words.event)) { identifier in
        let files = view.outputs.map { " \(link($0.path))" }.joined()
        return Array(
          "\(identifier.hasPrefix("evt_") ? "mu" : "?") \(happening.inputs.joined()) \(words.said)\(files)".utf8)
      }
    ]
  }
}
