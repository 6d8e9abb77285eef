import Basics
import Storage

/// Reads what is due for each host in portions, in the order of their times, without reading twice what is under way.
struct DueReader {
  /// Portions of a host that answers; others get no more than they may send at once.
  static let largePortion = 32
  static let smallPortion = 4

  private struct Place {
    var rows: ArraySlice<DueDelivery> = []
    var last: (dueAt: Timestamp, id: Int64)?
    var isAtEnd = false
    /// True when something came that may lie before the place.
    var mustRestart = false
  }

  let store: Store
  private var places: [String: Place] = [:]

  init(store: Store) {
    self.store = store
  }

  /// Something new may be due for the host.
  mutating func restart(_ host: String) {
    places[host]?.mustRestart = true
  }

  /// The next one for the host that is not `busy`; nil when all have been given.
  mutating func next(_ host: String, now: Timestamp, busy: Set<Int64>, isProven: Bool) throws -> DueDelivery? {
    var place = places[host] ?? Place()
    while true {
      while let row = place.rows.popFirst() {
        if busy.contains(row.id) { continue }
        places[host] = place
        return row
      }
      if place.isAtEnd {
        guard place.mustRestart else { break }
        place = Place()
      }
      let limit = isProven ? DueReader.largePortion : DueReader.smallPortion
      let rows = try store.read { [last = place.last] database in
        try Deliveries.due(host, at: now, after: last, limit: limit, in: database)
      }
      place.rows = rows[...]
      place.isAtEnd = rows.count < limit
      if let row = rows.last { place.last = (row.dueAt, row.id) }
    }
    places[host] = nil
    return nil
  }
}
