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
  /// A clock that goes back by more than this was set, and what waits is moved with it; ahead it may be corrected by more.
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
  private let policies: DeliveryPolicies
  private let attempts = Tally<AttemptLabel>()
  private let hasNews = Atomic(true)
  private let thread: ClientThread
  private let grace = Mutex(Duration.zero)

  private let schedule: HostSchedule
  private var reader: DueReader
  /// What is under way or not recorded yet.
  private var busy: Set<Int64> = []
  /// Those of them that began before the clock was set back.
  private var misdated: Set<Int64> = []
  private var running: [Int64: Sending] = [:]
  private var lastAdded: Int64 = 0
  /// What the clock said last, and how far that was from the time since the boot, in milliseconds.
  private var last: (moment: Timestamp, offset: Int64)?

  private struct Sending {
    let delivery: DueDelivery
    let policy: DeliveryPolicy
    let standing: HostSchedule.Standing
    let startedAt: Timestamp
  }

  /// Throws when libcurl cannot start; nothing is sent before `start`, and never more than `mostAtOnce`.
  ///
  /// What has a style that `policies` lack fails with that reason.
  package init(
    store: Store, addresses: AddressGuard, policies: DeliveryPolicies, clock: Clock, log: Log,
    watch: DeliveryWatch = DeliveryWatch(), rests: DeliveryRests = DeliveryRests(), mail: MailRoute? = nil,
    mostAtOnce: Int = HostSchedule.mostAtOnce
  ) throws {
    self.policies = policies
    schedule = HostSchedule(mostAtOnce: mostAtOnce) { scope, span in
      rests.set(scope, span.map { DeliveryRests.Rest(until: clock.now() + $0, reason: Courier.reason(scope)) })
    }
    self.store = store
    self.mail = mail
    self.clock = clock
    self.log = log
    let client = try Client(addresses, connections: min(Courier.connections, mostAtOnce))
    self.client = client
    thread = ClientThread(client)
    reader = DueReader(store: store)
    recorder = Recorder(store: store, clock: clock, log: log, watch: watch, written: client.wake)
  }

  /// Attempts since the start, by style and what became of them.
  package var attemptCounts: [AttemptLabel: Int64] { attempts.counts }

  package func start() throws(SystemFailure) {
    try recorder.start()
    try thread.start(mail == nil ? "courier" : "mail") { [self] in serve() }
  }

  /// Tells it that deliveries were added; any thread may call it.
  package func wake() {
    hasNews.store(true, ordering: .releasing)
    client.wake()
  }

  /// Begins nothing new, waits for what is under way at most `grace`, records it, and ends.
  package func stop(grace: Duration) {
    self.grace.withLock { $0 = grace }
    thread.end()
    thread.join()
    recorder.close()
  }

  private var stops: Bool { thread.stops }

  private func serve() {
    var isLoaded = false
    var setback = Setback(mail == nil ? "cannot take webhooks" : "cannot take mail", log: log)
    while !stops {
      do {
        if !isLoaded { try load() }
        isLoaded = true
        try step()
        setback.worked()
      } catch {
        isLoaded = false
        rest(setback.failed(error))
      }
    }
    let end = clock.monotonic() + grace.withLock { $0 }.nanoseconds
    while client.count > 0, clock.monotonic() < end {
      finish(client.poll(longest: .nanoseconds(end - clock.monotonic())))
    }
  }

  /// Begins nothing for a while; what wakes it meanwhile shortens nothing, except a stop.
  private func rest(_ span: Duration) {
    let end = clock.monotonic() + span.nanoseconds
    repeat {
      finish(client.poll(longest: .nanoseconds(max(0, end - clock.monotonic()))))
    } while !stops && clock.monotonic() < end
  }

  /// Learns from the table which addresses something waits for.
  private func load() throws {
    try bound()
    let now = clock.now()
    let (addresses, last) = try store.read { try (Deliveries.addresses(in: $0), Deliveries.lastID(in: $0)) }
    lastAdded = last
    for (address, due) in addresses { expect(address, at: due, now) }
  }

  /// Lets nothing wait longer than its own delay from now, which a clock that was set back would have it do.
  private func bound() throws {
    let now = clock.now()
    let beyond = now + Courier.clockTolerance
    var row: Int64 = 0
    while true {
      let found = try store.read { [mail, row] in
        try Deliveries.late(after: row, beyond: beyond, mail: mail != nil, limit: Courier.portion, in: $0)
      }
      let late = found.compactMap { delivery -> (id: Int64, latest: Timestamp)? in
        let delay = policies[delivery.style]?.longestDelay(after: delivery.attempts, error: delivery.error)
        let latest = now + (delay ?? .zero)
        return delivery.dueAt > latest + Courier.clockTolerance ? (delivery.id, latest) : nil
      }
      if !late.isEmpty {
        try store.writeBlocking { for (id, latest) in late { try Deliveries.advance(id, to: latest, in: $0) } }
      }
      guard found.count == Courier.portion, let last = found.last else { return }
      row = last.id
    }
  }

  private func step() throws {
    let now = try noticeClock()
    try takeWritten()
    if hasNews.exchange(false, ordering: .acquiringAndReleasing) { try takeNews() }
    try begin(at: now)
    // What is due meanwhile waits for the recorder, which wakes the loop.
    let wait =
      isHeldUp
      ? Courier.longestWait
      : schedule.wait(now: clock.now(), monotonic: clock.monotonic(), longest: Courier.longestWait)
    finish(client.poll(longest: wait))
  }

  /// When the clock is set back, what waits would wait for that much longer, and set ahead, not at all.
  private func noticeClock() throws -> Timestamp {
    let now = clock.now()
    let offset = now.milliseconds - clock.elapsed() / 1_000_000
    if let last, last.moment - now > Courier.clockTolerance {
      try move(by: now - last.moment)
    } else if let last, offset - last.offset > ClockWatch.tolerance.milliseconds {
      try move(by: .milliseconds(offset - last.offset))
    }
    last = (now, offset)
    return now
  }

  private func move(by span: Duration) throws {
    log.notice(
      "the clock was set, and what waits is moved with it", ["by_seconds": String(span.milliseconds / 1000)])
    try store.writeBlocking { [mail] in try Deliveries.shift(by: span, mail: mail != nil, in: $0) }
    last = nil
    // Their outcomes may have been dated by the clock as it was.
    misdated.formUnion(busy)
    try load()
  }

  private func takeWritten() throws {
    let now = clock.now()
    var isMisdated = false
    for record in recorder.takeWritten() {
      busy.remove(record.delivery)
      if misdated.remove(record.delivery) != nil { isMisdated = true }
      if let due = record.nextAttemptAt { expect(record.address, at: due, now) }
    }
    if isMisdated { try load() }
  }

  private func takeNews() throws {
    let now = clock.now()
    while true {
      let added = try store.read { try Deliveries.added(after: lastAdded, limit: Courier.portion, in: $0) }
      var isMisdated = false
      for (id, address, due) in added {
        lastAdded = id
        guard let due else { continue }
        isMisdated = isMisdated || due > now + Courier.clockTolerance
        expect(address, at: due, now)
      }
      if isMisdated { return try load() }
      if added.count < Courier.portion { return }
    }
  }

  private func expect(_ address: DeliveryAddress, at due: Timestamp, _ now: Timestamp) {
    guard (address.host == Deliveries.mailHost) == (mail != nil) else { return }
    reader.restart(address)
    schedule.expect(address, at: due, now: now, monotonic: clock.monotonic())
  }

  /// True while too many outcomes wait to be recorded for anything new to begin.
  private var isHeldUp: Bool { busy.count - running.count >= Courier.mostUnrecorded }

  /// Begins as many requests as there is room for, one address after the other.
  ///
  /// What is due is told by the moment at which the clock was looked at: one that is set in the meantime makes nothing due.
  private func begin(at now: Timestamp) throws {
    var abandoned: [AttemptRecord] = []
    // Even when a read fails, for what is busy is passed over until it is recorded.
    defer { recorder.add(abandoned) }
    while !isHeldUp {
      guard let address = schedule.next(now: now, monotonic: clock.monotonic()) else { break }
      let isProven = schedule.isProven(address)
      guard let delivery = try reader.next(address, now: now, busy: busy, isProven: isProven) else {
        let next = try reader.nextDue(address, now: now)
        schedule.setNoneDue(address, next: next, monotonic: clock.monotonic())
        continue
      }
      busy.insert(delivery.id)
      let policy = policies[delivery.style]
      guard let policy, !delivery.isEndpointDisabled else {
        let reason = policy == nil ? DeliveryPolicies.problem(of: delivery.style) : "the endpoint is disabled"
        abandoned.append(
          AttemptRecord(delivery: delivery.id, address: address, endpoint: nil, outcome: .abandoned(reason)))
        schedule.expect(address, at: now, now: now, monotonic: clock.monotonic())
        continue
      }
      send(delivery, policy, at: clock.now())
    }
  }

  private func send(_ delivery: DueDelivery, _ policy: DeliveryPolicy, at now: Timestamp) {
    let timeLimit = policy.timeLimit(attempt: delivery.attempts + 1)
    let letter = Letter(
      eventID: delivery.eventID, event: delivery.event, requestID: delivery.requestID, body: delivery.body,
      secrets: delivery.secrets)
    let standing = schedule.start(delivery.address, monotonic: clock.monotonic())
    running[delivery.id] = Sending(delivery: delivery, policy: policy, standing: standing, startedAt: now)
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
      let verdict = sending.policy.judge(end.reply, attempt: number, endedAt: now)
      schedule.end(
        delivery.address, sending.standing, ending(end.reply), monotonic: clock.monotonic())
      let error =
        verdict == .delivered ? nil : end.reply.failure.map { "\($0)" } ?? "answered with status \(end.reply.status)"
      attempts.count(AttemptLabel(style: delivery.style.rawValue, verdict))
      report(end.reply, verdict, error, delivery, number)
      let attempt = Attempt(
        number: number, startedAt: sending.startedAt, milliseconds: end.reply.duration.milliseconds,
        status: end.reply.failure == nil ? end.reply.status : nil, error: error, response: end.reply.preview)
      records.append(
        AttemptRecord(
          delivery: delivery.id, address: delivery.address, endpoint: delivery.endpointID,
          outcome: .attempted(attempt, verdict)))
    }
    recorder.add(records)
  }

  /// An answer below 500 shows an address that works, and so does any of a mail server but that it closes (421); an
  /// address that we refuse ourselves shows nothing, and only a connection that cannot be made tells of the host.
  private func ending(_ reply: OutboundReply) -> HostSchedule.Ending {
    guard let failure = reply.failure else {
      return (mail == nil ? reply.status < 500 : reply.status != 421) ? .taken : .refused
    }
    switch failure.kind {
    case .addressNotAllowed, .invalidURL, .invalidAddress: return .unknown
    case .dns, .connect, .tls: return .unreachable
    default: return failure.lacksConnection ? .unreachable : .unanswered
    }
  }

  private static func reason(_ scope: DeliveryRests.Scope) -> String {
    let failures = "\(Circuit.failuresToBreak) failures in a row"
    return switch scope {
    case .host: "no connection to the host could be made: \(failures)"
    case .workspace: "no address of the workspace on the host has answered: \(failures)"
    case .address: "the address does not take what is sent: \(failures)"
    }
  }

  private func report(
    _ reply: OutboundReply, _ verdict: Verdict, _ error: String?, _ delivery: DueDelivery, _ number: Int
  ) {
    if let failure = reply.failure, failure.kind == .addressNotAllowed {
      log.notice(
        "webhook refused", ["delivery": String(delivery.id), "host": delivery.address.host, "reason": failure.detail])
    }
    guard verdict == .failed || verdict == .gone else { return }
    log.notice(
      mail == nil ? "webhook failed for good" : "mail failed for good",
      [
        "delivery": String(delivery.id), "event": delivery.event, "host": delivery.address.host,
        "attempts": String(number),
        "error": error ?? "",
      ])
  }
}
