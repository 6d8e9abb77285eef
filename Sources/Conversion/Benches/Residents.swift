import Basics
import Formats
import Glibc
import Synchronization

/// The programs that wait for orders: one that nobody has used yet, and those that owners have had a moment ago.
///
/// None is started before the first order, and none that has seen a document of one owner is ever given to another.
final class Residents: Sendable {
  /// How many orders one obeys.
  static let mostOrders = 20
  /// How long one stays that nobody has used.
  private static let freshSpan = Duration.seconds(3600)
  /// After so many that came to nothing one after the other none is started ahead for a while.
  private static let mostFailures = 3
  private static let rest = Duration.seconds(600)

  private struct State {
    var waiting: [Resident] = []
    var ending: [Resident] = []
    /// How one is started ahead that is missed, by the name of its residence.
    var wanted: [String: Start] = [:]
    var failures = 0
    var restsUntil: Int64 = 0
    var thread: ServiceThread?
    var isClosed = false
  }

  typealias Start = @Sendable () throws -> Resident

  private let most: Int
  /// How long one stays with its owner.
  private let ownedSpan: Duration
  private let state = Mutex(State())
  private let bell = Doorbell()

  /// At most so many wait that owners have had.
  init(most: Int, ownedSpan: Duration = .seconds(60)) {
    self.most = most
    self.ownedSpan = ownedSpan
  }

  /// One for an order of this owner, started if there is none; nil when none is to be had.
  ///
  /// Whoever takes one gives it back or has it ended.
  func take(_ residence: Residence, for owner: Int64, start: Start) -> Resident? {
    let now = Clock.readMonotonic()
    let (found, isWorth): (Resident?, Bool) = state.withLock { state in
      guard !state.isClosed else { return (nil, false) }
      defer { if !state.ending.isEmpty { bell.ring() } }
      let old = state.waiting.filter { isOver($0, now) || !$0.isUpToDate }
      state.ending += old
      state.waiting.removeAll { resident in old.contains { $0 === resident } }
      let own = state.waiting.firstIndex { $0.owner == owner && $0.residence.name == residence.name }
      let fresh = state.waiting.firstIndex { $0.isFresh && $0.residence.name == residence.name }
      return ((own ?? fresh).map { state.waiting.remove(at: $0) }, now >= state.restsUntil)
    }
    if let found { return found }
    return isWorth ? try? start() : nil
  }

  /// For one that has obeyed: it waits for the next order of its owner, if it may have one.
  func giveBack(_ resident: Resident, start: @escaping Start) {
    state.withLock { state in
      state.failures = 0
      guard resident.orders < Residents.mostOrders, !state.isClosed else {
        state.ending.append(resident)
        return
      }
      state.waiting.append(resident)
      let owned = state.waiting.filter { !$0.isFresh }
      if owned.count > most, let first = owned.first {
        state.waiting.removeAll { $0 === first }
        state.ending.append(first)
      }
    }
    wake(ahead: resident.residence, start)
  }

  /// For one that has failed, or did not come to anything when `isLost`.
  func end(_ resident: Resident, isLost: Bool, start: @escaping Start) {
    state.withLock { state in
      state.ending.append(resident)
      state.failures = isLost ? state.failures + 1 : 0
      if state.failures >= Residents.mostFailures {
        state.failures = 0
        state.restsUntil = Clock.readMonotonic() + Residents.rest.nanoseconds
      }
    }
    wake(ahead: resident.residence, start)
  }

  /// How many wait, and how many of them nobody has used.
  var counts: (waiting: Int, fresh: Int) {
    state.withLock { state in (state.waiting.count, state.waiting.count { $0.isFresh }) }
  }

  /// Ends all that wait; what is at work is ended when it is given back.
  func close() {
    let thread = state.withLock { state in
      state.isClosed = true
      defer { state.thread = nil }
      return state.thread
    }
    bell.close()
    thread?.join()
    sweep()
  }

  /// Has the thread look after what has changed; it is started with the first order.
  private func wake(ahead residence: Residence, _ start: @escaping Start) {
    let isClosed = state.withLock { state in
      guard !state.isClosed else { return true }
      state.wanted[residence.name] = start
      if state.thread == nil {
        state.thread = try? ServiceThread(trying: "residents") { [weak self] in self?.serve() }
      }
      return state.thread == nil
    }
    if isClosed { sweep() } else { bell.ring() }
  }

  private func serve() {
    while !bell.isClosed {
      sweep()
      startAhead()
      _ = bell.wait(timeout: nextEnd)
    }
  }

  private func isOver(_ resident: Resident, _ now: Int64) -> Bool { end(of: resident) <= now }

  private func end(of resident: Resident) -> Int64 {
    resident.since + (resident.isFresh ? Residents.freshSpan : ownedSpan).nanoseconds
  }

  /// How long until the next one has waited long enough; nil when there is none.
  private var nextEnd: Duration? {
    let next = state.withLock { $0.waiting.map(end).min() }
    return next.map { .nanoseconds(max(1_000_000, $0 - Clock.readMonotonic())) }
  }

  /// Ends what is to be ended.
  private func sweep() {
    let now = Clock.readMonotonic()
    let over = state.withLock { state in
      if state.isClosed {
        state.ending += state.waiting
        state.waiting = []
      }
      state.ending += state.waiting.filter { isOver($0, now) }
      state.waiting.removeAll { isOver($0, now) }
      defer { state.ending = [] }
      return state.ending
    }
    for resident in over { resident.end() }
  }

  private func startAhead() {
    let wanted = state.withLock { state in
      defer { state.wanted = [:] }
      guard !state.isClosed, Clock.readMonotonic() >= state.restsUntil else { return [Start]() }
      return state.wanted.filter { name, _ in
        !state.waiting.contains { $0.isFresh && $0.residence.name == name }
      }.map(\.value)
    }
    for start in wanted {
      guard let resident = try? start() else { continue }
      state.withLock { $0.waiting.append(resident) }
    }
  }
}
