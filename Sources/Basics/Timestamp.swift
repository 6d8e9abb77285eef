/// A moment of wall-clock time in milliseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// Whole seconds since 1970, rounded down.
  package var seconds: Int64 { milliseconds.flooringQuotient(dividingBy: 1000) }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  package static func + (moment: Timestamp, span: Duration) -> Timestamp {
    Timestamp(milliseconds: moment.milliseconds + span.milliseconds)
  }

  package static func - (moment: Timestamp, span: Duration) -> Timestamp {
    Timestamp(milliseconds: moment.milliseconds - span.milliseconds)
  }

  package static func - (late: Timestamp, early: Timestamp) -> Duration {
    .milliseconds(late.milliseconds - early.milliseconds)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The moment as RFC 3339 text in UTC with milliseconds, as logs and answers show it.
  package var description: String {
    let date = CivilTime(self)
    let millisecond = Int(milliseconds - seconds * 1000)
    return "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
      + "T\(date.hour.padded(2)):\(date.minute.padded(2)):\(date.second.padded(2)).\(millisecond.padded(3))Z"
  }
}

extension Duration {
  /// The span in whole milliseconds, rounded down.
  package var milliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }

  /// The span in whole nanoseconds, rounded down.
  package var nanoseconds: Int64 {
    components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
  }
}

extension Int64 {
  func flooringQuotient(dividingBy divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension Int {
  /// The number in decimal with leading zeros up to `width` digits.
  package func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
