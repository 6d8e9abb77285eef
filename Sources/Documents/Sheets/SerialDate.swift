import Basics

/// Days since the beginning of a workbook's calendar as dates and times (ISO/IEC 29500-1, 18.17.4).
enum SerialDate {
  /// From 1970-01-01 back to day 0 of the calendars.
  private static let days = (since1900: 25_569, since1904: 24_107)
  /// The first day of the year 10000.
  private static let end = 2_958_466.0

  /// ISO 8601 of a number of days, or nil beyond the calendar.
  static func text(of serial: Double, _ kind: NumberFormat, isFrom1904: Bool) -> String? {
    guard serial >= 0, serial < end else { return nil }
    var milliseconds = Int64((serial * 86_400_000).rounded())
    if kind == .time {
      let clock = clock(milliseconds % 86_400_000)
      let hours = milliseconds / 3_600_000
      return hours < 24 ? clock : "\(hours)" + clock.dropFirst(2)
    }
    // The calendar of 1900 has a 29 February that was none, which days before it do not know of.
    let isEarly = !isFrom1904 && serial < 60
    let offset = isFrom1904 ? days.since1904 : days.since1900 - (isEarly ? 1 : 0)
    milliseconds -= Int64(offset) * 86_400_000
    let civil = CivilTime(Timestamp(milliseconds: milliseconds))
    let date = "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
    if kind == .date { return date }
    let inDay = milliseconds - (milliseconds >= 0 ? milliseconds : milliseconds - 86_399_999) / 86_400_000 * 86_400_000
    return date + "T" + clock(inDay)
  }

  private static func clock(_ milliseconds: Int64) -> String {
    let seconds = Int(milliseconds / 1000)
    let text = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let rest = Int(milliseconds % 1000)
    return rest == 0 ? text : text + "." + padded(rest, 3)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }

  /// The number of days of a date, or nil for what is none of the calendar of 1900 after its wrong day.
  static func serial(ofISO text: String) -> (days: Double, kind: NumberFormat)? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10 || bytes.count == 16 || bytes.count == 19 else { return nil }
    func number(_ start: Int, _ count: Int) -> Int? {
      var number = 0
      for byte in bytes[start..<start + count] {
        guard (0x30...0x39).contains(byte) else { return nil }
        number = number * 10 + Int(byte) - 0x30
      }
      return number
    }
    guard bytes[4] == 0x2D, bytes[7] == 0x2D, let year = number(0, 4), let month = number(5, 2),
      let day = number(8, 2), (1901...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= length(ofMonth: month, year)
    else { return nil }
    let date = Double(Int(Moment.days(Int64(year), Int64(month), Int64(day))) + days.since1900)
    if bytes.count == 10 { return (date, .date) }
    guard bytes[10] == 0x54 || bytes[10] == 0x20, bytes[13] == 0x3A, let hour = number(11, 2),
      let minute = number(14, 2), hour < 24, minute < 60
    else { return nil }
    var second = 0
    if bytes.count == 19 {
      guard bytes[16] == 0x3A, let told = number(17, 2), told < 60 else { return nil }
      second = told
    }
    return (date + Double(hour * 3600 + minute * 60 + second) / 86_400, .dateAndTime)
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    if month == 2 { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }
}
