/// Literal and folded scalars (YAML 1.2.2 section 8.1).
extension YAMLParser {
  /// What becomes of the breaks at the end (section 8.1.1.2).
  private enum Chomping { case strip, clip, keep }

  /// Reads a block scalar from its indicator on, and goes to the content behind it.
  mutating func blockScalar(parent: Int, _ properties: YAMLProperties) throws(DataFault) {
    let start = place
    let isFolded = byte() == Mark.greater
    let (digit, chomping) = try blockHeader()
    // At the top a stated indentation counts from 0, as every writer has it, and not from -1.
    let indent = if let digit { max(parent, 0) + digit } else { try detectedIndent(least: parent + 1) }
    let first = document.decoded.count
    var breaks = 0
    var hasText = false
    var wasMore = false
    while !isAtEnd {
      let line = place
      while byte() == Mark.space, place - line < indent { place += 1 }
      if byte() == Mark.lineFeed || isAtEnd {
        breaks += 1
        if !isAtEnd { place += 1 }
        continue
      }
      if place - line < indent || place == line && isMarker(at: line) {
        place = line
        break
      }
      let isMore = byte() == Mark.space || byte() == Mark.tab
      if isFolded, hasText, breaks == 1, !isMore, !wasMore {
        document.decoded.append(Mark.space)
      } else {
        let count = isFolded && hasText && !isMore && !wasMore ? breaks - 1 : breaks
        document.decoded.append(contentsOf: repeatElement(Mark.lineFeed, count: count))
      }
      let text = place
      skipLine()
      document.decoded += bytes[text..<place]
      hasText = true
      wasMore = isMore
      // The end of the text ends a line as well: yaml-test-suite L24T/01.
      breaks = 1
      if !isAtEnd { place += 1 }
    }
    let kept = chomping == .keep ? breaks : chomping == .clip && hasText ? min(breaks, 1) : 0
    document.decoded.append(contentsOf: repeatElement(Mark.lineFeed, count: kept))
    try addScalar(
      first..<document.decoded.count, isDecoded: true, style: isFolded ? .folded : .literal, at: start, properties)
    try endBlockScalar()
  }

  /// Reads `|` or `>` with its indicators (section 8.1.1).
  private mutating func blockHeader() throws(DataFault) -> (Int?, Chomping) {
    place += 1
    var digit: Int?
    var chomping: Chomping?
    while true {
      if 0x31...0x39 ~= byte(), digit == nil {
        digit = Int(byte() - 0x30)
      } else if byte() == Mark.dash || byte() == UInt8(ascii: "+"), chomping == nil {
        chomping = byte() == Mark.dash ? .strip : .keep
      } else {
        break
      }
      place += 1
    }
    skipBlanks()
    guard isAtLineEnd else {
      throw fault("\(found()) cannot stand behind “|” or “>”: expected 1 to 9, “+”, “-”, or the text on the next line")
    }
    skipLine()
    if !isAtEnd { place += 1 }
    return (digit, chomping ?? .clip)
  }

  /// The indentation of the first line with text; where there is none, of the longest empty line.
  private func detectedIndent(least: Int) throws(DataFault) -> Int {
    var index = place
    var most = 0
    var mostPlace = place
    while true {
      let line = index
      while byte(at: index) == Mark.space { index += 1 }
      let spaces = index - line
      if byte(at: index) == Mark.lineFeed {
        if spaces > most { (most, mostPlace) = (spaces, line) }
        index += 1
        continue
      }
      let isText = index < bytes.count && spaces >= least && !(spaces == 0 && isMarker(at: line))
      guard isText else { return max(least, most, index < bytes.count ? 0 : spaces) }
      guard most <= spaces else {
        throw fault(
          "the empty line has \(most) spaces, more than the text below it: expected at most \(spaces)", at: mostPlace)
      }
      return spaces
    }
  }

  /// Goes to the next content; the first line behind the scalar has no tabs before it (`l-trail-comments`).
  private mutating func endBlockScalar() throws(DataFault) {
    var index = place
    while byte(at: index) == Mark.space { index += 1 }
    if byte(at: index) == Mark.tab {
      throw fault("a tab stands where the text of a block scalar is indented: expected spaces", at: index)
    }
    nextContent()
  }
}
