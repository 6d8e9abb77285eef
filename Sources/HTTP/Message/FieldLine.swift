/// One `name: value` line as ranges of the buffer it was read from (RFC 9112 section 5).
struct FieldLine {
  let name: Range<Int>
  let value: Range<Int>

  /// Refuses folding, space around the name and control characters.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(HTTPFailure) {
    var colon = range.lowerBound
    while colon < range.upperBound, bytes[colon].isToken { colon += 1 }
    guard colon > range.lowerBound, colon < range.upperBound, bytes[colon] == .colon else {
      throw .malformed("a header line does not begin with a name and a colon")
    }
    for index in (colon + 1)..<range.upperBound where !bytes[index].isFieldValue {
      throw .malformed("a header value has a control character")
    }
    name = range.lowerBound..<colon
    value = bytes.trimmed((colon + 1)..<range.upperBound)
  }
}
