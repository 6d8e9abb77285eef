import Basics
import Synchronization

/// Counts the event streams that are open, all together and by holder, and opens new ones while there is room.
package final class EventStreams: Sendable {
  /// One stream's place in the count; it is free again when the last owner lets go of it.
  package final class Place: Sendable {
    private let streams: EventStreams
    private let holder: String

    fileprivate init(_ streams: EventStreams, _ holder: String) {
      self.streams = streams
      self.holder = holder
    }

    deinit {
      streams.leave(holder)
    }
  }

  private struct State {
    var all = 0
    var byHolder: [String: Int] = [:]
  }

  package let heartbeat: Duration
  private let most: Int
  private let mostPerHolder: Int
  private let state = Mutex(State())

  package init(_ limits: ServerLimits = ServerLimits()) {
    most = limits.streams
    mostPerHolder = limits.streamsPerHolder
    heartbeat = limits.heartbeat
  }

  package var count: Int { state.withLock { $0.all } }

  /// Takes a place for a stream of the holder, before anything is subscribed.
  ///
  /// Throws `HTTPFailure` 429 when the holder has as many as it may, and 503 when all places are taken.
  package func enter(_ holder: String) throws(HTTPFailure) -> Place {
    let failure = state.withLock { state -> HTTPFailure? in
      guard state.all < most else { return .unavailable("too many event streams are open", retryAfterSeconds: 10) }
      guard state.byHolder[holder, default: 0] < mostPerHolder else {
        return .tooMany("at most \(mostPerHolder) event streams may be open at once", retryAfterSeconds: 10)
      }
      state.all += 1
      state.byHolder[holder, default: 0] += 1
      return nil
    }
    if let failure { throw failure }
    return Place(self, holder)
  }

  private func leave(_ holder: String) {
    state.withLock { state in
      state.all -= 1
      let left = state.byHolder[holder, default: 1] - 1
      state.byHolder[holder] = left > 0 ? left : nil
    }
  }
}
