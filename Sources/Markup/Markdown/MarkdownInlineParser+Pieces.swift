/// Line ends, code, escapes, character references and what stands in angle brackets.
extension MarkdownInlineParser {
  mutating func readLineEnd() {
    let end = place
    var start = place
    while start > pending, ASCII.isBlank(text[start - 1]) { start -= 1 }
    let isHard = start <= end - 2 && text[end - 1] == UInt8(ascii: " ") && text[end - 2] == UInt8(ascii: " ")
    place = start
    flush()
    append(MarkdownNode(isHard ? .hardBreak : .softBreak, end..<end + 1))
    place = text.afterBlanks(end + 1)
    pending = place
  }

  mutating func readEscape() {
    if text[place + 1] == UInt8(ascii: "\n") {
      flush()
      append(MarkdownNode(.hardBreak, place..<place + 2))
      place = text.afterBlanks(place + 2)
      pending = place
    } else if ASCII.isPunctuation(text[place + 1]) {
      flush()
      pending = place + 1
      place += 2
    } else {
      place += 1
    }
  }

  mutating func readReference() {
    let start = own.count
    guard let end = MarkdownReference.read(text, at: place, into: &own) else {
      place += 1
      return
    }
    flush()
    appendOwn(from: start)
    place = end
    pending = end
  }

  mutating func readCode() {
    let start = place
    while text[place] == UInt8(ascii: "`") { place += 1 }
    let length = place - start
    guard (lastBackticks(of: length) ?? -1) > start, let end = closingBackticks(of: length) else { return }
    let after = place
    place = start
    flush()
    append(MarkdownNode(.code, withoutPadding(after..<end)))
    place = end + length
    pending = place
  }

  private mutating func lastBackticks(of length: Int) -> Int? {
    if backticks == nil {
      var lengths: [Int: Int] = [:]
      var next = text.first(UInt8(ascii: "`"), from: 0)
      while let start = next {
        var end = start
        while text[end] == UInt8(ascii: "`") { end += 1 }
        lengths[end - start] = start
        next = text.first(UInt8(ascii: "`"), from: end)
      }
      backticks = lengths
    }
    return backticks?[length]
  }

  private func closingBackticks(of length: Int) -> Int? {
    var next = text.first(UInt8(ascii: "`"), from: place)
    while let start = next {
      var end = start
      while text[end] == UInt8(ascii: "`") { end += 1 }
      if end - start == length { return start }
      next = text.first(UInt8(ascii: "`"), from: end)
    }
    return nil
  }

  /// The code without one space or line end at each end, if it has both and is not blank.
  private func withoutPadding(_ code: Range<Int>) -> Range<Int> {
    func isPadding(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }
    guard code.count > 1, isPadding(text[code.lowerBound]), isPadding(text[code.upperBound - 1]),
      text.slice(code).contains(where: { !isPadding($0) })
    else { return code }
    return code.lowerBound + 1..<code.upperBound - 1
  }

  mutating func readAngle() {
    if readAutolink() { return }
    guard let end = rawEnd() else {
      place += 1
      return
    }
    flush()
    append(MarkdownNode(.html, place..<end))
    place = end
    pending = end
  }

  /// Where the raw HTML that begins here ends, or nil.
  private mutating func rawEnd() -> Int? {
    switch text[place + 1] {
    case UInt8(ascii: "!"): declarationEnd()
    case UInt8(ascii: "?"): end("?>", from: place + 2, &missing.instruction)
    default: MarkdownTagScanner(text).tag(at: place)
    }
  }

  private mutating func declarationEnd() -> Int? {
    if text.matches("--", at: place + 2) {
      if text[place + 4] == UInt8(ascii: ">") { return place + 5 }
      if text.matches("->", at: place + 4) { return place + 6 }
      return end("-->", from: place + 4, &missing.comment)
    }
    if text.matches("[cdata[", at: place + 2) {
      return text[place + 3] == UInt8(ascii: "C") ? end("]]>", from: place + 9, &missing.section) : nil
    }
    return ASCII.isLetter(text[place + 2]) ? end(">", from: place + 3, &missing.declaration) : nil
  }

  private func end(_ mark: StaticString, from start: Int, _ isMissing: inout Bool) -> Int? {
    guard !isMissing else { return nil }
    if let found = text.find(mark, from: start) { return found + mark.utf8CodeUnitCount }
    isMissing = true
    return nil
  }

  /// Reads an address in angle brackets (CommonMark 0.31, section 6.5).
  private mutating func readAutolink() -> Bool {
    let address = MarkdownAddress(text)
    if let end = address.uri(at: place + 1) {
      appendLink(place + 1..<end, prefix: "")
      place = end + 1
    } else if let end = address.mail(at: place + 1) {
      appendLink(place + 1..<end, prefix: "mailto:")
      place = end + 1
    } else {
      return false
    }
    pending = place
    return true
  }

  /// Appends a link that shows its own address.
  mutating func appendLink(_ range: Range<Int>, prefix: StaticString) {
    flush()
    let start = own.count
    own.append(prefix)
    own.append(contentsOf: text.slice(range))
    var node = MarkdownNode(.startLink, range)
    node.target = Int32(targets.count)
    targets.append((start..<own.count, own.count..<own.count))
    append(node)
    append(MarkdownNode(.text, range))
    node.kind = .endLink
    append(node)
  }
}
