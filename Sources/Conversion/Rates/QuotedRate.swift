import Basics

/// A rate as a file has it: what one of `base` is in `quote` on a day.
package struct QuotedRate: Sendable, Equatable {
  package let base: String
  package let quote: String
  /// "2026-11-27".
  package let day: String
  /// As it was written; an exact number above 0.
  package let rate: String
  /// Who has said it, where the file says that.
  package let source: String?

  /// What takes the place of a rate that there is none of: the ECB writes "N/A".
  private static let absent: Set<String> = ["", "n/a", "-"]

  /// Nil where there is no rate; throws what is wrong, in a half sentence.
  init?(base: String, quote: String, day: String, rate: String, source: String?) throws(Problem) {
    if QuotedRate.absent.contains(rate.lowercased()) { return nil }
    for code in [base, quote] where !QuotedRate.isCode(code) {
      throw Problem(text: "\(QuotedRate.shown(code)) is no currency; its code has three letters")
    }
    guard base != quote else { throw Problem(text: "\(base) has no rate in itself") }
    guard let number = Decimal(rate), number.isPositive else {
      throw Problem(text: "\(QuotedRate.shown(rate)) is no rate; it is a number above 0 with a point, such as 1.0876")
    }
    guard let day = QuotedRate.day(day) else {
      throw Problem(text: "\(QuotedRate.shown(day)) is no date, such as 2026-11-27")
    }
    self.base = base
    self.quote = quote
    self.day = day
    self.rate = rate
    self.source = source
  }

  struct Problem: Error {
    let text: String
  }

  /// True for three capital letters (ISO 4217).
  static func isCode(_ text: String) -> Bool {
    text.utf8.count == 3 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
  }

  private static func shown(_ text: String) -> String { "\"\(HiddenText.escaping(String(text.prefix(40))))\"" }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
  ]

  /// "2026-11-27", or "27 November 2026" as the ECB's daily table has it, as the former; nil for what is no day.
  private static func day(_ text: String) -> String? {
    var parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    if parts.count != 3 {
      parts = text.split(separator: " ").reversed().map(String.init)
      guard parts.count == 3, let month = months.firstIndex(of: parts[1].lowercased()) else { return nil }
      (parts[1], parts[2]) = ((month + 1).padded(2), parts[2].count == 1 ? "0" + parts[2] : parts[2])
    }
    let date = parts.joined(separator: "-")
    let isDate = date.utf8.count == 10 && Moment.read(date, at: Timestamp(milliseconds: 0)) != nil
    return isDate ? date : nil
  }
}
