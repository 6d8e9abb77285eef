package import Engine
package import Storage

/// What the webhook nouns of the admin API are built from.
package struct WebhookParts: Sendable {
  package let subscriptions: Subscriptions
  package let replays: Replays
  /// Tells of recorded attempts; nil in a process that sends nothing.
  package let watch: DeliveryWatch?

  package init(subscriptions: Subscriptions, replays: Replays, watch: DeliveryWatch?) {
    self.subscriptions = subscriptions
    self.replays = replays
    self.watch = watch
  }
}
