import Basics
package import Formats
import Synchronization

/// An order that somebody else carries out, from when it is put in line until its end; whoever gave it waits here.
package final class Assignment: Sendable {
  package enum Stage: Sendable, Equatable {
    case waiting
    /// Somebody has it, and may have to wait for a machine.
    case taken(by: String)
    /// A machine is at work on it.
    case begun(host: String)
    /// The folder has the result.
    case ended(host: String)
    /// There will be no result, which says nothing of the files.
    case lost(String)
  }

  private struct State {
    var stage = Stage.waiting
    var percent = 0
    var isCanceled = false
    /// When it was put in line and begun, in monotonic nanoseconds.
    var came: Int64
    var begun: Int64?
    /// Those who could not do it.
    var avoided: Set<String> = []
  }

  package let folder: RemoteFolder
  package let order: RemoteOrder
  /// True for what is expected to take less than it costs to have it done elsewhere, so that several go together.
  package let isShort: Bool
  package let lane: Lane
  private let state: Mutex<State>
  private let bell = Doorbell()

  /// `avoided` are those who could not do it in an earlier try.
  package init(_ folder: RemoteFolder, _ order: RemoteOrder, isShort: Bool, avoided: Set<String> = []) {
    self.folder = folder
    self.order = order
    self.isShort = isShort
    lane = order.step()?.maker.lane ?? .quick
    state = Mutex(State(came: Clock.readMonotonic(), avoided: avoided))
  }

  package var stage: Stage { state.withLock(\.stage) }
  package var hasEnded: Bool {
    switch stage {
    case .ended, .lost: true
    case .waiting, .taken, .begun: false
    }
  }
  var isLost: Bool { if case .lost = stage { true } else { false } }
  package var percent: Int { state.withLock(\.percent) }
  package var isCanceled: Bool { state.withLock(\.isCanceled) }

  /// How long it has been in line and on its way, until somebody began.
  package var waited: Duration {
    state.withLock { .nanoseconds(($0.begun ?? Clock.readMonotonic()) - $0.came) }
  }

  /// How long it has been at work; nil before.
  package var run: Duration? {
    state.withLock { state in state.begun.map { .nanoseconds(Clock.readMonotonic() - $0) } }
  }

  /// True when it has had its time and more, whatever the machine says.
  package func isOverdue(by spare: Duration) -> Bool { run.map { $0 > order.timeLimit + spare } ?? false }

  /// Those who could not do it.
  var avoided: Set<String> { state.withLock(\.avoided) }

  package func isAvoided(_ taker: String) -> Bool { state.withLock { $0.avoided.contains(taker) } }

  /// This one could not do it, and gets it again only when no other can.
  package func avoid(_ taker: String) { state.withLock { _ = $0.avoided.insert(taker) } }

  /// Nobody waits for it any more.
  package func cancel() {
    state.withLock { $0.isCanceled = true }
    folder.endLease()
    bell.ring()
  }

  package func take(by taker: String) { change { $0.stage = .taken(by: taker) } }

  package func begin(on host: String) {
    change { state in
      state.stage = .begun(host: host)
      state.begun = state.begun ?? Clock.readMonotonic()
    }
  }

  package func tell(_ percent: Int) { change { $0.percent = min(99, max(0, percent)) } }

  package func end(on host: String) { change { $0.stage = .ended(host: host) } }

  /// The lease ends with it, so that a machine that comes back late leaves nothing.
  package func lose(_ reason: String) {
    folder.endLease()
    change { $0.stage = .lost(reason) }
  }

  /// An end is the last that happens.
  private func change(_ body: (inout State) -> Void) {
    let isNews = state.withLock { state in
      switch state.stage {
      case .ended, .lost: return false
      case .waiting, .taken, .begun:
        body(&state)
        return true
      }
    }
    if isNews { bell.ring() }
  }

  /// Waits until something has happened, or for a while.
  package func wait(_ span: Duration) { _ = bell.wait(timeout: span) }
}
