/// What is between the tags of elements that hold no others.
extension HTMLTokenizer {
  mutating func readRawText() -> HTMLToken? {
    let start = place
    while !isAtEnd, text[place] != UInt8(ascii: "<"), text[place] != UInt8(ascii: "&") { place += 1 }
    appendReplacingNull(start..<place)
    if isAtEnd { return nil }
    if text[place] == UInt8(ascii: "&"), model == .escapableRawText {
      readReferenceIntoText()
      return nil
    }
    if text[place] == UInt8(ascii: "<"), isEndTag(at: place) { return readEndTag() }
    pending.append(text[place])
    place += 1
    return nil
  }

  /// Whether the end tag of the last start tag begins at a place.
  private func isEndTag(at place: Int) -> Bool {
    guard text[place + 1] == UInt8(ascii: "/"), !lastStart.isEmpty else { return false }
    let end = place + 2 + lastStart.count
    guard end < text.count, Self.endsName(text[end]) else { return false }
    return lastStart.indices.allSatisfy { ASCII.lower(text[place + 2 + $0]) == lastStart[$0] }
  }

  private mutating func readEndTag() -> HTMLToken? {
    place += 2
    model = .data
    return readTag(isEnd: true)
  }

  mutating func readSection() {
    let end = text.find("]]>", from: place) ?? text.count
    pending.append(contentsOf: text.slice(place..<end))
    place = min(end + 3, text.count)
    model = .data
  }

  /// How deep a script is in what old browsers would have taken for a comment.
  private enum Escape {
    case none
    case once
    case twice
  }

  /// Reads a script up to its end tag (HTML Standard, sections 13.2.5.15 to 13.2.5.31).
  mutating func readScript() -> HTMLToken? {
    let start = place
    var escape = Escape.none
    var dashes = 0
    while !isAtEnd {
      let byte = text[place]
      if byte == UInt8(ascii: "<") {
        if escape != .twice, isEndTag(at: place) {
          appendReplacingNull(start..<place)
          return readEndTag()
        }
        readLess(&escape, &dashes)
        continue
      }
      if byte == UInt8(ascii: ">"), dashes >= 2 { escape = .none }
      dashes = byte == UInt8(ascii: "-") && escape != .none ? dashes + 1 : 0
      place += 1
    }
    appendReplacingNull(start..<place)
    return nil
  }

  private mutating func readLess(_ escape: inout Escape, _ dashes: inout Int) {
    dashes = 0
    switch escape {
    case .none:
      if text.matches("!--", at: place + 1) {
        escape = .once
        dashes = 2
        place += 4
      } else {
        place += 1
      }
    case .once:
      place += 1
      if ASCII.isLetter(text[place]), readsScript() { escape = .twice }
    case .twice:
      place += 1
      if text[place] == UInt8(ascii: "/") {
        place += 1
        if readsScript() { escape = .once }
      }
    }
  }

  /// Takes the letters that follow and what ends them; true where they are `script`.
  private mutating func readsScript() -> Bool {
    let start = place
    while ASCII.isLetter(text[place]) { place += 1 }
    guard !isAtEnd, Self.endsName(text[place]) else { return false }
    let isScript = place - start == 6 && text.matches("script", at: start)
    place += 1
    return isScript
  }
}
