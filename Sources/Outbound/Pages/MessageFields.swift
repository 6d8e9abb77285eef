/// The fields of a message's head, and what of them a proxy passes on (RFC 9110 section 7.6.1).
struct MessageFields {
  struct Field {
    /// In lower case.
    let key: String
    let name: ArraySlice<UInt8>
    /// Without the white space around it.
    let value: ArraySlice<UInt8>
  }

  /// What concerns one connection alone, or this proxy.
  private static let ofConnection: Set<String> = [
    "connection", "keep-alive", "te", "upgrade", "transfer-encoding", "content-length", "http2-settings",
  ]

  private(set) var all: [Field] = []

  /// Reads lines without their ends, strictly; nil for a line that is no field (RFC 9112 section 5).
  init?(strict lines: ArraySlice<ArraySlice<UInt8>>) {
    for line in lines {
      guard let field = MessageFields.field(line), field.key.utf8.count == field.name.count else { return nil }
      all.append(field)
    }
  }

  /// Reads the lines of an answer: a folded one is joined (RFC 9112 section 5.2), white space before a colon goes, and what is
  /// no field is left out; nil when a value has control characters.
  init?(lenient lines: ArraySlice<ArraySlice<UInt8>>) {
    var joined: [ArraySlice<UInt8>] = []
    for line in lines {
      if let first = line.first, MessageFields.isSpace(first) {
        guard let last = joined.popLast() else { continue }
        joined.append((last + [0x20] + line)[...])
      } else {
        joined.append(line)
      }
    }
    for line in joined {
      guard line.allSatisfy(MessageFields.isSound) else { return nil }
      guard let colon = line.firstIndex(of: 0x3A) else { continue }
      let name = MessageFields.trimmed(line[..<colon])
      if let field = MessageFields.field((name + line[colon...])[...]) { all.append(field) }
    }
  }

  /// The count of bytes of a head, up to and with the first empty line; `start` is where the search goes on.
  static func end(of bytes: [UInt8], from start: Int) -> Int? {
    var index = max(0, start - 2)
    while let feed = bytes[index...].firstIndex(of: 0x0A) {
      let next = bytes[(feed + 1)...].prefix(2)
      if next.first == 0x0A { return feed + 2 }
      if next.elementsEqual([0x0D, 0x0A]) { return feed + 3 }
      index = feed + 1
    }
    return nil
  }

  /// The values of the fields of a name in lower case.
  func values(_ key: String) -> [String] {
    all.filter { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) }
  }

  /// The words of a list that may stand in several fields, in lower case.
  func words(_ key: String) -> [String] {
    values(key).flatMap { $0.split(separator: ",") }.map { word in
      String(word.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }).lowercased()
    }
  }

  /// Writes what concerns both ends, but for the fields of the `left` names; how the body is framed is written apart.
  func write(to bytes: inout [UInt8], leaving left: Set<String> = []) {
    let named = Set(words("connection"))
    for field in all {
      let key = field.key
      if MessageFields.ofConnection.contains(key) || left.contains(key) || named.contains(key)
        || key.hasPrefix("proxy-")
      {
        continue
      }
      bytes += field.name
      bytes += [0x3A, 0x20]
      bytes += field.value
      bytes += [0x0D, 0x0A]
    }
  }

  private static func field(_ line: ArraySlice<UInt8>) -> Field? {
    guard let colon = line.firstIndex(of: 0x3A), colon > line.startIndex else { return nil }
    let name = line[..<colon]
    let value = line[(colon + 1)...]
    guard name.allSatisfy(isToken), value.allSatisfy(isSound) else { return nil }
    return Field(key: String(decoding: name, as: UTF8.self).lowercased(), name: name, value: trimmed(value))
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  private static func isSound(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == 0x09 }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let start = bytes.drop(while: isSpace)
    guard let last = start.lastIndex(where: { !isSpace($0) }) else { return [] }
    return start[...last]
  }

  /// A character of a token (RFC 9110 section 5.6.2).
  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
    default: false
    }
  }
}
