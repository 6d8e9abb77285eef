package import Engine

/// What the webhook nouns of the admin API are built from.
package struct WebhookParts: Sendable {
  package let subscriptions: Subscriptions
  package let replays: Replays

  package init(subscriptions: Subscriptions, replays: Replays) {
    self.subscriptions = subscriptions
    self.replays = replays
  }
}
