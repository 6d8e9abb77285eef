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

  /// The messages of a style whose event is heard, in their order.
  func said(in style: WebhookStyle, of isHeard: (_ event: String) -> Bool) -> [Said] {
    var messages = said[style.name] ?? style.messages(happening, link).map { ($0, nil) }
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
