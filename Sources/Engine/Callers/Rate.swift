/// A number in a span of time: all of it at once, then evenly.
struct Rate: Sendable {
  let limit: Int64
  /// Nanoseconds.
  let span: Int64

  static func perMinute(_ limit: Int64) -> Rate { Rate(limit: limit, span: 60_000_000_000) }

  static func perDay(_ limit: Int64) -> Rate { Rate(limit: limit, span: 86_400_000_000_000) }

  /// The nanoseconds in which one comes back.
  var cost: Int64 { max(1, span / max(1, limit)) }

  /// How many are left of a cell that is full again after `debt` nanoseconds.
  func remaining(_ debt: Int64) -> Int64 { min(limit, max(0, (span - debt) / cost)) }
}
