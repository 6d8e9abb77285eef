/// Moments as people write them: a date with its time (RFC 3339), a date in UTC, or how long ago it was.
package enum Moment {
  /// Such as "2026-03-12T14:30:00Z", "2026-03-12T14:30+01:00", "2026-03-12" and "90m"; nil for anything else.
  package static func read(_ text: String, at now: Timestamp) -> Timestamp? {
    if let span = Quantity.milliseconds(text) {
      let (moment, overflow) = now.milliseconds.subtractingReportingOverflow(span)
      return overflow ? nil : Timestamp(milliseconds: moment)
    }
    var rest = text[...]
    guard let year = number(&rest, 4), take("-", &rest), let month = number(&rest, 2), take("-", &rest),
      let day = number(&rest, 2)
    else { return nil }
    var (hour, minute, second, fraction, offset): (Int64, Int64, Int64, Int64, Int64) = (0, 0, 0, 0, 0)
    if take("T", &rest) || take("t", &rest) || take(" ", &rest) {
      guard let hours = number(&rest, 2), take(":", &rest), let minutes = number(&rest, 2) else { return nil }
      (hour, minute) = (hours, minutes)
      if take(":", &rest) {
        guard let seconds = number(&rest, 2) else { return nil }
        second = seconds
        if take(".", &rest) {
          let digits = rest.prefix { $0.isASCII && $0.isNumber }
          guard !digits.isEmpty else { return nil }
          rest = rest.dropFirst(digits.count)
          fraction = Int64((digits + "00").prefix(3)) ?? 0
        }
      }
      guard let zone = zone(&rest) else { return nil }
      offset = zone
    }
    guard rest.isEmpty, hour < 24, minute < 60, second < 60 else { return nil }
    let local = ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second
    // A day that there is not, such as 31 June, comes out as another one.
    let date = CivilTime(Timestamp(milliseconds: local * 1000))
    guard (Int64(date.year), Int64(date.month), Int64(date.day)) == (year, month, day) else { return nil }
    return Timestamp(milliseconds: (local - offset * 60) * 1000 + fraction)
  }

  /// The minutes that a zone is ahead of UTC.
  private static func zone(_ rest: inout Substring) -> Int64? {
    if take("Z", &rest) || take("z", &rest) { return 0 }
    let isBehind = take("-", &rest)
    guard isBehind || take("+", &rest), let hours = number(&rest, 2), take(":", &rest), let minutes = number(&rest, 2),
      hours < 24, minutes < 60
    else { return nil }
    return (hours * 60 + minutes) * (isBehind ? -1 : 1)
  }

  private static func take(_ sign: Character, _ rest: inout Substring) -> Bool {
    guard rest.first == sign else { return false }
    rest = rest.dropFirst()
    return true
  }

  private static func number(_ rest: inout Substring, _ digits: Int) -> Int64? {
    let text = rest.prefix(digits)
    guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    rest = rest.dropFirst(digits)
    return Int64(text)
  }

  /// Days from 1970-01-01, in eras of 400 years that begin on 1 March.
  package static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.flooringQuotient(dividingBy: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let yearOfEra = shifted - era * 400
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
