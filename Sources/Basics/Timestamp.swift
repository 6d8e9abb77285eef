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
    Timestamp(milliseconds: moment.milliseconds.adding(nearest: span.milliseconds))
  }

  package static func - (moment: Timestamp, span: Duration) -> Timestamp {
    Timestamp(milliseconds: moment.milliseconds.adding(nearest: -span.milliseconds))
  }

  package static func - (late: Timestamp, early: Timestamp) -> Duration {
    .milliseconds(late.milliseconds) - .milliseconds(early.milliseconds)
  }
}

extension Timestamp: CustomStringConvertible {
  /// The moment as RFC 3339 text in UTC with milliseconds, as logs and answers show it.
  package var description: String {
    var text: [UInt8] = []
    write(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Writes the same text.
  func write(to text: inout [UInt8]) {
    let date = CivilTime(self)
    text.append(decimal: Int64(date.year), width: 4)
    text.append(date.month, after: 0x2D)
    text.append(date.day, after: 0x2D)
    text.append(date.hour, after: 0x54)
    text.append(date.minute, after: 0x3A)
    text.append(date.second, after: 0x3A)
    text.append(0x2E)
    text.append(decimal: milliseconds - seconds * 1000, width: 3)
    text.append(0x5A)
  }
}

extension Duration {
  /// The span in whole milliseconds, rounded down.
  package var milliseconds: Int64 {
    min(9_223_372_036_854_774, max(-9_223_372_036_854_774, components.seconds)) * 1000
      + components.attoseconds / 1_000_000_000_000_000
  }

  /// The span in whole nanoseconds, rounded down.
  package var nanoseconds: Int64 {
    min(9_223_372_035, max(-9_223_372_035, components.seconds)) * 1_000_000_000
      + components.attoseconds / 1_000_000_000
  }
}

extension Int64 {
  /// The sum, or the nearest number that there is: a span may come from anybody.
  func adding(nearest other: Int64) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(other)
    return isOver ? (other < 0 ? .min : .max) : sum
  }

  func flooringQuotient(dividingBy divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

extension [UInt8] {
  /// Writes two digits behind a separator.
  fileprivate mutating func append(_ number: Int, after separator: UInt8) {
    append(separator)
    append(UInt8(truncatingIfNeeded: 0x30 + number / 10))
    append(UInt8(truncatingIfNeeded: 0x30 + number % 10))
  }

  /// Writes the number in decimal, with leading zeros up to `width` digits.
  package mutating func append(decimal number: Int64, width: Int = 1) {
    if number < 0 { append(0x2D) }
    var magnitude = number.magnitude
    var divisor: UInt64 = 1
    for _ in 1..<Swift.max(1, width) { divisor *= 10 }
    while magnitude / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      append(UInt8(0x30 + magnitude / divisor))
      magnitude %= divisor
      divisor /= 10
    }
  }
}

extension Int {
  /// The number in decimal with leading zeros up to `width` digits.
  package func padded(_ width: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
  }
}
