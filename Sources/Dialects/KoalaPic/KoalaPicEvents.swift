import Basics
import Engine
import HTTP
import Storage
import Synchronization

/// The stream of a conversion or a batch: `progress` with a step and a percentage, then `complete` with the download, or
/// `failed` with the error (koalapic.com, "Real-time conversion progress").
struct KoalaPicEvents: Sendable {
  let jobs: JobService
  let workspace: Workspace
  let link: @Sendable (String) -> String

  private typealias Told = (event: ServerSentEvent, percent: Int64, isLast: Bool)

  /// The percentage that was told last.
  private final class Turn: Sendable {
    let value = Mutex<Int64?>(nil)
  }

  /// What the last event of a stream has as its id; a client that has it needs nothing more.
  private static let last = "end"

  /// Tells how things stand, then each change until the end.
  ///
  /// Each event says all there is to know, so a client that comes again needs no history but whether it saw the end.
  func stream(
    _ subject: KoalaPicNames.Subject, _ rows: [Int64], after: String, heartbeat: Duration, place: EventStreams.Place
  ) throws -> EventStream {
    let channel = EventChannel()
    let hub = jobs.lifecycle.hub
    // Nil before how things stand was read. Threads that tell of two files take turns, from the look to the telling, for else
    // the older of two looks might be told last.
    let percent = Turn()
    let subscriptions = rows.map { row in
      (
        row,
        hub.subscribe(job: row) { event in
          percent.value.withLock { last in
            guard let least = last, let told = try? tell(subject, event), told.isLast || told.percent >= least else {
              return
            }
            last = told.percent
            channel.send([told.event])
            if told.isLast { channel.finish() }
          }
        }
      )
    }
    let end: @Sendable () -> Void = {
      for (row, subscription) in subscriptions { hub.unsubscribe(job: row, subscription) }
    }
    do {
      // What happens from now on comes through the hub, and may be told twice rather than not at all.
      let now = try percent.value.withLock { last in
        let now = try tell(subject, nil)
        last = now.percent
        return now
      }
      if now.isLast { channel.finish() }
      let isSeen = now.isLast && after == KoalaPicEvents.last
      return EventStream(
        channel, initial: isSeen ? [] : [now.event], heartbeat: heartbeat, place: place, onClose: end)
    } catch {
      end()
      throw error
    }
  }

  private func tell(
    _ subject: KoalaPicNames.Subject, _ event: Event?
  ) throws -> Told {
    switch subject {
    case .job(let row):
      let view = try jobs.desk.view(workspace, row: row)
      return job(view, percent: event?.percent)
    case .batch(let row): return batch(try jobs.batches.viewNow(workspace, row: row))
    }
  }

  private func job(_ view: JobView, percent: Int64?) -> Told {
    switch view.job.status {
    case .incomplete, .downloading, .pending: progress("validating", 0)
    case .processing: progress("converting", percent ?? 1)
    case .completed: (complete(view.outputs.first.map { link($0.path) }, view.outputs.first?.name), 100, true)
    case .failed, .canceled: (failed(view.job.errorMessage ?? "The conversion was canceled."), 100, true)
    }
  }

  private func batch(_ view: BatchView) -> Told {
    let batch = view.batch
    switch KoalaPicDocuments.state(of: batch) {
    case "processing":
      let done = batch.total - batch.inProgress
      return progress(done == 0 ? "validating" : "converting", Int64(done * 100 / max(1, batch.total)))
    case "completed": return (complete(link("/api/v1/jobs/\(KoalaPicNames.name(of: view))/zip"), nil), 100, true)
    default: return (failed(KoalaPicDocuments.error(view) ?? "No file could be converted."), 100, true)
    }
  }

  private func progress(_ step: String, _ percent: Int64) -> Told {
    let event = ServerSentEvent(
      id: "\(step)-\(percent)", name: "progress",
      data: JSONValue.object([("step", .string(step)), ("percent", .integer(percent))]).text)
    return (event, percent, false)
  }

  private func complete(_ address: String?, _ name: String?) -> ServerSentEvent {
    let members = [("download_url", address), ("filename", name)].compactMap { name, text in
      text.map { (name, JSONValue.string($0)) }
    }
    return ServerSentEvent(id: KoalaPicEvents.last, name: "complete", data: JSONValue.object(members).text)
  }

  private func failed(_ error: String) -> ServerSentEvent {
    ServerSentEvent(
      id: KoalaPicEvents.last, name: "failed", data: JSONValue.object([("error", .string(error))]).text)
  }
}
