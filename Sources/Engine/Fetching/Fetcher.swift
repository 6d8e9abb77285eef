package import Basics
package import Conversion
import Formats
import Glibc
package import Outbound
package import Storage

/// Fetches the files that jobs wait for: one thread, many at once, each into the spool and then into its place.
///
/// A file counts as fetched only when it is recorded, so whatever was under way at a crash is fetched again.
///
/// `@unchecked Sendable`: the state of its loop belongs to its thread; others only set a flag and wake it.
package final class Fetcher: @unchecked Sendable {
  package static let most = 64
  /// One workspace must not hold up the others.
  static let mostOfWorkspace = 8
  static let mostRedirects = 5
  /// A file that the disk has no room for so often, with a rest after each time, fails its job.
  static let mostShortages = 10
  static let pause = Duration.seconds(1)
  /// How long a file of a place waits after each failure in a row that may pass; one more is its job's.
  package static let pauses: [Duration] = [.milliseconds(200), .seconds(1), .seconds(3)]
  /// How long nothing new is begun after the disk or the database was in trouble.
  static let rest = Duration.seconds(5)
  private static let longestWait = Duration.seconds(60)

  /// One file under way.
  private struct Fetching {
    let pickup: Pickup
    let path: String
    let descriptor: Int32
    var room: IncomingRoom
    var address: String
    /// Where it is when that is no address alone.
    var place: CloudPlace?
    var redirects = 0
    /// When it must be there, over all redirects and tries, on the monotonic clock.
    let deadline: Int64
    var tries = FetchTries()
  }

  private let store: Store
  private let lifecycle: Lifecycle
  private let client: Client
  private let catalogue: CatalogueSource
  private let timeLimit: Duration
  private let agent: String
  private let mostAtOnce: Int
  private let pauses: [Duration]
  private let clock: Clock
  private let log: Log
  private let thread: ClientThread

  private var running: [Int64: Fetching] = [:]
  private var lastWorkspace: Int64 = 0
  /// What came to an end that could not be recorded.
  private var troubled: [Pickup] = []
  /// How often a file could not be stored.
  private var shortages: [Int64: Int] = [:]
  private var restsUntil: Int64 = 0
  private var setback: Setback

  /// `client` is its own; `wake` of it tells that there is something new.
  package init(
    store: Store, lifecycle: Lifecycle, client: Client, catalogue: CatalogueSource, timeLimit: Duration, agent: String,
    mostAtOnce: Int = Fetcher.most, pauses: [Duration] = Fetcher.pauses, clock: Clock, log: Log
  ) {
    self.mostAtOnce = mostAtOnce
    self.pauses = pauses
    self.store = store
    self.lifecycle = lifecycle
    self.client = client
    thread = ClientThread(client)
    self.catalogue = catalogue
    self.timeLimit = timeLimit
    self.agent = agent
    self.clock = clock
    self.log = log
    setback = Setback("cannot fetch files", log: log)
  }

  package func start() throws(SystemFailure) {
    try thread.start("fetcher") { [self] in serve() }
  }

  /// Leaves what is under way; the next start fetches it again.
  package func stop() {
    thread.end()
    thread.join()
  }

  private var stops: Bool { thread.stops }

  private func serve() {
    while !stops && !store.hasStoppedWriting {
      let isResting = clock.monotonic() < restsUntil
      do {
        try dropUnwanted()
        if !isResting {
          try release()
          try begin()
          setback.worked()
        }
      } catch {
        rest(error)
      }
      let hasMore = isResting || !troubled.isEmpty
      let wait = min(hasMore ? Fetcher.pause : Fetcher.longestWait, resume())
      for ended in client.poll(longest: wait) { settle(ended) }
    }
    for fetching in running.values { discard(fetching) }
    running = [:]
  }

  /// Begins nothing for a while, because the disk or the database is in trouble; what runs goes on.
  private func rest(_ error: any Error) {
    // The store has said why when it has stopped.
    let span = store.hasStoppedWriting ? Fetcher.rest : setback.failed(error)
    restsUntil = clock.monotonic() + span.nanoseconds
  }

  /// Lets wait again what could not be settled.
  private func release() throws {
    while let pickup = troubled.last {
      try lifecycle.releaseDownload(pickup)
      troubled.removeLast()
    }
  }

  private func begin() throws {
    while running.count < mostAtOnce, !stops,
      let pickup = try lifecycle.claimDownload(after: lastWorkspace, most: Fetcher.mostOfWorkspace)
    {
      lastWorkspace = pickup.workspaceID
      let name = "fetch-\(pickup.inputID)"
      unlink(store.spool.path + "/" + name)
      do {
        let (path, descriptor) = try store.spool.makeFile(name, O_RDWR | O_EXCL)
        start(
          Fetching(
            pickup: pickup, path: path, descriptor: descriptor,
            room: IncomingRoom(lifecycle.room, workspace: pickup.workspaceID), address: pickup.address,
            place: pickup.place.flatMap(CloudPlace.init(text:)), deadline: clock.monotonic() + timeLimit.nanoseconds))
      } catch {
        troubled.append(pickup)
        throw error
      }
    }
  }

  /// Goes on with what has waited for another try; gives how long it is until the next one.
  private func resume() -> Duration {
    var next = Fetcher.longestWait
    for var fetching in running.values {
      guard let due = fetching.tries.dueAt else { continue }
      let left = Duration.nanoseconds(due - clock.monotonic())
      if left > .zero {
        next = min(next, left)
      } else {
        fetching.tries.dueAt = nil
        start(fetching)
      }
    }
    return next
  }

  private func start(_ fetching: Fetching) {
    running[fetching.pickup.inputID] = fetching
    let left = Duration.nanoseconds(fetching.deadline - clock.monotonic())
    let room = fetching.room
    let download = Download(
      descriptor: fetching.descriptor, mostBytes: fetching.pickup.mostBytes, offset: fetching.tries.bytes
    ) { bytes in
      if try room.take(bytes) != nil { throw StorageTrouble(description: "there is no room for it") }
    }
    let timeLimit = max(Duration.milliseconds(1), left)
    let request: OutboundRequest
    if let place = fetching.place, let credentials = CloudCredentials(text: fetching.pickup.credentials.value) {
      request = CloudCall.fetch(download, tag: fetching.tries.tag ?? "").request(
        to: place, credentials, agent: agent, at: clock.now(), timeLimit: timeLimit)
    } else {
      request = OutboundRequest(
        url: fetching.address, headers: [("User-Agent", agent), ("Accept", "*/*")], .download(download),
        timeLimit: timeLimit)
    }
    client.start(request, tag: fetching.pickup.inputID)
  }

  /// Stops what nobody waits for any more.
  private func dropUnwanted() throws {
    for (tag, fetching) in running where try !lifecycle.isWanted(fetching.pickup) {
      client.cancel(tag: tag)
      running[tag] = nil
      discard(fetching)
    }
  }

  private func settle(_ ended: Client.Ended) {
    guard var fetching = running.removeValue(forKey: ended.tag) else { return }
    // A bucket may be in another region than the client has said.
    if let place = fetching.place, fetching.redirects == 0,
      let region = CloudTrouble(ended.reply, at: place)?.region
    {
      fetching.place = place.moved(to: region)
      fetching.redirects = 1
      return start(fetching)
    }
    if mayTryAgain(&fetching, after: ended.reply) {
      running[ended.tag] = fetching
      return
    }
    do {
      guard let next = try conclude(fetching, ended.reply) else {
        shortages[ended.tag] = nil
        return discard(fetching)
      }
      fetching.address = next
      fetching.redirects += 1
      start(fetching)
    } catch {
      discard(fetching)
      troubled.append(fetching.pickup)
      rest(error)
    }
  }

  /// Lets a file of a place wait for another try, behind what has come where the store allows that; false when there is none.
  private func mayTryAgain(_ fetching: inout Fetching, after reply: OutboundReply) -> Bool {
    guard let place = fetching.place, let trouble = CloudTrouble(reply, at: place),
      let pause = fetching.tries.pause(after: reply, trouble, pauses),
      clock.monotonic() + pause.nanoseconds < fetching.deadline
    else { return false }
    if fetching.tries.bytes == 0 {
      guard ftruncate(fetching.descriptor, 0) == 0, lseek(fetching.descriptor, 0, SEEK_SET) == 0 else { return false }
      fetching.room = IncomingRoom(lifecycle.room, workspace: fetching.pickup.workspaceID)
    }
    fetching.tries.dueAt = clock.monotonic() + pause.nanoseconds
    log.info(
      "file not fetched yet: \(trouble.detail)",
      ["job": store.identifiers.text(.request, fetching.pickup.jobID), "bytes": "\(fetching.tries.bytes)"])
    return true
  }

  /// Records what came of a request; gives where to ask instead when it was redirected.
  ///
  /// Throws when the disk or the database is in trouble, and then nothing is recorded.
  private func conclude(_ fetching: Fetching, _ reply: OutboundReply) throws -> String? {
    if let failure = reply.failure, failure.kind == .notStored {
      try conclude(fetching, notStored: failure)
    } else if let place = fetching.place {
      if let problem = FetchFailure(reply, at: place, mostBytes: fetching.pickup.mostBytes) {
        try fail(fetching, problem)
      } else {
        try keep(fetching, named: nil, CloudSum(fetching.tries.checksum(reply)))
      }
    } else if reply.failure == nil, reply.status / 100 == 3, let next = reply.redirect {
      guard let problem = FetchFailure.problem(of: next, after: fetching.address, redirects: fetching.redirects) else {
        return next
      }
      try fail(fetching, problem)
    } else if let problem = FetchFailure(reply, mostBytes: fetching.pickup.mostBytes) {
      try fail(fetching, problem)
    } else {
      try keep(fetching, named: reply.disposition.flatMap(AttachmentName.read))
    }
    return nil
  }

  /// Ends the job of a file that its workspace has no room for, or the disk has not had for a while.
  private func conclude(_ fetching: Fetching, notStored failure: OutboundFailure) throws {
    if case .workspace(let most)? = fetching.room.obstacle { return try fail(fetching, FetchFailure.overQuota(most)) }
    let times = (shortages[fetching.pickup.inputID] ?? 0) + 1
    shortages[fetching.pickup.inputID] = times
    guard times >= Fetcher.mostShortages else { throw StorageTrouble(description: failure.detail) }
    try fail(
      fetching, FetchFailure(.diskFull, "could not be kept: the server's disk has no room", detail: failure.detail))
  }

  private struct StorageTrouble: Error, CustomStringConvertible {
    let description: String
  }

  /// Looks at what has come, and puts it in its place; the server's name counts when the client has given none.
  private func keep(_ fetching: Fetching, named name: String?, _ sum: CloudSum = CloudSum(nil)) throws {
    let hash = try SHA256.digest(ofFile: fetching.descriptor, named: fetching.path)
    if !sum.allows(hash) {
      return try fail(fetching, FetchFailure(.damaged, "came damaged: its checksum is not the one that the store has"))
    }
    let type = try Sniffer.type(ofFile: fetching.descriptor)
    if let problem = try problem(of: type, fetching.pickup) {
      return try fail(fetching, FetchFailure(.wrongType, problem))
    }
    let given = fetching.pickup.hasOwnName ? nil : name.map(FileNames.clean)
    let size = try FileBytes.size(fetching.path)
    try store.blobs.place([fetching.path]) { blobs in
      do {
        fetching.room.handOver()
        switch try lifecycle.finishDownload(
          fetching.pickup, blob: blobs[0], size: size, sha256: hash,
          type.best(named: given ?? fetching.pickup.fileName), name: given)
        {
        case .stored:
          log.info(
            "file fetched", ["job": store.identifiers.text(.request, fetching.pickup.jobID), "bytes": "\(size)"])
        case .unwanted: store.blobs.remove(blobs)
        case .overQuota(let most):
          store.blobs.remove(blobs)
          try fail(fetching, FetchFailure.overQuota(most))
        }
      } catch {
        if !store.hasStoppedWriting { store.blobs.remove(blobs) }
        throw error
      }
    }
  }

  /// What keeps a file of this type from being what its job was asked to convert.
  private func problem(of type: Sniffed, _ pickup: Pickup) throws -> String? {
    let found: (job: Job, tasks: [JobTask])? = try store.read { database in
      try Jobs.load(id: pickup.jobID, in: database).map { ($0, try Tasks.all($0, in: database)) }
    }
    guard let (job, tasks) = found else { return nil }
    let catalogue = catalogue.now
    let from = Format.named(job.sourceFormat)
    if pickup.role == .overlay {
      return try tasks.compactMap { task -> String? in
        guard let target = Format.named(task.targetFormat) else { return nil }
        return SourceCheck(catalogue: catalogue, from: from, to: target).problemOfOverlay(
          type, try task.options(among: catalogue.options))
      }.first
    }
    return SourceCheck.all(of: job, tasks, catalogue).problem(of: type)
  }

  private func fail(_ fetching: Fetching, _ failure: FetchFailure) throws {
    log.info(
      "file not fetched: \(failure.detail)", ["job": store.identifiers.text(.request, fetching.pickup.jobID)])
    // Whoever hears that the job has failed finds nothing of it in the spool.
    unlink(fetching.path)
    try lifecycle.failDownload(fetching.pickup, failure.ofFile(fetching.pickup.fileName))
  }

  private func discard(_ fetching: Fetching) {
    close(fetching.descriptor)
    store.spool.remove(fetching.path)
  }
}
