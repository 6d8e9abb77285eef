package import Basics
import Glibc
import Synchronization

/// Has orders carried out by a program that runs command lines elsewhere, such as srun: as many calls at once as it has
/// threads, each with one order or with several short ones.
package final class Launcher: Sendable {
  /// What lists call it.
  package static let name = "launcher"
  /// After so many calls in a row that brought nothing it rests.
  private static let mostLosses = 5

  private struct State {
    var threads: [ServiceThread] = []
    /// What an earlier run has left at work.
    var left: [(record: LaunchRecord, orders: [Assignment])] = []
    var losses = 0
    var restsUntil: Int64 = 0
    var rest = Launcher.shortestRest
    var trouble: String?
    var number = 0
  }

  private static let shortestRest = Duration.seconds(30)
  private static let longestRest = Duration.seconds(300)

  private let words: [String]
  private let environment: [String]
  private let line: AssignmentLine
  private let place: String
  private let slots: Int
  private let prefix: String
  private let log: Log
  private let state = Mutex(State())
  private let isStopping = Atomic(false)

  /// `words` are the launcher's with those that call this program there; `place` is a folder that exists.
  ///
  /// In the words {lane} and {minutes} stand for the lane of the first order and how long it may take.
  package init(
    words: [String], environment: [String], line: AssignmentLine, place: String, slots: Int, log: Log,
    entropy: Entropy = .system
  ) {
    self.words = words
    self.environment = environment
    self.line = line
    self.place = place
    self.slots = slots
    self.log = log
    prefix = Hexadecimal.encode(entropy.bytes(6))
    takeUp()
  }

  /// Why it rests; nil while it does not.
  package var trouble: String? {
    state.withLock { $0.restsUntil > Clock.readMonotonic() ? $0.trouble ?? "" : nil }
  }

  package func start() throws(SystemFailure) {
    line.offer(slots, by: Launcher.name)
    for number in 0..<slots {
      let thread = try ServiceThread(trying: "launch-\(number)") { [self] in serve() }
      state.withLock { $0.threads.append(thread) }
    }
  }

  /// Leaves what runs alone: the next run of the server finds it.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    line.offer(nil, by: Launcher.name)
    line.bell.close()
    let threads = state.withLock { state in
      defer { state.threads = [] }
      return state.threads
    }
    for thread in threads { thread.join() }
  }

  /// Finds what an earlier run has left: calls that still run, and results that came meanwhile.
  private func takeUp() {
    for record in LaunchRecord.all(in: place) {
      let runs = record.runs
      var orders: [Assignment] = []
      for name in record.folders {
        let folder = RemoteFolder(path: "\(place)/\(name)")
        guard let order = folder.order, folder.isLeased, runs || folder.result != nil else {
          folder.endLease()
          if !runs { folder.remove() }
          continue
        }
        let assignment = Assignment(folder, order, isShort: false)
        assignment.take(by: Launcher.name)
        if let result = folder.result { assignment.end(on: result.host) }
        line.keep(assignment)
        orders.append(assignment)
      }
      if runs { state.withLock { $0.left.append((record, orders)) } } else { record.remove(in: place) }
    }
  }

  private var stops: Bool { isStopping.load(ordering: .acquiring) }

  private func serve() {
    while !stops {
      if let (record, orders) = state.withLock({ $0.left.popLast() }) {
        see(Launch(record, in: place, orders, isOurs: false))
        continue
      }
      let orders = rests ? [] : line.take(by: Launcher.name)
      guard !orders.isEmpty else {
        _ = line.bell.wait(timeout: .seconds(1))
        continue
      }
      launch(orders)
    }
  }

  /// True while it rests; the first call after that is a trial, alone.
  private var rests: Bool {
    let (rests, places) = state.withLock { state in
      (state.restsUntil > Clock.readMonotonic(), state.losses >= Launcher.mostLosses ? 1 : slots)
    }
    if !rests, places == 1, slots > 1 { line.offer(1, by: Launcher.name) }
    return rests
  }

  private func launch(_ orders: [Assignment]) {
    let number = state.withLock { state in
      state.number += 1
      return state.number
    }
    do throws(SystemFailure) {
      see(
        try Launch.start(
          words(for: orders[0]), environment: environment, name: "\(prefix)-\(number)", in: place, orders))
    } catch {
      count("\(error)")
      for order in orders { order.lose("\(error)") }
    }
  }

  private func words(for order: Assignment) -> [String] {
    // A scheduler's own limit is there for what ours does not reach.
    let minutes = order.order.timeLimit.milliseconds / 60_000 + 2
    return words.map {
      $0.replacing("{lane}", with: "\(order.lane)").replacing("{minutes}", with: "\(minutes)")
    }
  }

  private func see(_ launch: Launch) {
    var hasLost = false
    launch.watch(line.figures) { reason in
      hasLost = true
      if !stops { count(reason) }
    } stops: {
      stops
    }
    if !hasLost, !stops { count(nil) }
  }

  /// Counts the end of a call: with the last of several losses in a row it takes nothing for a while.
  private func count(_ reason: String?) {
    let rest: Duration? = state.withLock { state in
      guard let reason else {
        let hadRested = state.losses >= Launcher.mostLosses
        (state.losses, state.rest, state.trouble) = (0, Launcher.shortestRest, nil)
        return hadRested ? .zero : nil
      }
      state.losses += 1
      state.trouble = reason
      guard state.losses >= Launcher.mostLosses else { return nil }
      let rest = state.rest
      state.restsUntil = Clock.readMonotonic() + rest.nanoseconds
      state.rest = min(rest * 2, Launcher.longestRest)
      return rest
    }
    guard let rest else { return }
    if rest == .zero {
      line.offer(slots, by: Launcher.name)
      log.notice("the launcher works again")
    } else {
      line.offer(0, by: Launcher.name)
      log.warning(
        "the launcher rests, for its calls brought nothing",
        ["seconds": "\(rest.milliseconds / 1000)", "reason": reason ?? ""])
      // What waits is made elsewhere or here.
      for order in line.take(by: Launcher.name, most: .max) { order.lose(reason ?? "") }
    }
  }
}
