/// What UTF-8 allows, byte by byte (RFC 3629 section 4).
package enum UTF8Sequence {
  /// How many bytes the character of two or more bytes at `start` has; 0 where it is none, or is cut off at `end`.
  @inline(__always)
  package static func length(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Int {
    let lead = start[0]
    let room = end - start
    if lead < 0xE0 { return lead >= 0xC2 && room >= 2 && isTail(start[1]) ? 2 : 0 }
    guard room >= 3, isTail(start[2]) else { return 0 }
    if lead < 0xF0 {
      // No longer form than needed after E0, no surrogates after ED.
      let lowest: UInt8 = lead == 0xE0 ? 0xA0 : 0x80
      let highest: UInt8 = lead == 0xED ? 0x9F : 0xBF
      return start[1] >= lowest && start[1] <= highest ? 3 : 0
    }
    guard lead <= 0xF4, room >= 4, isTail(start[3]) else { return 0 }
    let lowest: UInt8 = lead == 0xF0 ? 0x90 : 0x80
    let highest: UInt8 = lead == 0xF4 ? 0x8F : 0xBF
    return start[1] >= lowest && start[1] <= highest ? 4 : 0
  }

  /// How many bytes at the end of a piece of text may be the beginning of a character that the next piece completes.
  package static func cutOff(_ piece: UnsafeRawBufferPointer) -> Int {
    for count in 1...3 where count <= piece.count {
      let byte = piece[piece.count - count]
      if byte < 0x80 { return 0 }
      if byte >= 0xC0 { return (byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2) > count ? count : 0 }
    }
    return 0
  }

  /// Where the first byte stands that belongs to no character, or nil where the whole is UTF-8; and whether all before
  /// it is ASCII.
  package static func firstFault(_ text: UnsafeRawBufferPointer) -> (place: Int?, isASCII: Bool) {
    let bytes = text.assumingMemoryBound(to: UInt8.self)
    guard let start = bytes.baseAddress else { return (nil, true) }
    let end = start + bytes.count
    var at = start
    var isASCII = true
    while at < end {
      if end - at >= 8, UnsafeRawPointer(at).loadUnaligned(as: UInt64.self) & 0x8080_8080_8080_8080 == 0 {
        at += 8
      } else if at.pointee < 0x80 {
        at += 1
      } else {
        let count = length(at, end)
        if count == 0 { return (at - start, isASCII) }
        isASCII = false
        at += count
      }
    }
    return (nil, isASCII)
  }

  @inline(__always)
  private static func isTail(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
