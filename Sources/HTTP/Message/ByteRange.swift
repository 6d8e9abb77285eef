/// What a Range field asks of a file (RFC 9110 section 14.1.2).
enum ByteRange: Equatable {
  /// No range, several, or not one in bytes: the whole file is the answer.
  case whole
  case part(Range<Int64>)
  case unsatisfiable

  init(_ text: String?, size: Int64) {
    self = .whole
    guard let text, text.utf8.count <= 64, text.lowercased().hasPrefix("bytes=") else { return }
    let parts = text.dropFirst(6).split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let first = ByteRange.number(parts[0]), let last = ByteRange.number(parts[1]) else {
      return
    }
    switch (first, last) {
    case (nil, nil): return
    case (nil, let count?):
      self = count == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - count)..<size)
    case (let start?, let end):
      if let end, end < start { return }
      self = start >= size ? .unsatisfiable : .part(start..<(min(end ?? size - 1, size - 1) + 1))
    }
  }

  /// The digits as a number, an empty text as none, and nil for anything else.
  private static func number(_ text: Substring) -> Int64?? {
    if text.isEmpty { return .some(nil) }
    guard text.utf8.allSatisfy(\.isDigit), let value = Int64(text) else { return nil }
    return .some(value)
  }
}
