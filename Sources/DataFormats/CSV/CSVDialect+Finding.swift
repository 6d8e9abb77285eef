package import Basics

extension CSVDialect {
  /// How many bytes at the beginning are looked at.
  private static let sample = 1 << 16

  /// The delimiter that cuts most of the first rows into one number of fields, above one; a comma where none does.
  ///
  /// The feed is at its beginning afterwards. Throws as `ByteFeed.fetch` does.
  package static func find(_ feed: ByteFeed, quote: UInt8?) throws(SystemFailure) -> CSVDialect {
    feed.rewind()
    _ = try feed.fetch()
    let isWhole = feed.unread.count <= sample
    let text = Array(feed.unread.prefix(sample))
    feed.rewind()
    var best = CSVDialect(quote: quote)
    var most = 0
    for candidate in candidates {
      let dialect = CSVDialect(delimiter: candidate, quote: quote)
      let count = dialect.alikeRows(text, isWhole: isWhole)
      if count > most { (best, most) = (dialect, count) }
    }
    return best
  }

  /// How many rows of the text have the number of fields that most of them have, where that is more than one; 0 where
  /// a quoted field is not followed by the delimiter.
  private func alikeRows(_ text: [UInt8], isWhole: Bool) -> Int {
    var counts: [Int: Int] = [:]
    var fields = 1
    var at = 0
    var isFieldStart = true
    while at < text.count {
      let byte = text[at]
      at += 1
      if isFieldStart && byte == quote {
        guard let behind = endOfQuoted(text, at) else { return isWhole ? 0 : counts.values.max() ?? 0 }
        at = behind
        guard at == text.count || text[at] == delimiter || text[at] == 0x0A || text[at] == 0x0D else { return 0 }
        isFieldStart = false
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
    return counts.values.max() ?? 0
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
