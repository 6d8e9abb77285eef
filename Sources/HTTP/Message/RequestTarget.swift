import Basics

/// A request target taken apart: decoded path, query pairs and the authority of an absolute form (RFC 9112 section 3.2).
struct RequestTarget {
  var path: String
  var query: [(name: String, value: String)]
  var authority: String?

  /// Reads origin-form, absolute-form, and `*` for OPTIONS; everything else is refused.
  init(_ bytes: UnsafeRawBufferPointer, method: Method) throws(HTTPFailure) {
    // A fragment is never sent, and bytes outside visible ASCII are not URI characters (RFC 3986 section 2).
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x23 }) else {
      throw .malformed("the request target has a character that must be percent-encoded")
    }
    if bytes.count == 1, bytes[0] == 0x2A {
      guard method == .options else { throw .malformed("the target * is for OPTIONS only") }
      (path, query, authority) = ("*", [], nil)
      return
    }
    var rest = 0..<bytes.count
    authority = nil
    if bytes.first != .slash {
      let scheme = RequestTarget.schemeLength(bytes)
      guard scheme > 0 else { throw .malformed("the request target is neither a path nor an http URL") }
      let end = bytes[scheme...].firstIndex { $0 == .slash || $0 == 0x3F } ?? bytes.count
      let name = UnsafeRawBufferPointer(rebasing: bytes[scheme..<end])
      guard RequestTarget.isAuthority(name) else { throw .malformed("the request target names no valid host") }
      authority = name.text(0..<name.count)
      rest = end..<bytes.count
    }
    let mark = bytes[rest].firstIndex(of: 0x3F)
    path = try RequestTarget.path(UnsafeRawBufferPointer(rebasing: bytes[rest.lowerBound..<(mark ?? rest.upperBound)]))
    query = []
    if let mark {
      guard let pairs = PercentEncoding.pairs(bytes[(mark + 1)...]) else {
        throw .malformed("the query has a bad percent-encoding")
      }
      query = pairs
    }
  }

  /// The bytes of "http://" or "https://" at the start, or 0.
  private static func schemeLength(_ bytes: UnsafeRawBufferPointer) -> Int {
    if bytes.count >= 7, bytes.equals("http://", in: 0..<7) { return 7 }
    if bytes.count >= 8, bytes.equals("https://", in: 0..<8) { return 8 }
    return 0
  }

  /// Decodes segment by segment, so that an encoded slash cannot make two of one.
  private static func path(_ bytes: UnsafeRawBufferPointer) throws(HTTPFailure) -> String {
    if bytes.isEmpty { return "/" }
    var hasEscape = false
    var hasDotSegment = false
    var previous = UInt8.slash
    for byte in bytes {
      if byte == .percent { hasEscape = true }
      if byte == 0x2E && previous == .slash { hasDotSegment = true }
      previous = byte
    }
    if !hasEscape && !hasDotSegment { return bytes.text(0..<bytes.count) }

    var path = ""
    for segment in bytes.dropFirst().split(separator: .slash, omittingEmptySubsequences: false) {
      guard let text = PercentEncoding.decode(segment), !text.utf8.contains(.slash) else {
        throw .malformed("the path has a bad percent-encoding")
      }
      guard text != ".", text != ".." else { throw .malformed("the path has a dot segment") }
      path += "/" + text
    }
    return path
  }

  /// True for `host [":" port]` without user information (RFC 9110 section 4.2); an empty host is refused.
  static func isAuthority(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var end = 0
    if bytes.first == 0x5B {
      guard let close = bytes.firstIndex(of: 0x5D), close > 2 else { return false }
      let inside = bytes[1..<close]
      guard inside.allSatisfy({ $0.isDigit || $0 == .colon || $0 == 0x2E || (0x61...0x66).contains($0 | 0x20) }),
        inside.contains(.colon)
      else { return false }
      end = close + 1
    } else {
      end = bytes.firstIndex(of: .colon) ?? bytes.count
      guard end > 0, end <= 255, bytes[..<end].allSatisfy(isHostCharacter) else { return false }
    }
    if end == bytes.count { return true }
    let port = bytes[(end + 1)...]
    guard bytes[end] == .colon, (1...5).contains(port.count), port.allSatisfy(\.isDigit) else { return false }
    return port.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 65_535
  }

  /// The unreserved characters of a reg-name: hosts end up in links, so no escapes, quotes or commas.
  private static func isHostCharacter(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
  }
}
