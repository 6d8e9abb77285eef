/// How often something took how long: a count for each span up to a bound, and their sum.
package struct Histogram: Sendable, Equatable {
  /// Seconds, ascending; what is longer than the last is counted as well.
  package let bounds: [Double]
  /// One more than bounds; not added up.
  package private(set) var counts: [Int64]
  package private(set) var sum: Double = 0

  package init(_ bounds: [Double]) {
    self.bounds = bounds
    counts = [Int64](repeating: 0, count: bounds.count + 1)
  }

  package var total: Int64 { counts.reduce(0, +) }

  package mutating func add(seconds: Double) {
    counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
    sum += seconds
  }

  package mutating func add(_ span: Duration) { add(seconds: Double(span.nanoseconds) / 1e9) }

  /// Adds another one with the same bounds.
  package mutating func merge(_ other: Histogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    sum += other.sum
  }
}
