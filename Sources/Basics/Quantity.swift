/// Sizes and times as people write them in settings.
package enum Quantity {
  private static let sizes: [(suffix: String, factor: Int64)] = [
    ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1), ("", 1),
  ]
  private static let spans: [(suffix: String, factor: Int64)] = [
    ("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("", 1000),
  ]
  private static let amounts: [(suffix: String, factor: Int64)] = [("M", 1_000_000), ("K", 1000), ("", 1)]

  /// Bytes of "100MB" (1 MB is 1,048,576 bytes), or nil.
  package static func bytes(_ text: String) -> Int64? { parse(text, sizes) }

  /// Milliseconds of "24h", or nil; a bare number counts seconds.
  package static func milliseconds(_ text: String) -> Int64? { parse(text, spans) }

  /// The number of "50M", or nil.
  package static func amount(_ text: String) -> Int64? { parse(text, amounts) }

  /// Bytes in the largest unit that divides them.
  package static func size(_ bytes: Int64) -> String { print(bytes, sizes) }

  /// Milliseconds in the largest unit that divides them.
  package static func span(_ milliseconds: Int64) -> String { print(milliseconds, spans) }

  private static func parse(_ text: String, _ units: [(suffix: String, factor: Int64)]) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let suffix = text.dropFirst(digits.count).lowercased()
    guard let number = Int64(digits), let unit = units.first(where: { $0.suffix.lowercased() == suffix })
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
    return overflow ? nil : product
  }

  private static func print(_ number: Int64, _ units: [(suffix: String, factor: Int64)]) -> String {
    let fitting = units.filter { !$0.suffix.isEmpty && number.isMultiple(of: $0.factor) && number != 0 }
    guard let unit = fitting.max(by: { $0.factor < $1.factor }) else { return String(number) }
    return String(number / unit.factor) + unit.suffix
  }
}
