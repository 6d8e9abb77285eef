package import Basics
package import Engine
package import Storage

/// What the webhook nouns of the admin API are built from.
package final class WebhookParts: Sendable {
  package let subscriptions: Subscriptions
  package let replays: Replays
  /// Tells of recorded attempts; nil in a process that sends nothing.
  package let watch: DeliveryWatch?
  /// What the courier leaves alone for a while.
  package let rests: DeliveryRests
  /// The header fields of an attempt at that moment.
  package let fields: Fields

  package typealias Fields = @Sendable (SentDelivery, Timestamp) -> [(name: String, value: String)]

  package init(
    subscriptions: Subscriptions, replays: Replays, watch: DeliveryWatch?, rests: DeliveryRests = DeliveryRests(),
    fields: @escaping Fields
  ) {
    self.fields = fields
    self.subscriptions = subscriptions
    self.replays = replays
    self.watch = watch
    self.rests = rests
  }
}
