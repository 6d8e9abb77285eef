/// Documents, their markers and their directives (YAML 1.2.2 sections 6.8 and 9).
extension YAMLParser {
  /// Reads the next document of the stream into `document`; false where there is none.
  mutating func nextDocument() throws(DataFault) -> Bool {
    document = YAMLDocument()
    anchors.removeAll(keepingCapacity: true)
    handles.removeAll()
    guard try beginDocument() else { return false }
    if document.isMarked {
      place += 3
      try blockNode(parent: -1, .afterMarker)
    } else {
      try blockNode(parent: -1, .onLine)
    }
    guard indent < 0 else {
      throw fault("\(found()) cannot stand here: expected the end of the document, “---” or “...”")
    }
    if byte() == Mark.dot {
      try skipDocumentEnd()
      document.isClosed = true
    }
    return true
  }

  /// Goes over what is before a document to its first content or its `---`; false at the end of the stream.
  private mutating func beginDocument() throws(DataFault) -> Bool {
    var directives: Set<String> = []
    while true {
      nextContent()
      // A mark of the byte order may begin any document (section 5.2).
      if place == lineStart, byte() == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF {
        place += 3
        continue
      }
      let isDirective = place == lineStart && byte() == Mark.percent
      if isDirective, isFresh {
        try directive(&directives)
      } else if indent < 0, byte() == Mark.dash {
        document.isMarked = true
        isFresh = false
        return true
      } else if isAtEnd || indent < 0 || !directives.isEmpty {
        guard directives.isEmpty else {
          throw fault("\(found()) cannot stand here: expected “---” after the directives")
        }
        if isAtEnd { return false }
        try skipDocumentEnd()
      } else {
        guard isFresh else {
          throw fault("\(found()) cannot stand here: expected “---” or “...” before another document")
        }
        isFresh = false
        return true
      }
    }
  }

  private mutating func skipDocumentEnd() throws(DataFault) {
    place += 3
    skipBlanks()
    guard isAtLineEnd else {
      throw fault("\(found()) cannot stand here: expected the end of the line behind “...”")
    }
    skipLine()
    if !isAtEnd { place += 1 }
    lineStart = place
    isFresh = true
  }

  private mutating func directive(_ known: inout Set<String>) throws(DataFault) {
    let start = place
    place += 1
    let name = word()
    var parameters: [String] = []
    while true {
      skipBlanks()
      if isAtLineEnd { break }
      parameters.append(word())
    }
    switch name {
    case "": throw fault("expected the name of a directive behind “%”", at: start)
    case "YAML":
      guard known.insert(name).inserted else { throw fault("a second directive %YAML for one document", at: start) }
      try checkVersion(parameters, at: start)
    case "TAG":
      guard parameters.count == 2, Self.isHandle(parameters[0]), Self.isPrefix(parameters[1]) else {
        throw fault("the directive %TAG is incomplete: expected a handle like !name! and a prefix", at: start)
      }
      guard known.insert(parameters[0]).inserted else {
        throw fault("a second directive %TAG for the handle \(parameters[0])", at: start)
      }
      handles[parameters[0]] = try prefix(parameters[1])
    default:
      // Reserved ones are read over (section 6.8).
      known.insert("%")
    }
    skipLine()
  }

  private func checkVersion(_ parameters: [String], at start: Int) throws(DataFault) {
    // More versions than one are read over as a reserved directive would be: yaml-test-suite ZYU8/02.
    guard !parameters.isEmpty, parameters.allSatisfy(Self.isVersion) else {
      throw fault("the directive %YAML is wrong: expected a version like 1.2", at: start)
    }
    guard parameters[0].hasPrefix("1.") else {
      throw fault("version \(parameters[0]) of YAML is not known: expected 1.2", at: start, kind: .unsupported)
    }
  }

  private static func isVersion(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
  }

  private mutating func word() -> String {
    let start = place
    while !isGap(byte()) { place += 1 }
    return String(decoding: bytes[start..<place], as: UTF8.self)
  }

  private static func isHandle(_ text: String) -> Bool {
    guard text.utf8.first == Mark.exclamation, text.utf8.last == Mark.exclamation else { return false }
    return text.utf8.count < 3 || text.utf8.dropFirst().dropLast().allSatisfy(isWordCharacter)
  }

  /// Whether it begins as a local or global tag may (section 6.8.2.2, `ns-tag-prefix`).
  private static func isPrefix(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return first == Mark.exclamation || !Mark.isFlow(first)
  }

  private func prefix(_ text: String) throws(DataFault) -> String {
    var decoded: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == Mark.percent else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(Self.digit), let low = rest.popFirst().flatMap(Self.digit) else {
        throw fault("expected two hexadecimal digits behind “%” in the prefix of a tag", at: lineStart)
      }
      decoded.append(high << 4 | low)
    }
    return String(decoding: decoded, as: UTF8.self)
  }
}
