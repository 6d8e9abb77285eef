import Basics
import Storage

/// Reads what is due for each address in portions, in the order of their times, without reading twice what is under way.
struct DueReader {
  /// The first portion of an address that answers; others get no more than they may send at once.
  static let largePortion = 32
  static let smallPortion = 4
  /// A portion that was sent within this time is followed by one twice as large, up to so many: what was read is old by no
  /// more than a moment, and a commit between two portions has all pages read anew.
  static let quick = Duration.milliseconds(20)
  static let largestPortion = 256
  /// What was read is not sent later than this without another look, for an endpoint may have been changed meanwhile.
  static let longestKept = Duration.seconds(5)
  /// With more addresses begun than these, no more is read than is sent, so that their rows never fill the memory.
  static let mostBegun = 1000

  private struct Place {
    var rows: ArraySlice<DueDelivery> = []
    var last: (dueAt: Timestamp, id: Int64)?
    /// When the rows were read, and how many were asked for.
    var portion: (readAt: Timestamp, limit: Int)?
    var isAtEnd = false
    /// True when something came that may lie before the place.
    var mustRestart = false

    func limit(at now: Timestamp) -> Int {
      guard let portion, now - portion.readAt < DueReader.quick else { return DueReader.largePortion }
      return min(max(2 * portion.limit, DueReader.largePortion), DueReader.largestPortion)
    }
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

  /// The next one for the address that is not `busy`; nil when all have been given that were due when they were read, and
  /// then `nextDue` says when to come again.
  mutating func next(
    _ address: DeliveryAddress, now: Timestamp, busy: Set<Int64>, isProven: Bool
  ) throws -> DueDelivery? {
    if let portion = places[address]?.portion, now - portion.readAt > DueReader.longestKept { places[address] = nil }
    while true {
      while let row = places[address]?.rows.popFirst() {
        if !busy.contains(row.id) { return row }
      }
      var place = places[address] ?? Place()
      if place.isAtEnd {
        guard place.mustRestart else { break }
        place = Place(portion: place.portion)
      }
      let portion = isProven ? place.limit(at: now) : DueReader.smallPortion
      let limit = places.count > DueReader.mostBegun ? 1 : portion
      let rows = try store.read { [last = place.last] database in
        try Deliveries.due(address, at: now, after: last, limit: limit, in: database)
      }
      // One that is under way now may have been recorded by the time its turn comes, and is not as it was read.
      place.rows = rows.filter { !busy.contains($0.id) }[...]
      place.portion = (now, limit)
      place.isAtEnd = rows.count < limit
      if let row = rows.last { place.last = (row.dueAt, row.id) }
      places[address] = place
    }
    return nil
  }

  /// When the first one is due that `next` has not given; nil when nothing else waits for the address.
  ///
  /// What has come due since they were read is told by its time, which has passed.
  mutating func nextDue(_ address: DeliveryAddress, now: Timestamp) throws -> Timestamp? {
    let seen = places.removeValue(forKey: address)?.portion.map { min($0.readAt, now) } ?? now
    return try store.read { try Deliveries.nextDue(address, after: seen, in: $0) }
  }
}
