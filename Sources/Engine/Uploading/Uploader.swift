package import Basics
import Glibc
package import Outbound
package import Storage

/// Sends the outputs of jobs to places elsewhere: one thread, many at once.
///
/// An output has arrived only when the server has said so and that is recorded, so whatever was under way at a crash is sent
/// again, of one in parts what has not arrived.
///
/// `@unchecked Sendable`: the state of its loop belongs to its thread; others only set a flag and wake it.
package final class Uploader: @unchecked Sendable {
  package static let most = 32
  /// One workspace must not hold up the others.
  static let mostOfWorkspace = 8
  /// How long an output waits after each failure in a row; after one more its target has failed.
  package static let pauses: [Duration] = [.seconds(5), .seconds(30), .seconds(120), .seconds(600), .seconds(1800)]
  /// An output that has not arrived a day after it was made, however often something of it did, never will.
  static let longest = Duration.seconds(86_400)
  private static let longestRest = Duration.seconds(3600)
  private static let longestWait = Duration.seconds(60)

  private let store: Store
  private let lifecycle: Lifecycle
  private let client: Client
  private let timeLimit: Duration
  private let agent: String
  private let mostAtOnce: Int
  private let pauses: [Duration]
  private let sizes: PartSizes
  private let clock: Clock
  private let log: Log
  private let thread: ClientThread

  private var running: [Int64: Sending] = [:]
  /// Those in parts that wait for another try, their files closed: what has arrived is let go of when nobody wants it.
  private var paused: [Int64: Sending] = [:]
  /// What came to an end that could not be recorded, with how often in a row each has failed.
  private var troubled: [(upload: Upload, failures: Int)] = []
  private var lastWorkspace: Int64 = 0
  /// Requests that let go of parts have numbers of their own, below those of rows.
  private var lastAbort: Int64 = 0
  private var restsUntil: Int64 = 0
  private var setback: Setback

  /// Makes one whose `client` is its own; `wake` of that tells that there is something new.
  ///
  /// `timeLimit` is for one request.
  package init(
    store: Store, lifecycle: Lifecycle, client: Client, timeLimit: Duration, agent: String,
    mostAtOnce: Int = Uploader.most, pauses: [Duration] = Uploader.pauses, sizes: PartSizes = .usual, clock: Clock,
    log: Log
  ) {
    self.store = store
    self.lifecycle = lifecycle
    self.client = client
    thread = ClientThread(client)
    self.timeLimit = timeLimit
    self.agent = agent
    self.mostAtOnce = mostAtOnce
    self.pauses = pauses
    self.sizes = sizes
    self.clock = clock
    self.log = log
    setback = Setback("cannot send outputs", log: log)
  }

  package func start() throws(SystemFailure) {
    try thread.start("uploader") { [self] in serve() }
  }

  /// Leaves what is under way; the next start sends it again.
  package func stop() {
    thread.end()
    thread.join()
  }

  private var stops: Bool { thread.stops }

  private func serve() {
    while !stops && !store.hasStoppedWriting {
      var wait = Uploader.longestWait
      do {
        try dropUnwanted()
        if clock.monotonic() >= restsUntil {
          try release()
          try begin()
          setback.worked()
        }
        // One that is due and was not begun waits for another to end.
        if let next = try lifecycle.untilNextUpload() { wait = min(wait, next > .zero ? next : Setback.shortest) }
      } catch {
        rest(error)
      }
      let rest = Duration.nanoseconds(restsUntil - clock.monotonic())
      if rest > .zero { wait = min(wait, rest) }
      for ended in client.poll(longest: wait) { settle(ended) }
    }
    for sending in running.values { close(sending.descriptor) }
    running = [:]
  }

  /// Begins nothing for a while, because the disk or the database is in trouble; what runs goes on.
  private func rest(_ error: any Error) {
    let span = store.hasStoppedWriting ? Setback.shortest : setback.failed(error)
    restsUntil = clock.monotonic() + span.nanoseconds
  }

  private func begin() throws {
    while running.count < mostAtOnce, !stops,
      let upload = try lifecycle.claimUpload(after: lastWorkspace, most: Uploader.mostOfWorkspace)
    {
      lastWorkspace = upload.workspaceID
      paused[upload.id] = nil
      do { try begin(upload) } catch {
        putOff(upload, failures: upload.failures)
        throw error
      }
    }
  }

  /// Throws when the disk or the database is in trouble.
  private func begin(_ upload: Upload) throws {
    let descriptor: Int32
    do throws(SystemFailure) {
      descriptor = try store.blobs.open(upload.blob)
    } catch {
      guard error.code == ENOENT else { throw error }
      return try fail(upload, "the output is gone", detail: "\(error)")
    }
    guard let sending = Sending(upload, descriptor: descriptor, sizes) else {
      close(descriptor)
      return try fail(upload, "its credentials are gone")
    }
    do { try start(sending) } catch {
      close(descriptor)
      throw error
    }
  }

  /// Lets an output wait that could not be sent for a reason of ours, as soon as that can be recorded.
  private func putOff(_ upload: Upload, failures: Int) {
    troubled.append((upload, failures))
    try? release()
  }

  /// Records what could not be recorded before; it would count as under way until the next start.
  private func release() throws {
    while let (upload, failures) = troubled.last {
      try lifecycle.delayUpload(upload, failures: failures, for: pauses[0])
      troubled.removeLast()
    }
  }

  private func start(_ sending: Sending) throws {
    let call = try sending.call()
    running[sending.upload.id] = sending
    ask(call, sending, tag: sending.upload.id)
  }

  private func ask(_ call: CloudCall, _ sending: Sending, tag: Int64) {
    client.start(
      call.request(to: sending.place, sending.credentials, agent: agent, at: clock.now(), timeLimit: timeLimit),
      tag: tag)
  }

  /// Stops what nobody waits for any more.
  private func dropUnwanted() throws {
    for (tag, sending) in running where try !lifecycle.isWanted(sending.upload) {
      client.cancel(tag: tag)
      running[tag] = nil
      close(sending.descriptor)
      letGo(sending)
    }
    for (tag, sending) in paused where try !lifecycle.isWanted(sending.upload) {
      paused[tag] = nil
      letGo(sending)
    }
  }

  /// Has the store forget the parts that have arrived; whether it does is its own matter.
  private func letGo(_ sending: Sending) {
    guard let name = sending.name else { return }
    lastAbort -= 1
    ask(.abort(of: name), sending, tag: lastAbort)
  }

  private func settle(_ ended: Client.Ended) {
    guard var sending = running.removeValue(forKey: ended.tag) else { return }
    do {
      if try conclude(&sending, ended.reply) { return try start(sending) }
    } catch {
      putOff(sending.upload, failures: sending.failures)
      rest(error)
    }
    close(sending.descriptor)
  }

  /// Records what came of a request; true when another one is to follow at once.
  ///
  /// Throws when the disk or the database is in trouble.
  private func conclude(_ sending: inout Sending, _ reply: OutboundReply) throws -> Bool {
    if let trouble = CloudTrouble(reply, at: sending.place) {
      // Once, for the place that the client has given.
      if let region = trouble.region, sending.place == sending.given {
        sending.move(to: region)
        return true
      }
      try meet(trouble, &sending, after: reply.retryAfter)
      return false
    }
    switch sending.take(reply) {
    case true?:
      try lifecycle.finishUpload(sending.upload)
      log.info("output sent", ["job": name(of: sending.upload), "bytes": "\(sending.upload.size)"])
      return false
    case false?:
      if try lifecycle.recordParts(of: sending.upload, name: sending.name, sending.tags) { return true }
      letGo(sending)
      return false
    case nil:
      try meet(CloudTrouble(.lost, "the store did not say that it has it"), &sending, after: nil)
      return false
    }
  }

  /// Lets an output wait for another try, or gives its target up.
  private func meet(_ trouble: CloudTrouble, _ sending: inout Sending, after asked: Duration?) throws {
    sending.fail()
    let upload = sending.upload
    let isLate = clock.now() - upload.createdAt > Uploader.longest
    guard !trouble.isLasting, !isLate, sending.failures <= pauses.count else {
      letGo(sending)
      return try fail(upload, trouble.text, detail: trouble.detail)
    }
    if trouble.kind == .forgotten {
      sending.restart()
      _ = try lifecycle.recordParts(of: upload, name: nil, [])
    }
    let pause = max(pauses[sending.failures - 1], min(asked ?? .zero, Uploader.longestRest))
    log.info("output not sent yet: \(trouble.detail)", ["job": name(of: upload)])
    try lifecycle.delayUpload(upload, failures: sending.failures, for: pause)
    paused[upload.id] = sending.name == nil ? nil : sending
  }

  private func fail(_ upload: Upload, _ text: String, detail: String? = nil) throws {
    log.info("output not sent: \(detail ?? text)", ["job": name(of: upload)])
    try lifecycle.failUpload(upload, "could not be sent: \(text)")
  }

  private func name(of upload: Upload) -> String { store.identifiers.text(.request, upload.jobID) }
}
