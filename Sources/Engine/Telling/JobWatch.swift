package import Storage
import Synchronization

/// The events of one job for somebody who watches it: those that have been, then those that come, each once and in order.
package final class JobWatch: Sendable {
  package typealias Listener = @Sendable (Event) -> Void

  private struct State {
    /// What came while the history was being read; nil afterwards.
    var early: [Event]? = []
    /// The last event that was told; one that was committed before the reading may be published after it.
    var last: Int64 = 0
  }

  private let listener: Listener
  private let state = Mutex(State())

  private init(_ listener: @escaping Listener) {
    self.listener = listener
  }

  /// What has been when a watch began.
  package struct Beginning: Sendable {
    package let past: [Event]
    /// True when nothing will follow.
    package let hasEnded: Bool
    /// To be called when nobody watches any more.
    package let end: @Sendable () -> Void
  }

  /// Begins to watch a workspace's job after the event with number `after`; `listener` gets what comes, on the thread
  /// that made it.
  ///
  /// The hub is asked first and the history read then, so nothing falls between the two. The watch over a job that has
  /// ended is over at once, even when its events were seen already or have gone with its files.
  package static func begin(
    _ job: Job, after: Int64, in store: Store, hub: EventHub, _ listener: @escaping Listener
  ) throws -> Beginning {
    let watch = JobWatch(listener)
    let subscription = hub.subscribe(job: job.id) { watch.take($0) }
    do {
      let history = try store.read { try Events.all(job.workspaceID, job: job.id, after: after, in: $0) }
      let past = watch.join(history, after: after)
      return Beginning(past: past, hasEnded: job.status.isFinal || past.contains { $0.kind.isFinal }) { [id = job.id] in
        hub.unsubscribe(job: id, subscription)
      }
    } catch {
      hub.unsubscribe(job: job.id, subscription)
      throw error
    }
  }

  /// The history, and what was published while it was read.
  private func join(_ history: [Event], after: Int64) -> [Event] {
    let last = history.last?.id ?? after
    return state.withLock { state in
      let missed = (state.early ?? []).filter { $0.id > last }
      state.early = nil
      state.last = missed.last?.id ?? last
      return history + missed
    }
  }

  private func take(_ event: Event) {
    let isNext = state.withLock { state in
      state.early?.append(event)
      guard state.early == nil, event.id > state.last else { return false }
      state.last = event.id
      return true
    }
    if isNext { listener(event) }
  }
}
