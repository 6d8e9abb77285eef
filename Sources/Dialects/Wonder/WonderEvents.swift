import Engine
import HTTP
import Storage

/// The events of one job as a stream: those that have been, then those that come, each once and in order.
enum WonderEvents {
  /// The stream of a job after the event with number `after`; the job's last event ends it.
  static func stream(
    _ job: Job, after: Int64, _ jobs: JobService, heartbeat: Duration, place: EventStreams.Place
  ) throws -> EventStream {
    let channel = EventChannel()
    let beginning = try JobWatch.begin(job, after: after, in: jobs.store, hub: jobs.lifecycle.hub) { event in
      channel.send([render(event)])
      if event.kind.isFinal { channel.finish() }
    }
    if beginning.hasEnded { channel.finish() }
    return EventStream(
      channel, initial: beginning.past.map(render), heartbeat: heartbeat, place: place, onClose: beginning.end)
  }

  private static func render(_ event: Event) -> ServerSentEvent {
    ServerSentEvent(id: String(event.id), name: event.kind.rawValue, data: event.detail)
  }
}
