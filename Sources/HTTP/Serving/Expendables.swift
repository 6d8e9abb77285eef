/// The connections of a loop that may be closed for a new one: those between two requests first, the longest idle before
/// the others, then those that wait for a client that nobody knows, the slowest first.
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

  /// The shortest time between two lists for each connection, and the longest time that a list is used.
  private static let restForEach: Int64 = 5000
  private static let longestUse: Int64 = 1_000_000_000
  /// What a client is judged after: a new one may bring its body a moment after its head.
  private static let grace: Int64 = 1_000_000_000

  /// The cheapest one is the last.
  private var candidates: [Candidate] = []
  private var listed = Int64.min
  /// True when the last list was empty from the start.
  private var hadNone = false

  enum Choice {
    /// The connection to close.
    case close(Socket)
    /// Ask again at this time (monotonic nanoseconds): who may go now is not known yet.
    case later(Int64)
    /// All are at work for somebody.
    case none
  }

  mutating func takeCheapest(of sockets: [Socket?], connections: Int, now: Int64) -> Choice {
    let age = listed == .min ? Int64.max : now - listed
    if age <= Expendables.longestUse, let socket = takeValid() { return .close(socket) }
    let rest = Int64(connections) * Expendables.restForEach
    if age < rest { return hadNone ? .none : .later(listed + rest) }
    listed = now
    candidates = sockets.compactMap { socket in
      guard let socket, let expense = socket.expense else { return nil }
      let span = now - socket.phaseStart
      let rate = span < Expendables.grace ? nil : socket.moved * 1000 / (span / 1_000_000)
      return Candidate(socket: socket, expense: expense, since: socket.phaseStart, rate: rate)
    }
    hadNone = candidates.isEmpty
    candidates.sort(by: Expendables.isDearer)
    return takeValid().map { .close($0) } ?? .none
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
