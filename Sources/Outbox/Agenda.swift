/// What comes at which time, the earliest first: a binary heap.
struct Agenda<Element> {
  private var entries: [(at: Int64, element: Element)] = []

  var count: Int { entries.count }
  var earliest: Int64? { entries.first?.at }

  mutating func add(_ element: Element, at moment: Int64) {
    entries.append((moment, element))
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].at <= entries[child].at { return }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  /// Takes the earliest if its time has come.
  mutating func pop(upTo moment: Int64) -> (at: Int64, element: Element)? {
    guard let first = entries.first, first.at <= moment else { return nil }
    let last = entries.removeLast()
    if !entries.isEmpty {
      entries[0] = last
      sink()
    }
    return first
  }

  /// Drops what `isWanted` denies.
  mutating func keep(_ isWanted: (Int64, Element) -> Bool) {
    // What is sorted is a heap.
    entries = entries.filter { isWanted($0.at, $0.element) }.sorted { $0.at < $1.at }
  }

  private mutating func sink() {
    var parent = 0
    while true {
      var child = 2 * parent + 1
      guard child < entries.count else { return }
      if child + 1 < entries.count, entries[child + 1].at < entries[child].at { child += 1 }
      if entries[parent].at <= entries[child].at { return }
      entries.swapAt(parent, child)
      parent = child
    }
  }
}
