import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Looks at the states of a record, each in a folder of its own, with two threads.
///
/// `TEST_POWER=all` looks at every state; a number bounds those of one workload.
struct PowerRun {
  /// What is wrong with a state that lies in a folder, where these claims hold.
  typealias Look = @Sendable (_ place: String, _ claims: [PowerClaim]) throws -> [String]

  private struct Progress {
    var next = 0
    var failures: [String] = []
    var failed = 0
  }

  static let wish = getenv("TEST_POWER").map { String(cString: $0) }
  static var isLong: Bool { wish != nil }
  /// States of one workload in a short run.
  private static let few = 16
  private static let shown = 12

  let name: String
  let history: PowerHistory
  let claims: [PowerClaim.Span]
  let states: [PowerState]

  init(_ name: String, _ recorded: (history: PowerHistory, claims: [PowerClaim.Span])) {
    self.name = name
    (history, claims) = recorded
    states = PowerPlan(history, most: Self.wish.map { Int($0) ?? .max / 4 } ?? Self.few).states
  }

  /// Looks at all of them.
  func look(_ body: @escaping Look) {
    for failure in failures(at: states, body) { XCTFail("\(name), \(failure)") }
  }

  /// Fails unless something is wrong with what was synced at the moments when clients were told.
  func mustFail(_ body: @escaping Look) {
    let told = states.filter { !$0.keepsBytes && !$0.keepsNames && $0.odd == nil && history.answers.contains($0.point) }
    XCTAssertFalse(failures(at: told, body).isEmpty, name)
  }

  private func failures(at states: [PowerState], _ body: @escaping Look) -> [String] {
    let start = Clock.readMonotonic()
    let progress = Mutex(Progress())
    let threads = (0..<2).map { number in
      ServiceThread("power-\(number)") {
        let mirror = PowerMirror(history)
        while let state = take(states, progress) { settle(state, look(at: state, mirror, body), progress) }
      }
    }
    for thread in threads { thread.join() }
    let end = progress.withLock { ($0.failures, $0.failed) }
    print(
      "\(name): \(history.records) entries, \(history.syncs.count / 2) syncs, \(claims.count) claims, \(states.count) states, "
        + "\(end.1) failed, \((Clock.readMonotonic() - start) / 1_000_000) ms")
    return end.0
  }

  private func take(_ states: [PowerState], _ progress: borrowing Mutex<Progress>) -> PowerState? {
    progress.withLock { progress in
      guard progress.next < states.count else { return nil }
      defer { progress.next += 1 }
      return states[progress.next]
    }
  }

  private func settle(_ state: PowerState, _ problems: [String], _ progress: borrowing Mutex<Progress>) {
    guard !problems.isEmpty else { return }
    progress.withLock { progress in
      progress.failed += 1
      if progress.failures.count < Self.shown {
        progress.failures.append("\(history.words(of: state)): \(problems.joined(separator: "; "))")
      }
    }
  }

  private func look(at state: PowerState, _ mirror: PowerMirror, _ body: Look) -> [String] {
    do {
      let place = try PowerPlace()
      try mirror.write(state, to: place.path)
      return try body(place.path, holding(at: state.point))
    } catch { return ["\(error)"] }
  }

  private func holding(at point: Int) -> [PowerClaim] {
    claims.filter { $0.from <= point && point <= $0.until }.map(\.claim)
  }

  /// Starts the real program on some states, which are spread evenly, and looks what it makes of them.
  func serve(_ most: Int, _ body: (_ place: String, _ claims: [PowerClaim]) throws -> Void) throws {
    let mirror = PowerMirror(history)
    let count = min(most, states.count)
    for number in 1...max(count, 1) {
      let state = states[number * states.count / max(count, 1) - 1]
      let place = try PowerPlace()
      try mirror.write(state, to: place.path)
      do { try body(place.path, holding(at: state.point)) } catch {
        XCTFail("\(name), served, \(history.words(of: state)): \(error)")
      }
    }
  }
}
