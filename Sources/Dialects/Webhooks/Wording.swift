import Engine
import Storage

/// What is said of a happening, worded once for all who hear it in the same style.
final class Wording {
  /// A message and its bytes.
  struct Said {
    let message: WebhookMessage
    /// The public identifier of its event.
    let identifier: String
    let body: [UInt8]
  }

  private let happening: Happening
  private let link: WebhookStyle.Link
  /// Of each style its messages, with the bytes of those that somebody hears.
  private var said: [DeliveryStyle: [(message: WebhookMessage, said: Said?)]] = [:]

  init(_ happening: Happening, _ link: @escaping WebhookStyle.Link) {
    self.happening = happening
    self.link = link
  }

  /// True when the event of a message of a style is heard; nothing is worded for it.
  func says(in style: WebhookStyle, of isHeard: (_ event: String) -> Bool) -> Bool {
    messages(in: style).contains { isHeard($0.message.event.name) }
  }

  private func messages(in style: WebhookStyle) -> [(message: WebhookMessage, said: Said?)] {
    if let messages = said[style.name] { return messages }
    let messages = style.messages(happening, link).map { (message: $0, said: Said?.none) }
    said[style.name] = messages
    return messages
  }

  /// The messages of a style whose event is heard, in their order.
  func said(in style: WebhookStyle, of isHeard: (_ event: String) -> Bool) -> [Said] {
    var messages = messages(in: style)
    defer { said[style.name] = messages }
    return messages.indices.filter { isHeard(messages[$0].message.event.name) }.map { index in
      if let said = messages[index].said { return said }
      let message = messages[index].message
      let identifier = happening.identifier(message.part)
      let said = Said(message: message, identifier: identifier, body: message.body(identifier))
      messages[index].said = said
      return said
    }
  }
}
