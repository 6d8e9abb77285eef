import Basics
import Synchronization

/// Counts the event streams that are open, all together and by holder, and opens new ones while there is room.
package final class EventStreams: Sendable {
  /// One stream's place in the count; it is free again when the last owner lets go of it.
  package final class Place: Sendable {
    private let streams: EventStreams
    private let holder: String
    private let number: Int

    fileprivate init(_ streams: EventStreams, _ holder: String, _ number: Int) {
      self.streams = streams
      self.holder = holder
      self.number = number
    }

    deinit {
      streams.leave(holder, number)
    }

    /// Ends the stream when its holder may no longer see what it tells.
    func end(with channel: EventChannel) { streams.watch(number, channel) }
  }

  private struct Watched {
    let isAllowed: @Sendable () -> Bool
    var channel: EventChannel?
  }

  private struct State {
    var all = 0
    var byHolder: [String: Int] = [:]
    var watched: [Int: Watched] = [:]
    var next = 0
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
  /// `isAllowed` tells whether the holder may still see it; `recheck` asks, on a thread that may block.
  /// Throws `HTTPFailure` 429 when the holder has as many as it may, and 503 when all places are taken.
  package func enter(
    _ holder: String, isAllowed: @escaping @Sendable () -> Bool = { true }
  ) throws(HTTPFailure) -> Place {
    let (failure, number) = state.withLock { state -> (HTTPFailure?, Int) in
      guard state.all < most else { return (.unavailable("too many event streams are open", retryAfterSeconds: 10), 0) }
      guard state.byHolder[holder, default: 0] < mostPerHolder else {
        return (.tooMany("at most \(mostPerHolder) event streams may be open at once", retryAfterSeconds: 10), 0)
      }
      state.all += 1
      state.byHolder[holder, default: 0] += 1
      state.next += 1
      state.watched[state.next] = Watched(isAllowed: isAllowed)
      return (nil, state.next)
    }
    if let failure { throw failure }
    return Place(self, holder, number)
  }

  /// Ends every stream whose holder may no longer see it; for a thread that may block, after anything that may have taken
  /// a right away.
  package func recheck() {
    let watched = state.withLock { $0.watched }
    for (number, one) in watched where !one.isAllowed() {
      // One that was opened meanwhile has been asked with the right it was opened by, and is asked again here.
      state.withLock { $0.watched[number]?.channel }?.finish()
    }
  }

  private func watch(_ number: Int, _ channel: EventChannel) {
    state.withLock { $0.watched[number]?.channel = channel }
  }

  private func leave(_ holder: String, _ number: Int) {
    state.withLock { state in
      state.watched[number] = nil
      state.all -= 1
      let left = state.byHolder[holder, default: 1] - 1
      state.byHolder[holder] = left > 0 ? left : nil
    }
  }
}
