extension XMLInput {
  /// Decodes from what the feed has, until it or the window is used up or something is at fault; false when no
  /// character was whole.
  mutating func decode() -> Bool {
    let source = feed.unread
    let used =
      switch encoding {
      case .utf8: decodeUTF8(source)
      case .utf16(let bigEndian): decodeUTF16(source, bigEndian)
      case .ascii, .latin1, .windows1252: decodeBytes(source)
      }
    feed.advance(used)
    return used > 0 || problem != nil
  }

  /// Copies runs of plain ASCII at once, and everything else character by character.
  private mutating func decodeUTF8(_ source: UnsafeRawBufferPointer) -> Int {
    guard let base = source.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
    var at = 0
    while at < source.count {
      let run = plainRun(base + at, min(source.count - at, Self.capacity - end))
      if run > 0 {
        (memory + end).update(from: base + at, count: run)
        end += run
        at += run
        afterReturn = false
        continue
      }
      guard Self.capacity - end >= 4 else { break }
      guard base[at] >= 0x80 else {
        guard accept(UInt32(base[at])) else { break }
        at += 1
        continue
      }
      let length = UTF8Sequence.length(base + at, base + source.count)
      guard length > 0 else {
        let rest = UnsafeRawBufferPointer(rebasing: source[at...])
        if rest.count > 3 || UTF8Sequence.cutOff(rest) < rest.count {
          problem = DataFault(.malformed, "the bytes are not UTF-8 here")
        }
        break
      }
      if length == 3, base[at] == 0xEF, base[at + 1] == 0xBF, base[at + 2] >= 0xBE {
        _ = accept(base[at + 2] == 0xBE ? 0xFFFE : 0xFFFF)
        break
      }
      (memory + end).update(from: base + at, count: length)
      end += length
      at += length
      afterReturn = false
    }
    return at
  }

  /// How many bytes are ASCII without control characters but tab and line feed; a line feed after a carriage return
  /// is none.
  private func plainRun(_ base: UnsafePointer<UInt8>, _ count: Int) -> Int {
    if afterReturn, count > 0, base[0] == 0x0A { return 0 }
    var at = 0
    let raw = UnsafeRawPointer(base)
    while at &+ 8 <= count {
      // With the high bits set, no byte borrows from its neighbour, so that a bit that falls says "less" exactly.
      let high: UInt64 = 0x8080_8080_8080_8080
      let ones: UInt64 = 0x0101_0101_0101_0101
      let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      if word & high != 0 { break }
      let isPrintable = (word | high) &- ones &* 0x20
      let isOtherThanFeed = (word ^ ones &* 0x0A | high) &- ones
      let isOtherThanTab = (word ^ ones &* 0x09 | high) &- ones
      if ~isPrintable & isOtherThanFeed & isOtherThanTab & high != 0 { break }
      at &+= 8
    }
    while at < count {
      let byte = base[at]
      guard byte < 0x80, byte >= 0x20 || byte == 0x09 || byte == 0x0A else { break }
      at &+= 1
    }
    return at
  }

  private mutating func decodeBytes(_ source: UnsafeRawBufferPointer) -> Int {
    var at = 0
    while at < source.count, Self.capacity - end >= 4 {
      let byte = source[at]
      var scalar = UInt32(byte)
      if byte >= 0x80, encoding != .latin1 {
        scalar = encoding == .windows1252 && byte < 0xA0 ? XMLEncoding.windows[Int(byte - 0x80)] : scalar
        if encoding == .ascii || scalar == 0 {
          problem = DataFault(.malformed, "the byte \(byte) is no character of \(encoding.title)")
          break
        }
      }
      guard accept(scalar) else { break }
      at += 1
    }
    return at
  }

  private mutating func decodeUTF16(_ source: UnsafeRawBufferPointer, _ bigEndian: Bool) -> Int {
    func unit(_ at: Int) -> UInt32 {
      let (first, second) = (UInt32(source[at]), UInt32(source[at + 1]))
      return bigEndian ? first << 8 | second : second << 8 | first
    }
    var at = 0
    while at + 2 <= source.count, Self.capacity - end >= 4 {
      var scalar = unit(at)
      var length = 2
      if scalar & 0xFC00 == 0xD800 {
        guard at + 4 <= source.count else { break }
        let low = unit(at + 2)
        if low & 0xFC00 == 0xDC00 {
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
          length = 4
        }
      }
      guard accept(scalar) else { break }
      at += length
    }
    return at
  }

  /// Puts one character into the window, or notes that it may not be in a document.
  private mutating func accept(_ scalar: UInt32) -> Bool {
    let wasReturn = afterReturn
    afterReturn = scalar == 0x0D
    if scalar == 0x0A, wasReturn { return true }
    guard XMLCharacters.isAllowed(scalar), let valid = Unicode.Scalar(scalar == 0x0D ? 0x0A : scalar) else {
      problem = DataFault(.malformed, "the character \(XMLCharacters.shown(scalar)) is not allowed in XML 1.0")
      return false
    }
    for byte in valid.utf8 {
      memory[end] = byte
      end += 1
    }
    return true
  }
}
