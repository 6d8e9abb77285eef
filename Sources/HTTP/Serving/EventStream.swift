import Synchronization

/// A body without a known end: events as a producer sends them, and comments while it has none.
///
/// A handler subscribes the channel first and reads what it sends as `initial` afterwards: then no event is missed.
package final class EventStream: Sendable {
  private struct State {
    var initial: [ServerSentEvent]
    var onClose: (@Sendable () -> Void)?
    var place: EventStreams.Place?
    var sent: Int64 = 0
  }

  let channel: EventChannel
  let heartbeat: Duration
  private let state: Mutex<State>

  /// A channel belongs to one stream; `heartbeat` is the longest silence, and the place is free again after the end.
  ///
  /// `onClose` is called once, when the client is gone, the stream has ended or its response was never sent. The
  /// connection's loop calls it, so it must not block.
  package init(
    _ channel: EventChannel, initial: [ServerSentEvent] = [], heartbeat: Duration = .seconds(15),
    place: EventStreams.Place? = nil,
    onClose: @escaping @Sendable () -> Void = {}
  ) {
    self.channel = channel
    self.heartbeat = heartbeat
    state = Mutex(State(initial: initial, onClose: onClose, place: place))
    place?.end(with: channel)
  }

  deinit {
    close()
  }

  /// True when it has ended and nothing is left to send.
  var isOver: Bool { state.withLock { $0.initial.isEmpty } && channel.isSpent }

  /// The bytes of events and comments sent so far.
  var sent: Int64 { state.withLock { $0.sent } }

  func count(_ bytes: Int) {
    state.withLock { $0.sent += Int64(bytes) }
  }

  /// The events to begin with; the stream keeps them no longer.
  func takeInitial() -> [ServerSentEvent] {
    state.withLock { state in
      defer { state.initial = [] }
      return state.initial
    }
  }

  func close() {
    channel.close()
    let (onClose, place) = state.withLock { ($0.onClose.take(), $0.place.take()) }
    onClose?()
    _ = place
  }
}
