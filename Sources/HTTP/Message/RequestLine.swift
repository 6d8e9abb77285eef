/// The first line of a request: `method SP target SP HTTP/1.x` and nothing looser (RFC 9112 section 3).
struct RequestLine {
  let method: Method
  let text: String
  let target: RequestTarget
  let isVersion11: Bool

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTPFailure) {
    let line = bytes[range]
    guard let first = line.firstIndex(of: .space), let second = line[(first + 1)...].firstIndex(of: .space),
      !line[(second + 1)...].contains(.space), first > range.lowerBound, second > first + 1
    else { throw .malformed("the request line is not method, target and version") }
    let name = range.lowerBound..<first
    guard bytes[name].allSatisfy(\.isToken) else { throw .malformed("the method is not a token") }
    isVersion11 = try RequestLine.version(bytes, (second + 1)..<range.upperBound)
    guard let method = RequestLine.method(bytes, name) else { throw .unknownMethod }
    self.method = method
    target = try RequestTarget(UnsafeRawBufferPointer(rebasing: bytes[(first + 1)..<second]), method: method)
    text = bytes.text((first + 1)..<second)
  }

  private static func method(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Method? {
    guard range.count <= 7 else { return nil }
    return Method(rawValue: bytes.text(range))
  }

  /// True for 1.1 and the later minor versions, which a 1.1 server answers as 1.1 (RFC 9110 section 2.5).
  private static func version(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTPFailure) -> Bool {
    let word = UnsafeRawBufferPointer(rebasing: bytes[range])
    guard word.count == 8, word.starts(with: "HTTP/".utf8), word[5].isDigit, word[6] == 0x2E, word[7].isDigit else {
      throw .malformed("the version is not HTTP/ and two digits with a dot")
    }
    guard word[5] == 0x31 else { throw .versionNotSupported }
    return word[7] != 0x30
  }
}
