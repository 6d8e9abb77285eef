import Basics
import CSystem

/// Decodes quoted-printable that comes in pieces (RFC 2045 section 6.7).
struct QuotedPrintableDecoder {
  /// What an escape still lacks.
  private enum State {
    case text, escape, low(UInt8), lineFeed
  }

  private var state = State.text

  mutating func decode(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if case .text = state {
        // Whole escapes in a row are the worst case of the search for the next one.
        while index + 2 < bytes.count, bytes[index] == 0x3D, let high = Hexadecimal.value(of: bytes[index + 1]),
          let low = Hexadecimal.value(of: bytes[index + 2])
        {
          decoded.append(high << 4 | low)
          index += 3
        }
        let end = QuotedPrintableDecoder.nextEscape(in: bytes, from: index)
        decoded.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[index..<end]))
        if end == bytes.count { break }
        state = .escape
        index = end + 1
        continue
      }
      try takeEscaped(bytes[index], &decoded)
      index += 1
    }
    return decoded
  }

  /// The part is over: throws when it ended within an escape.
  func finish() throws(HTTPFailure) {
    guard case .text = state else { throw .badForm("a quoted-printable part ends within an escape") }
  }

  private mutating func takeEscaped(_ byte: UInt8, _ decoded: inout [UInt8]) throws(HTTPFailure) {
    switch state {
    case .escape:
      if byte == .carriageReturn {
        state = .lineFeed
        return
      }
      if let high = Hexadecimal.value(of: byte) {
        state = .low(high)
        return
      }
    case .low(let high):
      if let low = Hexadecimal.value(of: byte) {
        decoded.append(high << 4 | low)
        state = .text
        return
      }
    case .lineFeed:
      if byte == .lineFeed {
        state = .text
        return
      }
    case .text: return
    }
    throw .badForm("a quoted-printable part has a bad escape")
  }

  private static func nextEscape(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var needle: UInt8 = 0x3D
    let found = csystem_find(bytes.baseAddress.map { $0 + start }, bytes.count - start, &needle, 1)
    return found >= 0 && found < bytes.count - start ? start + found : bytes.count
  }
}
