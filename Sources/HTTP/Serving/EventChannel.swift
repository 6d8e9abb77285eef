import Synchronization

/// The way from a producer on any thread to one open event stream.
///
/// It holds a bounded number of events: a client that does not keep up is dropped and comes back with Last-Event-ID.
package final class EventChannel: Sendable {
  /// The most events that wait for a client.
  package static let capacity = 64

  enum Taken {
    case events([ServerSentEvent])
    /// The next event, or the end, rings the bell of the socket.
    case nothing
    case finished
    case overflowed
  }

  private enum End {
    case finished, overflowed, closed
  }

  private struct State {
    var waiting: [ServerSentEvent] = []
    var end: End?
    var socket: Socket?
    var wantsRing = false

    /// The socket to ring, once for each time that its task found nothing.
    mutating func takeRing() -> Socket? {
      guard wantsRing else { return nil }
      wantsRing = false
      return socket
    }
  }

  private let state = Mutex(State())

  package init() {}

  /// Hands events over, in order; false when nobody takes them: the stream is finished, closed or dropped just now.
  ///
  /// Never waits. A client that has taken all before is not dropped, however many events come at once.
  @discardableResult
  package func send(_ events: [ServerSentEvent]) -> Bool {
    let (isTaken, socket) = state.withLock { state -> (Bool, Socket?) in
      if state.end != nil { return (false, nil) }
      guard state.waiting.isEmpty || state.waiting.count + events.count <= EventChannel.capacity else {
        state.waiting = []
        state.end = .overflowed
        // Its task may be stuck in a write, where it waits for no events.
        return (false, state.socket)
      }
      state.waiting += events
      return (true, state.takeRing())
    }
    if let socket { socket.loop.ring(socket) }
    return isTaken
  }

  /// Ends the stream after the events that wait.
  package func finish() {
    let socket = state.withLock { state -> Socket? in
      if state.end == nil { state.end = .finished }
      return state.takeRing()
    }
    if let socket { socket.loop.ring(socket) }
  }

  /// Names the socket whose task takes the events.
  func attach(_ socket: Socket) {
    state.withLock { $0.socket = socket }
  }

  /// All events that wait.
  func take() -> Taken {
    state.withLock { state in
      if !state.waiting.isEmpty {
        defer { state.waiting = [] }
        return .events(state.waiting)
      }
      switch state.end {
      case nil:
        state.wantsRing = true
        return .nothing
      case .overflowed: return .overflowed
      case .finished, .closed: return .finished
      }
    }
  }

  /// True when it has ended and no event waits.
  var isSpent: Bool { state.withLock { $0.waiting.isEmpty && ($0.end == .finished || $0.end == .closed) } }

  var hasOverflowed: Bool { state.withLock { $0.end == .overflowed } }

  /// Refuses what is still sent.
  func close() {
    state.withLock { state in
      state = State()
      state.end = .closed
    }
  }
}
