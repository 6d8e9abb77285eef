package import Basics
import Synchronization

/// Orders that wait for somebody elsewhere: who gave them puts them in, and who has machines takes them out, whether that
/// is a launcher here or a machine that asks.
package final class AssignmentLine: Sendable {
  private struct State {
    var waiting: [Assignment] = []
    /// How many each taker has machines for, by its name; 0 while it cannot.
    var places: [String: Int] = [:]
    /// Places that are spoken for, by orders in line and at work.
    var spoken = 0
    /// Left by an earlier run, by their keys, until somebody asks for them.
    var left: [String: Assignment] = [:]
    /// Takers that wait without a thread.
    var told: [OneShot] = []
    var hear: @Sendable (Int) -> Void = { _ in }
  }

  /// Short orders that go together in one.
  package static let bundle = 20

  private let state = Mutex(State())
  /// Rings for each order that comes, for a taker that waits.
  package let bell = Doorbell()
  /// Rings when a place is free again, for who waits to put an order in.
  package let freed = Doorbell()
  package let figures: NodeFigures

  package init(clock: Clock = .system) {
    figures = NodeFigures(clock: clock)
  }

  /// Has `hear` told of the number of places whenever it changes.
  package func listen(_ hear: @escaping @Sendable (Int) -> Void) { state.withLock { $0.hear = hear } }

  /// A taker has machines for so many at once from now on; nil when it has left.
  package func offer(_ places: Int?, by taker: String) {
    let (all, hear, isNew) = state.withLock { state in
      let isNew = state.places[taker] != places
      state.places[taker] = places
      return (state.places.values.reduce(0, +), state.hear, isNew)
    }
    guard isNew else { return }
    hear(all)
    freed.ring(times: max(1, all))
  }

  /// How many orders may be elsewhere at once.
  package var places: Int { state.withLock { $0.places.values.reduce(0, +) } }

  /// How many each taker has machines for, by its name; 0 for one that rests.
  package var takers: [String: Int] { state.withLock(\.places) }

  /// Orders that are elsewhere or wait to go there.
  package var spoken: Int { state.withLock(\.spoken) }

  /// Speaks for a place, which `give` gives back; false when there is none.
  ///
  /// Short orders share places.
  package func speak(isShort: Bool) -> Bool {
    state.withLock { state in
      let places = state.places.values.reduce(0, +)
      guard state.spoken < (isShort ? places * AssignmentLine.bundle : places) else { return false }
      state.spoken += 1
      return true
    }
  }

  package func give() {
    state.withLock { $0.spoken -= 1 }
    freed.ring()
  }

  package func put(_ assignment: Assignment) {
    state.withLock { $0.waiting.append(assignment) }
    wake()
    bell.ring()
  }

  /// Has those look again that wait without a thread.
  package func wake() {
    let told = state.withLock { state in
      defer { state.told = [] }
      return state.told
    }
    for shot in told { shot.come() }
  }

  /// Has somebody told of the next order that comes; whoever asks for it looks after that whether one is there already.
  package func tell(_ shot: OneShot) { state.withLock { $0.told.append(shot) } }

  /// Whoever asked waits no longer.
  package func forget(_ shot: OneShot) { state.withLock { $0.told.removeAll { $0 === shot } } }

  /// Takes one out again that nobody has taken.
  func withdraw(_ assignment: Assignment) { state.withLock { $0.waiting.removeAll { $0 === assignment } } }

  /// Takes what waits longest and, where that is short, other short ones with it; none when nothing waits for this taker.
  ///
  /// One that a taker could not do comes to it again only when nobody else has places, or all others could not either.
  package func take(by taker: String, most: Int = AssignmentLine.bundle) -> [Assignment] {
    state.withLock { state in
      state.waiting.removeAll(where: \.isCanceled)
      let able = state.places.filter { $0.value > 0 }.map(\.key)
      func suits(_ assignment: Assignment) -> Bool {
        !assignment.isAvoided(taker) || able.allSatisfy { assignment.isAvoided($0) }
      }
      guard let first = state.waiting.firstIndex(where: suits) else { return [] }
      var taken = [state.waiting.remove(at: first)]
      if taken[0].isShort {
        // Each place gets its share of what waits.
        let share = (state.waiting.count + 1) / max(1, state.places.values.reduce(0, +)) + 1
        while taken.count < min(most, share),
          let next = state.waiting.firstIndex(where: { $0.isShort && $0.lane == taken[0].lane && suits($0) })
        {
          taken.append(state.waiting.remove(at: next))
        }
      }
      for assignment in taken { assignment.take(by: taker) }
      return taken
    }
  }

  /// Keeps what an earlier run has left, for whoever asks for the same.
  package func keep(_ assignment: Assignment) {
    guard let key = assignment.order.key else { return }
    state.withLock { $0.left[key] = assignment }
  }

  /// True while something is there that an earlier run has left.
  package var hasLeft: Bool { state.withLock { !$0.left.isEmpty } }

  /// What an earlier run has left of the same order.
  package func find(_ order: RemoteOrder) -> Assignment? {
    guard let key = order.key else { return nil }
    return state.withLock { state in
      guard let found = state.left.removeValue(forKey: key) else { return nil }
      if found.order.isMet(by: order), !found.isCanceled { return found }
      found.cancel()
      return nil
    }
  }

  /// Takes up what nodes have from an earlier run, with the name of each, and removes the folders that nobody has.
  package func takeUp(in place: String) -> [(assignment: Assignment, node: String)] {
    var left: [(Assignment, String)] = []
    let known = state.withLock { Set($0.left.values.map(\.folder.name)) }
    for name in LaunchRecord.names(in: place) where RemoteFolder.isName(name) && !known.contains(name) {
      let folder = RemoteFolder(path: "\(place)/\(name)")
      guard let order = folder.order, order.key != nil, folder.isLeased, let node = folder.holder else {
        folder.remove()
        continue
      }
      let assignment = Assignment(folder, order, isShort: false)
      assignment.take(by: node)
      if folder.result != nil { assignment.end(on: node) }
      keep(assignment)
      left.append((assignment, node))
    }
    return left
  }

  /// Ends what an earlier run has left and nobody has asked for.
  package func forgetLeft() {
    let left = state.withLock { state in
      defer { state.left = [:] }
      return Array(state.left.values)
    }
    for assignment in left {
      assignment.cancel()
      assignment.folder.remove()
    }
  }
}
