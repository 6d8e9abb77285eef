package import Basics

extension CSVDialect {
  /// How many bytes at the beginning are looked at.
  private static let sample = 1 << 16

  /// How well a delimiter fits the first rows.
  private struct Fit {
    /// How many rows have the number of fields that most have, where that is more than one.
    var rows = 0
    var fields = 0
    /// Fields that have a quote in their middle.
    var strayQuotes = 0
  }

  /// The delimiter that cuts most of the first rows into one number of fields, above one; a comma where none does.
  ///
  /// Of equals the one counts that leaves fewer quotes inside fields, then the one that cuts more. A comma must cut two
  /// more at least, for numbers may have one. The feed is at its beginning afterwards. Throws as `ByteFeed.fetch` does.
  package static func find(_ feed: ByteFeed, quote: UInt8?) throws(SystemFailure) -> CSVDialect {
    feed.rewind()
    _ = try feed.fetch()
    let isWhole = feed.unread.count <= sample
    let text = Array(feed.unread.prefix(sample))
    feed.rewind()
    var best = CSVDialect(quote: quote)
    var bestFit = Fit()
    for candidate in candidates {
      let dialect = CSVDialect(delimiter: candidate, quote: quote)
      let fit = dialect.fit(text, isWhole: isWhole)
      let handicap = candidate == UInt8(ascii: ",") ? 1 : 0
      let isBetter =
        (fit.rows, -fit.strayQuotes, fit.fields - handicap) > (bestFit.rows, -bestFit.strayQuotes, bestFit.fields)
      if isBetter && fit.rows > 0 { (best, bestFit) = (dialect, fit) }
    }
    return best
  }

  /// The fit is none where a quoted field is not followed by the delimiter.
  private func fit(_ text: [UInt8], isWhole: Bool) -> Fit {
    var fit = Fit()
    var counts: [Int: Int] = [:]
    var fields = 1
    var at = 0
    var isFieldStart = true
    while at < text.count {
      let byte = text[at]
      at += 1
      if byte == quote {
        guard isFieldStart else {
          fit.strayQuotes += 1
          continue
        }
        isFieldStart = false
        guard let behind = endOfQuoted(text, at) else { break }
        at = behind
        guard at == text.count || [delimiter, 0x0A, 0x0D].contains(text[at]) else { return Fit() }
      } else if byte == delimiter {
        fields += 1
        isFieldStart = true
      } else if byte == 0x0A || byte == 0x0D {
        if fields > 1 { counts[fields, default: 0] += 1 }
        fields = 1
        isFieldStart = true
      } else {
        isFieldStart = false
      }
    }
    if fields > 1 && isWhole { counts[fields, default: 0] += 1 }
    let most = counts.max { ($0.value, $0.key) < ($1.value, $1.key) }
    fit.rows = most?.value ?? 0
    fit.fields = most?.key ?? 0
    return fit
  }

  /// The place behind the closing quote of a field whose text begins at `start`, or nil.
  private func endOfQuoted(_ text: [UInt8], _ start: Int) -> Int? {
    var at = start
    while at < text.count {
      if text[at] == quote {
        if at + 1 == text.count || text[at + 1] != quote { return at + 1 }
        at += 1
      }
      at += 1
    }
    return nil
  }
}
