import Glibc

/// Why a text is not JSON: what is wrong and at which byte.
package struct JSONFailure: Error, Equatable, CustomStringConvertible {
  package let problem: String
  package let offset: Int

  package var description: String { "\(problem) at byte \(offset)" }
}

/// Reads exactly what RFC 8259 allows: nothing lenient, UTF-8 only, at most 512 levels deep.
package struct JSONReader {
  /// Whose document it is.
  package enum Origin {
    case ours
    /// Anybody's: no member of an object may come twice, no name be very long, and no text have very many marks on a
    /// letter. Two readers could take two of them for different things, and the others cost more than they are long.
    case client
    /// A browser's: it writes half of a surrogate pair as it stands in a page's text, and each becomes U+FFFD.
    case browser
  }

  static let deepest = 512
  /// Bytes of the name of a member in a client's document.
  static let longestName = 128
  /// Up to so many members are compared one by one.
  private static let fewMembers = 8

  private let source: [UInt8]
  private let origin: Origin
  private var offset = 0

  /// Parses a whole document; anything but white space after it is an error.
  package static func parse(
    _ bytes: some Sequence<UInt8>, from origin: Origin = .ours
  ) throws(JSONFailure) -> JSONValue {
    var reader = JSONReader(source: Array(bytes), origin: origin)
    reader.skipSpace()
    let value = try reader.value(depth: 0)
    reader.skipSpace()
    if reader.offset < reader.source.count { throw reader.failure("text after the document") }
    return value
  }

  private init(source: [UInt8], origin: Origin) {
    self.source = source
    self.origin = origin
  }

  private var isChecked: Bool { origin == .client }
  private var next: UInt8? { offset < source.count ? source[offset] : nil }

  private func failure(_ problem: String) -> JSONFailure {
    JSONFailure(problem: problem, offset: offset)
  }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
  }

  private mutating func value(depth: Int) throws(JSONFailure) -> JSONValue {
    guard depth < JSONReader.deepest else { throw failure("nested more than \(JSONReader.deepest) levels deep") }
    switch next {
    case 0x7B: return try object(depth: depth)
    case 0x5B: return try array(depth: depth)
    case 0x22: return .string(try string())
    case 0x74: return try literal("true", .boolean(true))
    case 0x66: return try literal("false", .boolean(false))
    case 0x6E: return try literal("null", .null)
    case .some(0x2D), .some(0x30...0x39): return try number()
    case nil: throw failure("the text ends where a value is expected")
    default: throw failure("not a value")
    }
  }

  private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONFailure) -> JSONValue {
    let count = word.utf8CodeUnitCount
    let matches = word.withUTF8Buffer { $0.elementsEqual(source[offset...].prefix(count)) }
    guard matches else { throw failure("not a value") }
    offset += count
    return value
  }

  private mutating func object(depth: Int) throws(JSONFailure) -> JSONValue {
    offset += 1
    var members: [(name: String, value: JSONValue)] = []
    var names: Set<String> = []
    skipSpace()
    if next == 0x7D {
      offset += 1
      return .object(members)
    }
    while true {
      skipSpace()
      guard next == 0x22 else { throw failure("a member name is expected") }
      let name = try string()
      if isChecked { try check(name, after: members, &names) }
      skipSpace()
      guard next == 0x3A else { throw failure("a colon is expected") }
      offset += 1
      skipSpace()
      members.append((name, try value(depth: depth + 1)))
      skipSpace()
      if next == 0x2C {
        offset += 1
      } else if next == 0x7D {
        offset += 1
        return .object(members)
      } else {
        throw failure("a comma or the end of the object is expected")
      }
    }
  }

  /// Refuses a name that is too long or has come before; `names` has the earlier ones once there are more than a few.
  private func check(
    _ name: String, after members: [(name: String, value: JSONValue)], _ names: inout Set<String>
  ) throws(JSONFailure) {
    guard name.utf8.count <= JSONReader.longestName else {
      throw failure("a member name of more than \(JSONReader.longestName) bytes")
    }
    let isKnown: Bool
    if members.count <= JSONReader.fewMembers {
      isKnown = members.contains { $0.name == name }
    } else {
      if names.isEmpty { names = Set(members.map(\.name)) }
      isKnown = !names.insert(name).inserted
    }
    if isKnown { throw failure("the member \"\(name)\" comes twice") }
  }

  private mutating func array(depth: Int) throws(JSONFailure) -> JSONValue {
    offset += 1
    var elements: [JSONValue] = []
    skipSpace()
    if next == 0x5D {
      offset += 1
      return .array(elements)
    }
    while true {
      skipSpace()
      elements.append(try value(depth: depth + 1))
      skipSpace()
      if next == 0x2C {
        offset += 1
      } else if next == 0x5D {
        offset += 1
        return .array(elements)
      } else {
        throw failure("a comma or the end of the array is expected")
      }
    }
  }

  /// RFC 8259 section 6: no leading zero, no plus sign, digits on both sides of the point.
  private mutating func number() throws(JSONFailure) -> JSONValue {
    let start = offset
    var isInteger = true
    if next == 0x2D { offset += 1 }
    if next == 0x30 { offset += 1 } else { try digits() }
    if next == 0x2E {
      isInteger = false
      offset += 1
      try digits()
    }
    if next == 0x65 || next == 0x45 {
      isInteger = false
      offset += 1
      if next == 0x2B || next == 0x2D { offset += 1 }
      try digits()
    }
    let text = String(decoding: source[start..<offset], as: UTF8.self)
    if isInteger, let integer = Int64(text) { return .integer(integer) }
    return .number(strtod(text, nil))
  }

  private mutating func digits() throws(JSONFailure) {
    guard let first = next, (0x30...0x39).contains(first) else { throw failure("a digit is expected") }
    while let byte = next, (0x30...0x39).contains(byte) { offset += 1 }
  }

  private mutating func string() throws(JSONFailure) -> String {
    offset += 1
    var bytes: [UInt8] = []
    var start = offset
    while let byte = next {
      switch byte {
      case 0x22:
        bytes.append(contentsOf: source[start..<offset])
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("not UTF-8") }
        if isChecked, !CombiningMarks.areFew(in: text) {
          throw failure("more than \(CombiningMarks.most) combining marks in a row")
        }
        offset += 1
        return text
      case 0x5C:
        bytes.append(contentsOf: source[start..<offset])
        offset += 1
        try escape(into: &bytes)
        start = offset
      case 0..<0x20: throw failure("a control character in a string")
      default: offset += 1
      }
    }
    throw failure("a string without its end")
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(JSONFailure) {
    let letter = next
    offset += 1
    switch letter {
    case 0x22, 0x5C, 0x2F: bytes.append(letter ?? 0)
    case 0x62: bytes.append(0x08)
    case 0x66: bytes.append(0x0C)
    case 0x6E: bytes.append(0x0A)
    case 0x72: bytes.append(0x0D)
    case 0x74: bytes.append(0x09)
    case 0x75: bytes.append(contentsOf: String(Character(try escapedScalar())).utf8)
    default: throw failure("an unknown escape")
    }
  }

  /// A surrogate counts only as half of a pair; a lone one is refused, or of a browser taken for what cannot be told.
  private mutating func escapedScalar() throws(JSONFailure) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    let place = offset
    if (0xD800..<0xDC00).contains(first), next == 0x5C, offset + 1 < source.count, source[offset + 1] == 0x75 {
      offset += 2
      let second = try hexadecimal()
      if (0xDC00..<0xE000).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      {
        return scalar
      }
    }
    guard origin == .browser else { throw failure("half of a surrogate pair") }
    offset = place
    return "\u{FFFD}"
  }

  private mutating func hexadecimal() throws(JSONFailure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Hexadecimal.value(of: byte) else {
        throw failure("four hexadecimal digits are expected")
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
