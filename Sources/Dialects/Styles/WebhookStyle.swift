package import Engine
package import Outbox
package import Storage

/// One way to tell of what happens: which events there are, which of them a happening is, its bytes, and how they are sent.
package struct WebhookStyle: Sendable {
  /// Makes a path absolute.
  package typealias Link = (_ path: String) -> String

  package let title: String
  /// What an endpoint can subscribe to; empty where only the address that came with a request is told.
  package let events: [WebhookEvent]
  /// True when an address that came with a request is told instead of the endpoints of the style, not beside them.
  package let ownStandsForEndpoints: Bool
  /// True when all that there is to say of a job is told to the address that came with it.
  package let tellsWholeJobs: Bool
  /// True when it tells that a batch begins and that each file of several is done.
  package let followsFiles: Bool
  package let policy: DeliveryPolicy
  /// What is said of a happening, in the order in which it goes out.
  package let messages: @Sendable (_ happening: Happening, _ link: @escaping Link) -> [WebhookMessage]

  package init(
    title: String, events: [WebhookEvent] = [], ownStandsForEndpoints: Bool = false, tellsWholeJobs: Bool = false,
    followsFiles: Bool = false, policy: DeliveryPolicy,
    messages: @escaping @Sendable (_ happening: Happening, _ link: @escaping Link) -> [WebhookMessage]
  ) {
    self.title = title
    self.events = events
    self.ownStandsForEndpoints = ownStandsForEndpoints
    self.tellsWholeJobs = tellsWholeJobs
    self.followsFiles = followsFiles
    self.policy = policy
    self.messages = messages
  }

  /// What stands in the rows.
  package var name: DeliveryStyle { policy.style }
}
