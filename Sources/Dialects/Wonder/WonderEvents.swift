import Engine
import HTTP
import Storage
import Synchronization

/// The events of one job as a stream: those that have been, then those that come, each once and in order.
final class WonderEvents: Sendable {
  private struct State {
    /// What came while the history was being read; nil afterwards.
    var early: [Event]? = []
    /// The last event that the stream has; one that was committed before the reading may be told after it.
    var last: Int64 = 0
  }

  private let channel = EventChannel()
  private let state = Mutex(State())

  /// Takes an event from the hub; the last one ends the stream.
  private func take(_ event: Event) {
    let isNext = state.withLock { state in
      state.early?.append(event)
      guard state.early == nil, event.id > state.last else { return false }
      state.last = event.id
      return true
    }
    if isNext { send(event) }
  }

  private func send(_ event: Event) {
    channel.send([WonderEvents.render(event)])
    if event.kind.isFinal { channel.finish() }
  }

  /// The stream of a workspace's job after the event with number `after`.
  ///
  /// The hub is asked first and the history read then, so nothing falls between the two. The stream of a job that has
  /// ended is over at once, even when its events were seen already or have gone with its files.
  static func stream(
    _ workspace: Workspace, job: Job, after: Int64, _ jobs: JobService, heartbeat: Duration, place: EventStreams.Place
  ) throws -> EventStream {
    let (job, hasEnded) = (job.id, job.status.isFinal)
    let events = WonderEvents()
    let hub = jobs.lifecycle.hub
    let subscription = hub.subscribe(job: job) { events.take($0) }
    do {
      let history = try jobs.store.read { try Events.all(workspace.id, job: job, after: after, in: $0) }
      let last = history.last?.id ?? after
      let missed = events.state.withLock { state in
        let missed = (state.early ?? []).filter { $0.id > last }
        state.early = nil
        state.last = missed.last?.id ?? last
        return missed
      }
      let past = history + missed
      if hasEnded || past.contains(where: { $0.kind.isFinal }) { events.channel.finish() }
      return EventStream(events.channel, initial: past.map(render), heartbeat: heartbeat, place: place) {
        hub.unsubscribe(job: job, subscription)
      }
    } catch {
      hub.unsubscribe(job: job, subscription)
      throw error
    }
  }

  private static func render(_ event: Event) -> ServerSentEvent {
    ServerSentEvent(id: String(event.id), name: event.kind.rawValue, data: event.detail)
  }
}
