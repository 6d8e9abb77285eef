import Glibc

// The standard library's own kind of these comes with its regular expressions, a megabyte of the program, and goes by
// characters: these go by bytes, as files and protocols do.

/// Where the bytes `wanted`, at least one, stand first.
private func position(of wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
  guard let start = bytes.baseAddress, let what = wanted.baseAddress else { return nil }
  var from = 0
  while bytes.count - from >= wanted.count,
    let found = memchr(start + from, Int32(what[0]), bytes.count - from - wanted.count + 1)
  {
    let place = UnsafeRawPointer(found) - UnsafeRawPointer(start)
    if memcmp(found, what, wanted.count) == 0 { return place }
    from = place + 1
  }
  return nil
}

extension Substring {
  /// Where `other` stands first; nil for an empty one.
  package func firstRange(of other: String) -> Range<Index>? {
    guard !other.isEmpty else { return nil }
    var text = self
    var wanted = other
    let place = text.withUTF8 { bytes in wanted.withUTF8 { position(of: $0, in: bytes) } }
    return place.map { place in
      let start = utf8.index(startIndex, offsetBy: place)
      return start..<utf8.index(start, offsetBy: other.utf8.count)
    }
  }

  package func contains(_ other: String) -> Bool { other.isEmpty || firstRange(of: other) != nil }

  /// The same with each `other`, from the left, become `replacement`.
  package func replacing(_ other: String, with replacement: String) -> String {
    var result = ""
    var rest = self
    while let range = rest.firstRange(of: other) {
      result += rest[..<range.lowerBound]
      result += replacement
      rest = rest[range.upperBound...]
    }
    return result + rest
  }

  /// What stands between `separator`, with empty parts.
  package func parts(between separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}

extension String {
  /// Where `other` stands first; nil for an empty one.
  package func firstRange(of other: String) -> Range<Index>? { self[...].firstRange(of: other) }

  package func contains(_ other: String) -> Bool { self[...].contains(other) }

  /// The same with each `other`, from the left, become `replacement`.
  package func replacing(_ other: String, with replacement: String) -> String {
    self[...].replacing(other, with: replacement)
  }

  /// What stands between `separator`, with empty parts.
  package func parts(between separator: String) -> [Substring] { self[...].parts(between: separator) }
}

extension RandomAccessCollection<UInt8> where Index == Int {
  /// Where these bytes stand first; nil for none.
  package func firstRange(of other: [UInt8]) -> Range<Int>? {
    guard let first = other.first else { return nil }
    var start = startIndex
    while let place = self[start...].firstIndex(of: first), endIndex - place >= other.count {
      if self[place..<place + other.count].elementsEqual(other) { return place..<place + other.count }
      start = place + 1
    }
    return nil
  }

  package func contains(_ other: [UInt8]) -> Bool { other.isEmpty || firstRange(of: other) != nil }
}
