/// Which states of a history are looked at.
///
/// At each point: everything is there, only what was synced, all bytes with synced names, and the other way round; then the last
/// write torn in two ways; then each change alone that is lost while all others are there, and each alone that is there.
struct PowerPlan {
  /// Changes that are lost or kept alone at one point; when there are more, the last ones and some of the others evenly.
  private static let mostAlone = (last: 5, others: 19)

  private let history: PowerHistory
  private let mirror: PowerMirror
  /// Objects of which anything was changed.
  private let changed: [Int]
  private var seen: Set<Int> = []
  private(set) var states: [PowerState] = []

  /// Different states, at most so many; the weakest right after an answer are among them in any case.
  init(_ history: PowerHistory, most: Int) {
    self.history = history
    mirror = PowerMirror(history)
    changed = history.objects.indices.filter { !history.objects[$0].changes.isEmpty }
    let all = (0...history.records).filter { $0 == 0 || !history.idle.contains($0 - 1) }
    let near = all.filter { history.syncs.contains($0) && !history.answers.contains($0) }
    let rest = all.filter { !history.syncs.contains($0) && !history.answers.contains($0) }
    let points = history.answers.union([history.records]).union(Self.some(near, most / 2)).union(
      Self.some(rest, most / 4))
    for point in points.sorted() { add(point) }
    guard states.count > most else { return }
    let told = states.filter(isTold)
    let others = states.filter { !isTold($0) }
    states = (told + Self.some(others, max(0, most - told.count))).sorted { $0.point < $1.point }
  }

  /// One right after an answer with no more than what was synced, or one of the last point, for what a stop does last is seen
  /// there alone.
  private func isTold(_ state: PowerState) -> Bool {
    if state.point == history.records { return state.odd == nil || state.keepsBytes }
    return state.odd == nil && !state.keepsBytes && history.answers.contains(state.point)
  }

  /// So many of them, evenly.
  private static func some<Element>(_ all: [Element], _ most: Int) -> [Element] {
    guard all.count > most, most > 0 else { return most > 0 ? all : [] }
    return (0..<most).map { all[($0 * 2 + 1) * all.count / (2 * most)] }
  }

  private mutating func add(_ point: Int) {
    var reached: [Bool: (key: Int, reached: Set<Int>)] = [:]
    for (bytes, names) in [(true, true), (false, false), (true, false), (false, true)] {
      let state = PowerState(point: point, keepsBytes: bytes, keepsNames: names)
      let found = look(state)
      if bytes == names { reached[bytes] = found }
      if seen.insert(found.key).inserted { states.append(state) }
    }
    let open = openChanges(at: point)
    for keepsAll in [true, false] {
      guard let found = reached[keepsAll] else { continue }
      let base = PowerState(point: point, keepsBytes: keepsAll, keepsNames: keepsAll)
      let places = open.filter { found.reached.contains($0.object) }
      let most = point == history.records ? 0 : Self.mostAlone.others
      let others = Self.some(Array(places.dropLast(Self.mostAlone.last)), most)
      for place in others + places.suffix(Self.mostAlone.last) {
        var state = base
        state.odd = place
        add(state, found.key)
        guard case .bytes = history.objects[place.object].changes[place.change].step,
          history.objects[place.object].changes[place.change].record == point - 1
        else { continue }
        for torn in [PowerState.Torn.first, .second] {
          state.torn = torn
          add(state, found.key)
        }
      }
    }
  }

  /// The same content is another state when clients know more.
  private func look(_ state: PowerState) -> (key: Int, reached: Set<Int>) {
    let (key, reached) = mirror.look(state)
    var hasher = Hasher()
    hasher.combine(key)
    hasher.combine(history.marks.count { $0.point <= state.point })
    return (hasher.finalize(), reached)
  }

  private mutating func add(_ state: PowerState, _ key: Int) {
    var hasher = Hasher()
    hasher.combine(key)
    hasher.combine(state.odd?.object)
    hasher.combine(state.odd?.change)
    hasher.combine(state.torn)
    if seen.insert(hasher.finalize()).inserted { states.append(state) }
  }

  /// What was done by this point and may be lost.
  private func openChanges(at point: Int) -> [PowerState.Place] {
    changed.flatMap { number in
      let object = history.objects[number]
      return (object.durable(by: point)..<object.made(by: point)).map { change in
        (record: object.changes[change].record, place: PowerState.Place(object: number, change: change))
      }
    }.sorted { $0.record < $1.record }.map(\.place)
  }
}
