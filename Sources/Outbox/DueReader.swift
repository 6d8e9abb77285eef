import Basics
import Storage

/// Reads what is due for each address in portions, in the order of their times, without reading twice what is under way.
struct DueReader {
  /// Portions of an address that answers; others get no more than they may send at once.
  static let largePortion = 32
  static let smallPortion = 4
  /// With more addresses begun than these, no more is read than is sent, so that their rows never fill the memory.
  static let mostBegun = 1000

  private struct Place {
    var rows: ArraySlice<DueDelivery> = []
    var last: (dueAt: Timestamp, id: Int64)?
    var isAtEnd = false
    /// True when something came that may lie before the place.
    var mustRestart = false
  }

  let store: Store
  private var places: [DeliveryAddress: Place] = [:]

  init(store: Store) {
    self.store = store
  }

  /// Something new may be due for the address.
  mutating func restart(_ address: DeliveryAddress) {
    places[address]?.mustRestart = true
  }

  /// The next one for the address that is not `busy`; nil when all have been given.
  mutating func next(
    _ address: DeliveryAddress, now: Timestamp, busy: Set<Int64>, isProven: Bool
  ) throws -> DueDelivery? {
    var place = places[address] ?? Place()
    while true {
      while let row = place.rows.popFirst() {
        if busy.contains(row.id) { continue }
        places[address] = place
        return row
      }
      if place.isAtEnd {
        guard place.mustRestart else { break }
        place = Place()
      }
      let portion = isProven ? DueReader.largePortion : DueReader.smallPortion
      let limit = places.count > DueReader.mostBegun ? 1 : portion
      let rows = try store.read { [last = place.last] database in
        try Deliveries.due(address, at: now, after: last, limit: limit, in: database)
      }
      place.rows = rows[...]
      place.isAtEnd = rows.count < limit
      if let row = rows.last { place.last = (row.dueAt, row.id) }
    }
    places[address] = nil
    return nil
  }
}
