package import Storage

/// Words what happened: which webhooks go out, to whom, with which bytes; it has no effect and always gives the same.
package protocol Announcer: Sendable {
  /// The styles that an endpoint can have.
  var offers: [OfferedStyle] { get }

  /// How an address is told that came with a request in a dialect; nil when its clients can give none.
  func ownStyle(of dialect: String) -> OwnStyle?

  /// False when an endpoint hears nothing of this kind, whatever it happens to, so that nothing need be worded for it.
  func tells(_ endpoint: Endpoint, of kind: EventKind) -> Bool

  /// Those of the endpoints that hear something of it, without a word of what they hear; of a batch its tasks may be missing.
  func hearers(of happening: Happening, among endpoints: [Endpoint]) -> [Endpoint]

  func deliveries(of happening: Happening, to audience: Audience) -> [NewDelivery]
}

/// A style that an endpoint can have, as it is offered.
package struct OfferedStyle: Sendable {
  package let name: DeliveryStyle
  package let title: String
  /// What there is to subscribe to.
  package let events: [String]
  /// True when all addresses of a host count as one that rests when it fails.
  package let restsByHost: Bool
  /// True when it tells that a batch begins and that each file of several is done.
  package let followsFiles: Bool

  package init(
    name: DeliveryStyle, title: String, events: [String], restsByHost: Bool = false, followsFiles: Bool = false
  ) {
    self.followsFiles = followsFiles
    self.restsByHost = restsByHost
    self.name = name
    self.title = title
    self.events = events
  }
}

/// How the address that came with a request is told.
package struct OwnStyle: Sendable {
  package let name: DeliveryStyle
  /// True when such an address is told instead of the workspace's endpoints of the style, not beside them.
  package let standsForEndpoints: Bool
  /// True when all that there is to say of a job is told.
  package let tellsWholeJobs: Bool

  package init(name: DeliveryStyle, standsForEndpoints: Bool, tellsWholeJobs: Bool = false) {
    self.tellsWholeJobs = tellsWholeJobs
    self.name = name
    self.standsForEndpoints = standsForEndpoints
  }
}

/// Who is to be told of something.
package struct Audience: Sendable {
  /// An address that came with the request.
  package struct Address: Sendable {
    package let url: String
    package let secret: String?
  }

  package let own: Address?
  package let endpoints: [Endpoint]
}
