/// The fields that decide framing and routing, each checked as it is read (RFC 9112 section 6).
struct KnownFields {
  /// A larger Content-Length could not be told from its neighbours by a peer that counts in doubles.
  static let largestLength: Int64 = 1 << 53

  private(set) var host: String?
  private(set) var expectsContinue = false
  private(set) var wantsClose = false
  private var length: Int64?
  private var isChunked = false
  private var hasContentType = false
  private var hasOtherCoding = false
  private var hasCoding = false

  mutating func note(_ bytes: UnsafeRawBufferPointer, _ field: FieldLine) throws(HTTPFailure) {
    switch field.name.count {
    case 4 where bytes.equals("host", in: field.name):
      guard host == nil else { throw .malformed("there is more than one Host field") }
      guard RequestTarget.isAuthority(UnsafeRawBufferPointer(rebasing: bytes[field.value])) else {
        throw .malformed("the Host field is not a host")
      }
      host = bytes.text(field.value)
    case 6 where bytes.equals("expect", in: field.name):
      guard bytes.equals("100-continue", in: field.value), !expectsContinue else { throw .expectationFailed }
      expectsContinue = true
    case 10 where bytes.equals("connection", in: field.name):
      noteConnection(bytes, field.value)
    case 12 where bytes.equals("content-type", in: field.name):
      // Two of them would let a filter and a handler read the same body differently.
      guard !hasContentType else { throw .malformed("there is more than one Content-Type field") }
      hasContentType = true
    case 14 where bytes.equals("content-length", in: field.name):
      guard length == nil else { throw .malformed("there is more than one Content-Length field") }
      length = try KnownFields.length(bytes, field.value)
    case 17 where bytes.equals("transfer-encoding", in: field.name):
      guard !hasCoding else { throw .malformed("there is more than one Transfer-Encoding field") }
      hasCoding = true
      isChunked = bytes.equals("chunked", in: field.value)
      hasOtherCoding = !isChunked
    default: break
    }
  }

  /// How the body is framed; everything that two servers could read differently is refused.
  func framing(isVersion11: Bool) throws(HTTPFailure) -> RequestHead.Framing {
    if hasCoding {
      guard isVersion11 else { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
      guard length == nil else { throw .malformed("both Content-Length and Transfer-Encoding are given") }
      guard !hasOtherCoding else { throw .unknownCoding }
      return .chunked
    }
    return .length(length ?? 0)
  }

  /// 1*DIGIT and nothing else: no sign, no list, no space (RFC 9110 section 8.6).
  private static func length(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTPFailure) -> Int64 {
    guard (1...19).contains(range.count), bytes[range].allSatisfy(\.isDigit) else {
      throw .malformed("the Content-Length is not a number of bytes")
    }
    var value: Int64 = 0
    for byte in bytes[range] {
      value = value * 10 + Int64(byte - 0x30)
      guard value <= largestLength else { throw .malformed("the Content-Length is too large") }
    }
    return value
  }

  private mutating func noteConnection(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    var start = range.lowerBound
    while start < range.upperBound {
      let comma = bytes[start..<range.upperBound].firstIndex(of: 0x2C) ?? range.upperBound
      if bytes.equals("close", in: bytes.trimmed(start..<comma)) { wantsClose = true }
      start = comma + 1
    }
  }
}
