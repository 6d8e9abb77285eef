/// The connections of a loop that may be closed for a new one: idle ones first, the longest idle of all before the others,
/// then those that wait for a client that nobody knows, the slowest first.
///
/// The list is made when it is needed and used for a while, so that a flood of connections does not walk over all of them
/// for each one.
struct Expendables {
  private struct Candidate {
    let socket: Socket
    let expense: Socket.Expense
    let since: Int64
    /// Bytes a second; none is told of a client that has had no time yet.
    let rate: Int64?
  }

  /// The shortest time between two lists, and the longest that one is used.
  private static let rest: Int64 = 100_000_000
  private static let longestUse: Int64 = 1_000_000_000
  /// What a client is judged after: a new one may bring its body a moment after its head.
  private static let grace: Int64 = 1_000_000_000

  /// The cheapest one is the last.
  private var candidates: [Candidate] = []
  private var listed = Int64.min

  /// The connection to close; nil when all are at work for somebody.
  mutating func takeCheapest(of sockets: [Socket?], now: Int64) -> Socket? {
    let age = listed == .min ? Int64.max : now - listed
    if age <= Expendables.longestUse, let socket = takeValid() { return socket }
    guard age >= Expendables.rest else { return nil }
    listed = now
    candidates = sockets.compactMap { socket in
      guard let socket, let expense = socket.expense else { return nil }
      let span = now - socket.phaseStart
      let rate = span < Expendables.grace ? nil : socket.moved * 1000 / (span / 1_000_000)
      return Candidate(socket: socket, expense: expense, since: socket.phaseStart, rate: rate)
    }
    candidates.sort(by: Expendables.isDearer)
    return takeValid()
  }

  private mutating func takeValid() -> Socket? {
    while let candidate = candidates.popLast() {
      let socket = candidate.socket
      if socket.expense == candidate.expense && socket.phaseStart == candidate.since { return socket }
    }
    return nil
  }

  private static func isDearer(_ left: Candidate, _ right: Candidate) -> Bool {
    if left.expense != right.expense { return left.expense == .unknownClient }
    if left.expense == .idle { return left.since > right.since }
    switch (left.rate, right.rate) {
    case (nil, nil): return left.since > right.since
    case (nil, _?): return true
    case (_?, nil): return false
    case (let left?, let right?): return left > right
    }
  }
}
