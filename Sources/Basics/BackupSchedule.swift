/// When something is done by itself: at a time of each day or of one day of the week, in UTC, or a span after the last time.
package enum BackupSchedule: Sendable, Equatable {
  case off
  case every(Duration)
  /// Each `period` seconds, `offset` seconds after the beginning of 1970 or a multiple of the period later.
  case at(offset: Int64, period: Int64)

  package static let spans = 600_000...31_622_400_000 as ClosedRange<Int64>
  private static let day: Int64 = 86_400
  /// In the order in which they follow 1 January 1970.
  private static let days = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"]

  /// Reads `off`, `daily 03:00`, `weekly sun 03:00` or `every 6h`; nil for anything else.
  package init?(_ text: String) {
    let words = text.split(separator: " ").map { $0.lowercased() }
    switch (words.first, words.count) {
    case ("off", 1): self = .off
    case ("every", 2):
      guard let span = Quantity.milliseconds(words[1]), BackupSchedule.spans.contains(span) else { return nil }
      self = .every(.milliseconds(span))
    case ("daily", 2):
      guard let second = BackupSchedule.secondOfDay(words[1]) else { return nil }
      self = .at(offset: second, period: BackupSchedule.day)
    case ("weekly", 3):
      guard let second = BackupSchedule.secondOfDay(words[2]), let day = BackupSchedule.days.firstIndex(of: words[1])
      else { return nil }
      self = .at(offset: Int64(day) * BackupSchedule.day + second, period: 7 * BackupSchedule.day)
    default: return nil
    }
  }

  private static func secondOfDay(_ text: String) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      let hour = Int64(parts[0]), let minute = Int64(parts[1]), hour < 24, minute < 60
    else { return nil }
    return hour * 3600 + minute * 60
  }

  /// The moment from which on it is to be done, when it was done last at `last`; nil for never.
  ///
  /// What was missed is due at once, and so is the first time. A last time that is still to come was told by a clock that
  /// was wrong, and counts as none.
  package func due(after last: Timestamp?, now: Timestamp) -> Timestamp? {
    if case .off = self { return nil }
    guard let last, last <= now else { return now }
    switch self {
    case .off: return nil
    case .every(let span): return last + span
    case .at(let offset, let period):
      let begun = (last.seconds - offset).flooringQuotient(dividingBy: period)
      return Timestamp(milliseconds: ((begun + 1) * period + offset) * 1000)
    }
  }
}
