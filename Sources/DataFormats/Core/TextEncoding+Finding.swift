extension TextEncoding {
  /// The encoding of a text by its marks, its zero bytes, or because it is no UTF-8; the feed is then at its beginning.
  ///
  /// All of it is read once, so that who reads it next need not look whether it is UTF-8. Text that begins as UTF-8
  /// with characters above ASCII and goes wrong later is at fault, and not of another encoding. Throws `DataFault` with
  /// the place, and `SystemFailure`.
  package static func find(_ feed: ByteFeed) throws -> TextEncoding {
    feed.rewind()
    _ = try feed.fetch()
    let marked = wide(feed.unread.prefix(1024))
    feed.rewind()
    if let marked { return marked }
    if try isUTF8(feed, mayBeAnother: true) { return .utf8 }
    return .windows1252
  }

  /// The text of a feed from its beginning, in UTF-8 that has been checked; the encoding is looked for where it is nil.
  ///
  /// Throws as `find` does.
  package static func decode(_ feed: ByteFeed, from encoding: TextEncoding?) throws -> ByteFeed {
    let found = try encoding ?? find(feed)
    switch found {
    case .utf8, .utf8WithMark:
      if encoding != nil { try check(feed) }
      return feed
    case .windows1252, .table: return ByteFeed(feed, decoding: found)
    case .utf16LittleEndian, .utf16BigEndian:
      let text = ByteFeed(feed, decoding: found)
      try check(text)
      return text
    }
  }

  /// Throws `DataFault` with the place of the first byte that is no UTF-8; the feed is then at its beginning.
  package static func check(_ feed: ByteFeed) throws { _ = try isUTF8(feed, mayBeAnother: false) }

  /// UTF-16 by its mark, or by a zero in every other byte of text that begins with ASCII.
  private static func wide(_ first: Slice<UnsafeRawBufferPointer>) -> TextEncoding? {
    if first.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    if first.starts(with: [0xFE, 0xFF]) { return .utf16BigEndian }
    guard first.count >= 4 else { return nil }
    let zeros = first.prefix(4).map { $0 == 0 }
    if zeros == [false, true, false, true] { return .utf16LittleEndian }
    if zeros == [true, false, true, false] { return .utf16BigEndian }
    return nil
  }

  private static func isUTF8(_ feed: ByteFeed, mayBeAnother: Bool) throws -> Bool {
    feed.rewind()
    defer { feed.rewind() }
    var isASCII = true
    var isLast = false
    while !isLast {
      isLast = try !feed.fetch()
      let piece = feed.unread
      let whole = UnsafeRawBufferPointer(rebasing: piece.dropLast(isLast ? 0 : UTF8Sequence.cutOff(piece)))
      let found = UTF8Sequence.firstFault(whole)
      isASCII = isASCII && found.isASCII
      if let place = found.place {
        if mayBeAnother && isASCII { return false }
        throw try feed.fault(
          .malformed, "the text is not UTF-8: a byte belongs to no character; text in another encoding needs its name",
          at: feed.position + place)
      }
      feed.advance(whole.count)
    }
    return true
  }
}
