/// One message of a style about something that happened, before it is known who gets it.
package struct WebhookMessage {
  /// What an endpoint must have subscribed to to get it.
  let event: WebhookEvent
  /// What the message itself is called.
  let name: String
  /// Its number among the messages about the same thing that are not the same.
  let part: Int
  /// The bytes, under the public identifier of its event.
  let body: (_ identifier: String) -> [UInt8]

  /// A message is called after its event unless it is `named` otherwise.
  package init(
    _ event: WebhookEvent, named name: String? = nil, part: Int = 0, body: @escaping (_ identifier: String) -> [UInt8]
  ) {
    self.event = event
    self.name = name ?? event.name
    self.part = part
    self.body = body
  }
}
