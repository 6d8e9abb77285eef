package import Basics
package import Outbound
package import Storage
import Synchronization

/// Sends what is due: one thread takes it from the table, signs it, makes the calls, and has their outcome recorded.
///
/// Webhooks have one and mail has another, so that a mail server that hangs keeps no webhook waiting.
///
/// A delivery counts an attempt only when its outcome is recorded, so whatever was under way at a crash is sent again.
///
/// `@unchecked Sendable`: the state of its loop belongs to its thread; others only set flags and wake it.
package final class Courier: @unchecked Sendable {
  static let connections = 256
  static let longestWait = Duration.seconds(60)
  static let pause = Duration.seconds(1)
  /// A clock that goes back by more than this was set, and what waits is moved with it.
  static let clockTolerance = Duration.seconds(5)
  /// More outcomes than these that wait to be recorded hold up further sending.
  static let mostUnrecorded = 2048
  private static let portion = 1000

  private let store: Store
  /// Nil in the courier of webhooks.
  private let mail: MailRoute?
  private let clock: Clock
  private let log: Log
  private let client: Client
  private let recorder: Recorder
  private let attempts = Tally<AttemptLabel>()
  private let hasNews = Atomic(true)
  private let isStopping = Atomic(false)
  private let thread = Mutex<ServiceThread?>(nil)
  private let grace = Mutex(Duration.zero)

  private var schedule: HostSchedule
  private var reader: DueReader
  /// What is under way or not recorded yet.
  private var busy: Set<Int64> = []
  private var running: [Int64: Sending] = [:]
  private var lastAdded: Int64 = 0
  private var lastMoment: Timestamp?

  private struct Sending {
    let delivery: DueDelivery
    let standing: HostSchedule.Standing
    let startedAt: Timestamp
  }

  /// Throws when libcurl cannot start; nothing is sent before `start`, and never more than `mostAtOnce`.
  package init(
    store: Store, addresses: AddressGuard, clock: Clock, log: Log, watch: DeliveryWatch = DeliveryWatch(),
    mail: MailRoute? = nil, mostAtOnce: Int = HostSchedule.mostAtOnce
  ) throws {
    schedule = HostSchedule(mostAtOnce: mostAtOnce)
    self.store = store
    self.mail = mail
    self.clock = clock
    self.log = log
    let client = try Client(addresses, connections: min(Courier.connections, mostAtOnce))
    self.client = client
    reader = DueReader(store: store)
    recorder = Recorder(store: store, clock: clock, log: log, watch: watch, written: client.wake)
  }

  /// Attempts since the start, by style and what became of them.
  package var attemptCounts: [AttemptLabel: Int64] { attempts.counts }

  package func start() throws(SystemFailure) {
    try recorder.start()
    let thread = try ServiceThread(trying: mail == nil ? "courier" : "mail") { [self] in serve() }
    self.thread.withLock { $0 = thread }
  }

  /// Tells it that deliveries were added; any thread may call it.
  package func wake() {
    hasNews.store(true, ordering: .releasing)
    client.wake()
  }

  /// Begins nothing new, waits for what is under way at most `grace`, records it, and ends.
  package func stop(grace: Duration) {
    self.grace.withLock { $0 = grace }
    isStopping.store(true, ordering: .releasing)
    client.wake()
    let thread = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    thread?.join()
    recorder.close()
  }

  private var stops: Bool { isStopping.load(ordering: .acquiring) }

  private func serve() {
    var isLoaded = false
    while !stops {
      do {
        if !isLoaded { try load() }
        isLoaded = true
        try step()
      } catch {
        log.error("cannot take webhooks", ["error": "\(error)"])
        isLoaded = false
        finish(client.poll(longest: Courier.pause))
      }
    }
    let end = clock.monotonic() + grace.withLock { $0 }.nanoseconds
    while client.count > 0, clock.monotonic() < end {
      finish(client.poll(longest: .nanoseconds(end - clock.monotonic())))
    }
  }

  /// Learns from the table which hosts something waits for.
  private func load() throws {
    let now = clock.now()
    let (hosts, last) = try store.read { try (Deliveries.hosts(in: $0), Deliveries.lastID(in: $0)) }
    lastAdded = last
    for (host, due) in hosts { expect(host, at: due, now) }
  }

  private func step() throws {
    try noticeClock()
    takeWritten()
    if hasNews.exchange(false, ordering: .acquiringAndReleasing) { try takeNews() }
    try begin()
    let wait = schedule.wait(now: clock.now(), monotonic: clock.monotonic(), longest: Courier.longestWait)
    finish(client.poll(longest: wait))
  }

  /// When the clock is set back, what waits would wait for that much longer.
  private func noticeClock() throws {
    let now = clock.now()
    if let lastMoment, lastMoment - now > Courier.clockTolerance {
      let span = lastMoment - now
      log.notice("the clock was set back", ["seconds": String(span.milliseconds / 1000)])
      try store.writeBlocking { [mail] in try Deliveries.shift(by: span, mail: mail != nil, in: $0) }
      self.lastMoment = now
      try load()
    }
    lastMoment = now
  }

  private func takeWritten() {
    let now = clock.now()
    for record in recorder.takeWritten() {
      busy.remove(record.delivery)
      if let due = record.nextAttemptAt { expect(record.host, at: due, now) }
    }
  }

  private func takeNews() throws {
    let now = clock.now()
    while true {
      let added = try store.read { try Deliveries.added(after: lastAdded, limit: Courier.portion, in: $0) }
      for (id, host, due) in added {
        lastAdded = id
        if let due { expect(host, at: due, now) }
      }
      if added.count < Courier.portion { return }
    }
  }

  private func expect(_ host: String, at due: Timestamp, _ now: Timestamp) {
    guard (host == Deliveries.mailHost) == (mail != nil) else { return }
    reader.restart(host)
    schedule.expect(host, at: due, now: now, monotonic: clock.monotonic())
  }

  /// Begins as many requests as there is room for, one host after the other.
  private func begin() throws {
    var abandoned: [AttemptRecord] = []
    while busy.count - running.count < Courier.mostUnrecorded {
      let now = clock.now()
      guard let host = schedule.next(now: now, monotonic: clock.monotonic()) else { break }
      let isProven = schedule.isProven(host)
      guard let delivery = try reader.next(host, now: now, busy: busy, isProven: isProven) else {
        schedule.setNoneDue(host, next: try store.read { try Deliveries.nextDue(host, after: now, in: $0) })
        continue
      }
      busy.insert(delivery.id)
      if delivery.isEndpointDisabled {
        abandoned.append(
          AttemptRecord(
            delivery: delivery.id, host: host, endpoint: nil, outcome: .abandoned("the endpoint is disabled")))
        schedule.expect(host, at: now, now: now, monotonic: clock.monotonic())
        continue
      }
      send(delivery, at: now)
    }
    recorder.add(abandoned)
  }

  private func send(_ delivery: DueDelivery, at now: Timestamp) {
    let policy = DeliveryPolicy.of(delivery.style)
    let timeLimit = policy.timeLimit(attempt: delivery.attempts + 1)
    let letter = Letter(
      eventID: delivery.eventID, event: delivery.event, requestID: delivery.requestID, body: delivery.body,
      secrets: delivery.secrets)
    let standing = schedule.start(delivery.host, monotonic: clock.monotonic())
    running[delivery.id] = Sending(delivery: delivery, standing: standing, startedAt: now)
    if let mail { return client.start(mail.mail(delivery, timeLimit: timeLimit), tag: delivery.id) }
    client.start(
      OutboundRequest(
        url: delivery.url, headers: policy.fields(letter, at: now), body: delivery.body,
        timeLimit: timeLimit), tag: delivery.id)
  }

  /// Judges what has ended and hands it to the recorder.
  private func finish(_ ended: [Client.Ended]) {
    let now = clock.now()
    var records: [AttemptRecord] = []
    for end in ended {
      guard let sending = running.removeValue(forKey: end.tag) else { continue }
      let delivery = sending.delivery
      let number = delivery.attempts + 1
      let verdict = DeliveryPolicy.of(delivery.style).judge(end.reply, attempt: number, endedAt: now)
      schedule.end(
        delivery.host, sending.standing, isSuccess: isHostWell(end.reply), monotonic: clock.monotonic())
      let error =
        verdict == .delivered ? nil : end.reply.failure.map { "\($0)" } ?? "answered with status \(end.reply.status)"
      attempts.count(AttemptLabel(style: delivery.style.rawValue, verdict))
      report(end.reply, verdict, error, delivery, number)
      let attempt = Attempt(
        number: number, startedAt: sending.startedAt, milliseconds: end.reply.duration.milliseconds,
        status: end.reply.failure == nil ? end.reply.status : nil, error: error, response: end.reply.preview)
      records.append(
        AttemptRecord(
          delivery: delivery.id, host: delivery.host, endpoint: delivery.endpointID,
          outcome: .attempted(attempt, verdict)))
    }
    recorder.add(records)
  }

  /// An answer below 500 shows a host that works, and so does any of a mail server but that it closes (421); an address
  /// that we refuse ourselves shows nothing.
  private func isHostWell(_ reply: OutboundReply) -> Bool? {
    if let failure = reply.failure {
      return [.addressNotAllowed, .invalidURL, .invalidAddress].contains(failure.kind) ? nil : false
    }
    return mail == nil ? reply.status < 500 : reply.status != 421
  }

  private func report(
    _ reply: OutboundReply, _ verdict: Verdict, _ error: String?, _ delivery: DueDelivery, _ number: Int
  ) {
    if let failure = reply.failure, failure.kind == .addressNotAllowed {
      log.notice(
        "webhook refused", ["delivery": String(delivery.id), "host": delivery.host, "reason": failure.detail])
    }
    guard verdict == .failed || verdict == .gone else { return }
    log.notice(
      mail == nil ? "webhook failed for good" : "mail failed for good",
      [
        "delivery": String(delivery.id), "event": delivery.event, "host": delivery.host, "attempts": String(number),
        "error": error ?? "",
      ])
  }
}
