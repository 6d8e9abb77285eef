/// The connections of a loop that may be closed for a new one, oldest first.
///
/// The list is made when it is needed and used until it is empty, so that a flood of connections does not walk over all
/// of them for each one.
struct IdleQueue {
  private static let rest: Int64 = 100_000_000

  private var candidates: [(socket: Socket, since: Int64)] = []
  private var nextListing = Int64.min

  /// The connection that has waited longest for a request; nil when all are at work.
  mutating func takeOldest(of sockets: [Socket?], now: Int64) -> Socket? {
    if let oldest = takeValid() { return oldest }
    guard now >= nextListing else { return nil }
    nextListing = now + IdleQueue.rest
    candidates = sockets.compactMap { socket in
      guard let socket, socket.isExpendable else { return nil }
      return (socket, socket.phaseStart)
    }
    candidates.sort { $0.since > $1.since }
    return takeValid()
  }

  private mutating func takeValid() -> Socket? {
    while let (socket, since) = candidates.popLast() {
      if socket.isExpendable && socket.phaseStart == since { return socket }
    }
    return nil
  }
}
