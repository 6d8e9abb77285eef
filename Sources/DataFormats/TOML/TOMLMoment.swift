/// The four kinds of dates and times of TOML 1.0, told apart by their text.
package enum TOMLMoment: Sendable, Equatable {
  case offsetDateTime, localDateTime, localDate, localTime

  /// The kind of a moment that is written exactly as a reader tells it: `2026-01-02T03:04:05.6Z`; nil where it is none.
  package init?(_ text: String) {
    guard let (kind, canonical) = Self.read(Array(text.utf8)), canonical == text else { return nil }
    self = kind
  }

  /// The kind of a moment as TOML may write it, and its text in ISO 8601, with `T` between and a capital `Z`.
  static func read(_ text: [UInt8]) -> (kind: TOMLMoment, text: String)? {
    var reader = Parts(bytes: text)
    guard let hasDate = reader.scanDate() else { return reader.scanTime(on: nil, text) }
    guard hasDate else { return nil }
    if reader.isAtEnd { return (.localDate, String(decoding: text, as: UTF8.self)) }
    guard reader.take({ $0 == 0x54 || $0 == 0x74 || $0 == 0x20 }) else { return nil }
    return reader.scanTime(on: 10, text)
  }

  /// Goes through the fixed-width parts of a moment (RFC 3339, 5.6).
  private struct Parts {
    let bytes: [UInt8]
    var at = 0

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ isTaken: (UInt8) -> Bool) -> Bool {
      guard at < bytes.count, isTaken(bytes[at]) else { return false }
      at += 1
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      guard at + digits <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[at..<at + digits] {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      at += digits
      return value
    }

    /// True after a date, false after one that there is not, nil where no date begins.
    mutating func scanDate() -> Bool? {
      guard bytes.count > 4, bytes[4] == 0x2D else { return nil }
      guard let year = number(4), take({ $0 == 0x2D }), let month = number(2), take({ $0 == 0x2D }), let day = number(2)
      else { return false }
      return (1...12).contains(month) && day >= 1 && day <= Self.days(in: month, of: year)
    }

    private static func days(in month: Int, of year: Int) -> Int {
      switch month {
      case 4, 6, 9, 11: 30
      case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
      default: 31
      }
    }

    mutating func scanTime(on separator: Int?, _ text: [UInt8]) -> (kind: TOMLMoment, text: String)? {
      guard let hour = number(2), hour < 24, take({ $0 == 0x3A }), let minute = number(2), minute < 60,
        take({ $0 == 0x3A }), let second = number(2), second <= 60
      else { return nil }
      if take({ $0 == 0x2E }) {
        guard number(1) != nil else { return nil }
        while number(1) != nil {}
      }
      var canonical = text
      var kind = TOMLMoment.localTime
      var offset: Int?
      if let separator {
        canonical[separator] = 0x54
        kind = .localDateTime
        if take({ $0 == 0x5A || $0 == 0x7A }) {
          canonical[at - 1] = 0x5A
          (kind, offset) = (.offsetDateTime, 0)
        } else if take({ $0 == 0x2B || $0 == 0x2D }) {
          let sign = bytes[at - 1] == 0x2B ? 1 : -1
          guard let hours = number(2), hours < 24, take({ $0 == 0x3A }), let minutes = number(2), minutes < 60
          else { return nil }
          (kind, offset) = (.offsetDateTime, sign * (hours * 60 + minutes))
        }
      }
      guard isAtEnd, second < 60 || Self.mayLeap(hour * 60 + minute, offset) else { return nil }
      return (kind, String(decoding: canonical, as: UTF8.self))
    }

    /// Leap seconds end a day of UTC; where the offset is not known, they end any half hour.
    private static func mayLeap(_ minute: Int, _ offset: Int?) -> Bool {
      guard let offset else { return minute % 30 == 29 }
      return (minute - offset + 2880) % 1440 == 1439
    }
  }
}
