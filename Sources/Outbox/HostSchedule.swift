import Basics

/// Whose turn it is: hosts take turns, each with few requests at once, and those in trouble keep none of the rest waiting.
///
/// Times are those of the monotonic clock in nanoseconds, except when something is due, which is a date.
package struct HostSchedule {
  /// What is known of a host; each kind has room of its own, so that a thousand dead hosts leave room for a new one.
  enum Standing: Int, CaseIterable {
    case proven, fresh, troubled
  }

  package static let mostAtOnce = 512
  static let mostByStanding = [512, 384, 128]
  static let mostPerHost = 2
  static let mostPerProvenHost = 4
  /// After so many failures in a row a host is left alone for a while.
  static let failuresToBreak = 25
  static let breakNanoseconds: Int64 = 30_000_000_000

  private struct Lane {
    var running = 0
    var standing = Standing.fresh
    var failures = 0
    var brokenUntil: Int64 = 0
    /// True when something may be due now.
    var hasDue = false
    /// When the next known one is due.
    var nextDue: Timestamp?
    var isQueued = false

    var limit: Int {
      if failures >= failuresToBreak { return 1 }
      return standing == .proven ? mostPerProvenHost : mostPerHost
    }
  }

  let mostAtOnce: Int
  private var lanes: [String: Lane] = [:]
  private var queues = [[String]](repeating: [], count: Standing.allCases.count)
  private var heads = [Int](repeating: 0, count: Standing.allCases.count)
  private var runningByStanding = [Int](repeating: 0, count: Standing.allCases.count)
  private var turn = 0
  /// No lane becomes ready by time alone before these.
  private var earliestDue: Timestamp?
  private var earliestMending: Int64?

  private(set) var running = 0

  init(mostAtOnce: Int = HostSchedule.mostAtOnce) {
    self.mostAtOnce = mostAtOnce
  }

  /// Learns that something for a host is due at a time.
  mutating func expect(_ host: String, at due: Timestamp, now: Timestamp, monotonic: Int64) {
    var lane = lanes[host] ?? Lane()
    if due <= now {
      lane.hasDue = true
    } else {
      lane.nextDue = min(lane.nextDue ?? due, due)
      earliestDue = min(earliestDue ?? due, due)
    }
    lanes[host] = lane
    queue(host, monotonic)
  }

  /// Learns that nothing for a host is due before `next`; nil for nothing at all.
  mutating func setNoneDue(_ host: String, next: Timestamp?) {
    guard var lane = lanes[host] else { return }
    lane.hasDue = false
    lane.nextDue = next
    if let next { earliestDue = min(earliestDue ?? next, next) }
    lanes[host] = lane
    forget(host)
  }

  /// The next host that a request may go to, taken from the queue; it comes again when `start` or `pass` says so.
  mutating func next(now: Timestamp, monotonic: Int64) -> String? {
    look(now, monotonic)
    guard running < mostAtOnce else { return nil }
    // Twice, because a host that is found in the wrong queue moves to one that may have been passed already.
    for _ in 0..<(2 * queues.count) {
      turn = (turn + 1) % queues.count
      let standing = turn
      guard runningByStanding[standing] < HostSchedule.mostByStanding[standing] else { continue }
      while let host = pop(standing) {
        lanes[host]?.isQueued = false
        if let lane = lanes[host], isReady(lane, monotonic) {
          // Its standing may have changed while it waited.
          if lane.standing.rawValue == standing { return host }
          queue(host, monotonic)
        }
      }
    }
    return nil
  }

  /// A request to the host has begun.
  mutating func start(_ host: String, monotonic: Int64) -> Standing {
    guard var lane = lanes[host] else { return .fresh }
    lane.running += 1
    running += 1
    runningByStanding[lane.standing.rawValue] += 1
    lanes[host] = lane
    queue(host, monotonic)
    return lane.standing
  }

  /// A request that had begun under `standing` has ended; `isSuccess` nil says nothing about the host.
  mutating func end(_ host: String, _ standing: Standing, isSuccess: Bool?, monotonic: Int64) {
    running -= 1
    runningByStanding[standing.rawValue] -= 1
    guard var lane = lanes[host] else { return }
    lane.running -= 1
    switch isSuccess {
    case true?:
      lane.failures = 0
      lane.standing = .proven
    case false?:
      lane.failures += 1
      lane.standing = .troubled
      if lane.failures >= HostSchedule.failuresToBreak {
        lane.brokenUntil = monotonic + HostSchedule.breakNanoseconds
        earliestMending = min(earliestMending ?? .max, lane.brokenUntil)
      }
    case nil: break
    }
    lanes[host] = lane
    queue(host, monotonic)
  }

  /// How long nothing becomes ready by time alone, at most `longest`.
  func wait(now: Timestamp, monotonic: Int64, longest: Duration) -> Duration {
    var span = longest
    if let earliestDue { span = min(span, max(.zero, earliestDue - now)) }
    if let earliestMending { span = min(span, .nanoseconds(max(0, earliestMending - monotonic))) }
    return span
  }

  /// How many hosts are known.
  var count: Int { lanes.count }

  func isProven(_ host: String) -> Bool { lanes[host]?.standing == .proven }

  private func isReady(_ lane: Lane, _ monotonic: Int64) -> Bool {
    lane.hasDue && lane.running < lane.limit && lane.brokenUntil <= monotonic
  }

  private mutating func queue(_ host: String, _ monotonic: Int64) {
    guard let lane = lanes[host], !lane.isQueued, isReady(lane, monotonic) else { return forget(host) }
    lanes[host]?.isQueued = true
    queues[lane.standing.rawValue].append(host)
  }

  /// Drops a host of which nothing has to be remembered.
  private mutating func forget(_ host: String) {
    guard let lane = lanes[host], !lane.hasDue, lane.nextDue == nil, lane.running == 0, !lane.isQueued,
      lane.failures == 0, lane.standing == .fresh || lanes.count > 10_000
    else { return }
    lanes[host] = nil
  }

  private mutating func pop(_ standing: Int) -> String? {
    guard heads[standing] < queues[standing].count else { return nil }
    let host = queues[standing][heads[standing]]
    heads[standing] += 1
    if heads[standing] > 1024 || heads[standing] == queues[standing].count {
      queues[standing].removeFirst(heads[standing])
      heads[standing] = 0
    }
    return host
  }

  /// Readies the hosts whose time has come; looks at all of them only when one's has.
  private mutating func look(_ now: Timestamp, _ monotonic: Int64) {
    guard earliestDue.map({ $0 <= now }) == true || earliestMending.map({ $0 <= monotonic }) == true else { return }
    earliestDue = nil
    earliestMending = nil
    for (host, found) in lanes {
      var lane = found
      if let due = lane.nextDue {
        if due <= now {
          lane.hasDue = true
          lane.nextDue = nil
          lanes[host] = lane
        } else {
          earliestDue = min(earliestDue ?? due, due)
        }
      }
      if lane.brokenUntil > monotonic { earliestMending = min(earliestMending ?? .max, lane.brokenUntil) }
      queue(host, monotonic)
    }
  }
}
