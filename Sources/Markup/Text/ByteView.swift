/// Bytes that may be asked for at any place: beyond their ends stands 0, which no prepared text contains.
///
/// It points into memory it does not own, and lives no longer than the closure that got it.
struct ByteView {
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }

  @inline(__always)
  subscript(place: Int) -> UInt8 {
    UInt(bitPattern: place) < UInt(bitPattern: bytes.count) ? bytes[place] : 0
  }

  /// The bytes of a range, cut where the view ends.
  @inline(__always)
  func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[range.clamped(to: 0..<bytes.count)])
  }

  /// The same bytes with an earlier end.
  func prefix(_ end: Int) -> ByteView { ByteView(slice(0..<max(0, end))) }

  /// Where a byte stands first at or after `place`, or nil.
  func first(_ byte: UInt8, from place: Int) -> Int? {
    guard place >= 0, place < count else { return nil }
    return bytes[place...].firstIndex(of: byte)
  }

  /// Whether these characters stand at a place, small and capital letters of ASCII being the same.
  func matches(_ word: StaticString, at place: Int) -> Bool {
    for offset in 0..<word.utf8CodeUnitCount where ASCII.lower(self[place + offset]) != word.utf8Start[offset] {
      return false
    }
    return true
  }

  /// Where these characters begin first at or after `place`, small and capital letters being the same, or nil.
  func find(_ word: StaticString, from place: Int) -> Int? {
    var place = max(0, place)
    while place + word.utf8CodeUnitCount <= count {
      if matches(word, at: place) { return place }
      place += 1
    }
    return nil
  }

  /// The first place at or after `place` whose byte is neither a space nor a tab.
  func afterBlanks(_ place: Int) -> Int {
    var place = place
    while self[place] == UInt8(ascii: " ") || self[place] == UInt8(ascii: "\t") { place += 1 }
    return place
  }

  /// The range without the spaces, tabs and line ends at its two ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var range = range
    while !range.isEmpty, ASCII.isSpace(self[range.lowerBound]) { range = range.lowerBound + 1..<range.upperBound }
    while !range.isEmpty, ASCII.isSpace(self[range.upperBound - 1]) { range = range.lowerBound..<range.upperBound - 1 }
    return range
  }

  func string(_ range: Range<Int>) -> String { String(decoding: slice(range), as: UTF8.self) }
}
