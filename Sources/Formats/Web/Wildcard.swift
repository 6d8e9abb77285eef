/// A pattern in which `*` stands for any bytes, also none; matching takes time linear in pattern and text.
struct Wildcard: Sendable {
  /// A run of bytes without `*`, and how far it agrees with itself, for a search that never goes back.
  private struct Piece: Sendable {
    let bytes: [UInt8]
    let borders: [Int]

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      var borders = [Int](repeating: 0, count: bytes.count)
      var length = 0
      for place in bytes.indices.dropFirst() {
        while length > 0, bytes[length] != bytes[place] { length = borders[length - 1] }
        if bytes[length] == bytes[place] { length += 1 }
        borders[place] = length
      }
      self.borders = borders
    }

    /// Where it first ends in a text from a place on (Knuth, Morris and Pratt).
    func end(in text: ArraySlice<UInt8>) -> Int? {
      if bytes.isEmpty { return text.startIndex }
      var length = 0
      for place in text.indices {
        while length > 0, bytes[length] != text[place] { length = borders[length - 1] }
        if bytes[length] == text[place] { length += 1 }
        if length == bytes.count { return place + 1 }
      }
      return nil
    }
  }

  private let first: [UInt8]
  private let middle: [Piece]
  /// Nil without any `*`.
  private let last: [UInt8]?

  init(_ pattern: [UInt8]) {
    let pieces = pattern.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
    first = pieces.first.map { Array($0) } ?? []
    last = pieces.count > 1 ? pieces.last.map { Array($0) } : nil
    middle = pieces.dropFirst().dropLast().filter { !$0.isEmpty }.map { Piece(Array($0)) }
  }

  /// Whether it fits the whole of a text.
  func matches(_ text: [UInt8]) -> Bool {
    guard let last else { return text == first }
    guard text.count >= first.count + last.count, text.starts(with: first), text.suffix(last.count).elementsEqual(last)
    else { return false }
    var rest = text[first.count..<text.count - last.count]
    for piece in middle {
      guard let end = piece.end(in: rest) else { return false }
      rest = rest[end...]
    }
    return true
  }
}
