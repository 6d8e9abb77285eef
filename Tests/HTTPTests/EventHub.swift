import HTTP
import Synchronization
import XCTest

/// Stands for a producer: handlers subscribe channels, the test sends to all of them from its own thread.
final class EventHub: Sendable {
  private struct State {
    var channels: [Int: EventChannel] = [:]
    var next = 0
  }

  private let state = Mutex(State())
  private let closed: XCTestExpectation

  /// `closed` is fulfilled each time that a stream unsubscribes.
  init(closed: XCTestExpectation) {
    self.closed = closed
  }

  var count: Int { state.withLock { $0.channels.count } }

  func open(initial: [ServerSentEvent] = [], heartbeat: Duration = .seconds(15)) -> EventStream {
    let channel = EventChannel()
    let key = state.withLock { state in
      state.next += 1
      state.channels[state.next] = channel
      return state.next
    }
    return EventStream(channel, initial: initial, heartbeat: heartbeat) { [self] in
      state.withLock { _ = $0.channels.removeValue(forKey: key) }
      closed.fulfill()
    }
  }

  /// True when every open stream took the events.
  @discardableResult
  func send(_ events: ServerSentEvent...) -> Bool {
    state.withLock { Array($0.channels.values) }.map { $0.send(events) }.allSatisfy { $0 }
  }

  func finish() {
    for channel in state.withLock({ Array($0.channels.values) }) { channel.finish() }
  }
}
