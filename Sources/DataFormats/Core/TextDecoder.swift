import Basics

/// Makes UTF-8 of a text in another encoding, piece by piece.
///
/// Half of a surrogate pair and a last odd byte become bytes that are no UTF-8, for the reader of it to find with their
/// place.
final class TextDecoder {
  private let feed: ByteFeed
  private let encoding: TextEncoding
  /// What 0x80 to 0xFF stand for where each byte is a character.
  private let upper: [UInt16]

  init(_ feed: ByteFeed, _ encoding: TextEncoding) {
    self.feed = feed
    self.encoding = encoding
    upper = encoding.upper
  }

  func rewind() { feed.rewind() }

  /// Fills the beginning of `place`, which has room for a character at least; 0 at the end of the text.
  func read(_ place: UnsafeMutableRawBufferPointer) throws(SystemFailure) -> Int {
    while true {
      var isLast = false
      if feed.unread.count < 4 { isLast = try !feed.fetch() }
      let room = place.count
      let made: (taken: Int, count: Int) =
        switch encoding {
        case .utf8, .utf8WithMark: Self.copy(feed.unread, place)
        case .windows1252, .table: Self.narrow(feed.unread, place, upper)
        case .utf16LittleEndian: Self.utf16(feed.unread, place, high: 1, isLast: isLast)
        case .utf16BigEndian: Self.utf16(feed.unread, place, high: 0, isLast: isLast)
        }
      feed.advance(made.taken)
      if made.count > 0 || room == 0 { return made.count }
      if isLast && feed.unread.isEmpty { return 0 }
    }
  }

  private static func copy(
    _ text: UnsafeRawBufferPointer, _ place: UnsafeMutableRawBufferPointer
  ) -> (taken: Int, count: Int) {
    let count = min(text.count, place.count)
    place.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[..<count]))
    return (count, count)
  }

  private static func narrow(
    _ text: UnsafeRawBufferPointer, _ place: UnsafeMutableRawBufferPointer, _ upper: [UInt16]
  ) -> (taken: Int, count: Int) {
    var count = 0
    var taken = 0
    while taken < text.count && place.count - count >= 3 {
      let byte = text[taken]
      taken += 1
      let code = byte < 0x80 ? UInt16(byte) : upper[Int(byte) - 0x80]
      put(UInt32(code), place, &count)
    }
    return (taken, count)
  }

  private static func utf16(
    _ text: UnsafeRawBufferPointer, _ place: UnsafeMutableRawBufferPointer, high: Int, isLast: Bool
  ) -> (taken: Int, count: Int) {
    func unit(_ at: Int) -> UInt32 { UInt32(text[at + high]) << 8 | UInt32(text[at + 1 - high]) }
    var count = 0
    var taken = 0
    while text.count - taken >= 2 && place.count - count >= 4 {
      var code = unit(taken)
      if code & 0xFC00 == 0xD800 {
        guard text.count - taken >= 4 || isLast else { break }
        if text.count - taken >= 4, case let second = unit(taken + 2), second & 0xFC00 == 0xDC00 {
          code = 0x10000 + (code & 0x3FF) << 10 + (second & 0x3FF)
          taken += 2
        }
      }
      taken += 2
      put(code, place, &count)
    }
    if isLast && text.count - taken == 1 && place.count - count >= 1 {
      place[count] = 0xFF
      return (text.count, count + 1)
    }
    return (taken, count)
  }

  /// Writes a code as UTF-8, a surrogate too, which then is at fault.
  private static func put(_ code: UInt32, _ place: UnsafeMutableRawBufferPointer, _ count: inout Int) {
    func add(_ byte: UInt32) {
      place[count] = UInt8(truncatingIfNeeded: byte)
      count += 1
    }
    if code < 0x80 { return add(code) }
    if code < 0x800 {
      add(0xC0 | code >> 6)
    } else {
      if code >= 0x10000 { add(0xF0 | code >> 18) } else { add(0xE0 | code >> 12) }
      if code >= 0x10000 { add(0x80 | code >> 12 & 0x3F) }
      add(0x80 | code >> 6 & 0x3F)
    }
    add(0x80 | code & 0x3F)
  }
}
