/// A timestamp taken apart into the UTC calendar date and time of day.
package struct CivilTime: Sendable {
  package let year: Int
  package let month: Int
  package let day: Int
  package let hour: Int
  package let minute: Int
  package let second: Int
  /// 0 is Sunday.
  package let weekday: Int

  /// Counts days in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
  package init(_ moment: Timestamp) {
    let days = moment.seconds.flooringQuotient(dividingBy: 86_400)
    let secondOfDay = Int(moment.seconds - days * 86_400)
    let shifted = days + 719_468
    let era = shifted.flooringQuotient(dividingBy: 146_097)
    let dayOfEra = Int(shifted - era * 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + Int(era) * 400 + (month <= 2 ? 1 : 0)
    hour = secondOfDay / 3600
    minute = secondOfDay / 60 % 60
    second = secondOfDay % 60
    weekday = Int((days + 4) - (days + 4).flooringQuotient(dividingBy: 7) * 7)
  }

  /// The date as an HTTP header wants it (RFC 9110 section 5.6.7), for example "Sun, 06 Nov 1994 08:49:37 GMT".
  package var httpDate: String {
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return "\(weekdays[weekday]), \(day.padded(2)) \(months[month - 1]) \(year.padded(4)) "
      + "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2)) GMT"
  }
}
