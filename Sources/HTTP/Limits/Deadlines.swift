/// The moments at which sockets want to be woken, soonest first (a binary heap).
///
/// A socket that waits later than its entry says is filed again when the entry's time comes; one that has gone is
/// skipped then. So a wait that follows another costs nothing here.
struct Deadlines {
  struct Entry {
    /// Monotonic nanoseconds.
    let time: Int64
    let descriptor: Int32
    /// Tells a socket from a later one with the same descriptor.
    let serial: UInt32
  }

  private var heap: [Entry] = []

  var count: Int { heap.count }

  /// The soonest time, or `.max`.
  var next: Int64 { heap.first?.time ?? .max }

  mutating func add(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if heap[parent].time <= heap[child].time { return }
      heap.swapAt(parent, child)
      child = parent
    }
  }

  /// The soonest entry when its time has come.
  mutating func removeFirst(until now: Int64) -> Entry? {
    guard let first = heap.first, first.time <= now else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return first }
      let right = left + 1
      let child = right < heap.count && heap[right].time < heap[left].time ? right : left
      if heap[parent].time <= heap[child].time { return first }
      heap.swapAt(parent, child)
      parent = child
    }
  }
}
