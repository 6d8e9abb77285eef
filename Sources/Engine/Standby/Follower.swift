package import Basics

/// A stand-by that follows this server, by what it has said since the start.
package struct Follower: Sendable {
  /// What it calls itself; its machine's name, mostly.
  package let name: String
  /// Where it was last, and when.
  package let address: String
  package let seenAt: Timestamp
  /// Everything until then is safe there, by this machine's clock; nil before it has something whole.
  package internal(set) var heldAt: Timestamp?
  /// How long it waits from one look to the next.
  package let interval: Duration
  package let files: Int64
  package let bytes: Int64

  package func lag(at now: Timestamp) -> Duration? { heldAt.map { max(.zero, now - $0) } }
}
