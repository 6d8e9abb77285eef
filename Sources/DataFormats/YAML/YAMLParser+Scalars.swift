/// Plain and quoted scalars (YAML 1.2.2 section 7.3).
extension YAMLParser {
  /// Reads a plain scalar; lines that go on need `indent` spaces (section 7.3.3).
  mutating func plain(_ properties: YAMLProperties, _ indent: Int, isInFlow: Bool) throws(DataFault) {
    try checkPlainStart(isInFlow)
    let start = place
    let end = plainLine(isInFlow)
    guard byte() == Mark.lineFeed, let next = plainContinuation(indent, isInFlow) else {
      noteMerge(start..<end)
      return try addScalar(start..<end, style: .plain, at: start, properties)
    }
    let first = document.decoded.count
    document.decoded += bytes[start..<end]
    var line: Continuation? = next
    while let (begin, content, breaks) = line {
      fold(breaks)
      lineStart = begin
      place = content
      let end = plainLine(isInFlow)
      document.decoded += bytes[content..<end]
      line = byte() == Mark.lineFeed ? plainContinuation(indent, isInFlow) : nil
    }
    try addScalar(first..<document.decoded.count, isDecoded: true, style: .plain, at: start, properties)
  }

  /// The beginning of a further line of a scalar, of its content, and how many breaks are before it.
  typealias Continuation = (Int, Int, Int)

  /// Refuses what cannot begin a plain scalar (`ns-plain-first`).
  private func checkPlainStart(_ isInFlow: Bool) throws(DataFault) {
    switch byte() {
    case Mark.dash, Mark.question, Mark.colon:
      guard isGap(byte(1)) || isInFlow && Mark.isFlow(byte(1)) else { return }
    case Mark.comma, Mark.openBracket, Mark.closeBracket, Mark.openBrace, Mark.closeBrace, Mark.hash, Mark.ampersand,
      Mark.asterisk, Mark.exclamation,
      Mark.pipe, Mark.greater, Mark.singleQuote, Mark.doubleQuote, Mark.percent:
      break
    case UInt8(ascii: "@"), UInt8(ascii: "`"):
      throw fault("\(found()) is reserved and cannot begin a value: expected it within quotes")
    case 0, Mark.lineFeed: throw fault("\(found()) cannot stand here: expected a value")
    default: return
    }
    throw fault("\(found()) cannot begin a value here: expected a value, or it within quotes")
  }

  /// Goes over a line of a plain scalar to what ends it; gives back where its content ends (`nb-ns-plain-in-line`).
  private mutating func plainLine(_ isInFlow: Bool) -> Int {
    var index = place
    var end = index
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case Mark.space, Mark.tab:
        index += 1
        continue
      case Mark.lineFeed:
        place = index
        return end
      case Mark.colon:
        let next = self.byte(at: index + 1)
        if isGap(next) || isInFlow && Mark.isFlow(next) {
          place = index
          return end
        }
      case Mark.hash where end < index:
        place = index
        return end
      case Mark.comma, Mark.openBracket, Mark.closeBracket, Mark.openBrace, Mark.closeBrace:
        if isInFlow {
          place = index
          return end
        }
      default: break
      }
      index += 1
      end = index
    }
    place = index
    return end
  }

  /// Looks for a further line of a plain scalar behind the break at the place (`s-ns-plain-next-line`).
  private func plainContinuation(_ indent: Int, _ isInFlow: Bool) -> Continuation? {
    var index = place
    var breaks = 0
    while byte(at: index) == Mark.lineFeed {
      breaks += 1
      index += 1
      let begin = index
      while byte(at: index) == Mark.space { index += 1 }
      let spaces = index - begin
      while byte(at: index) == Mark.space || byte(at: index) == Mark.tab { index += 1 }
      let first = byte(at: index)
      if first == Mark.lineFeed { continue }
      guard first != 0, first != Mark.hash, spaces >= indent, index > begin || !isMarker(at: begin) else { return nil }
      if first == Mark.colon {
        let next = byte(at: index + 1)
        if isGap(next) || isInFlow && Mark.isFlow(next) { return nil }
      }
      return isInFlow && Mark.isFlow(first) ? nil : (begin, index, breaks)
    }
    return nil
  }

  /// Joins lines: one break is a space, more are one less (section 6.5).
  private mutating func fold(_ breaks: Int) {
    if breaks == 1 {
      document.decoded.append(Mark.space)
    } else {
      document.decoded.append(contentsOf: repeatElement(Mark.lineFeed, count: breaks - 1))
    }
  }

  private mutating func noteMerge(_ range: Range<Int>) {
    if range.count == 2, bytes[range.lowerBound] == UInt8(ascii: "<") { document.hasMerge = true }
  }

  /// Section 7.3.2.
  mutating func singleQuoted(_ properties: YAMLProperties, _ indent: Int) throws(DataFault) {
    let start = place
    place += 1
    let first = place
    while byte() != Mark.singleQuote, byte() != Mark.lineFeed, !isAtEnd { place += 1 }
    if byte() == Mark.singleQuote, byte(1) != Mark.singleQuote {
      place += 1
      return try addScalar(first..<place - 1, style: .single, at: start, properties)
    }
    let decoded = document.decoded.count
    document.decoded += bytes[first..<place]
    while true {
      switch byte() {
      case Mark.singleQuote where byte(1) == Mark.singleQuote:
        document.decoded.append(Mark.singleQuote)
        place += 2
      case Mark.singleQuote:
        place += 1
        return try addScalar(
          decoded..<document.decoded.count, isDecoded: true, style: .single, at: start, properties)
      case Mark.lineFeed: try foldQuoted(indent, from: decoded, start: start)
      case 0: throw unclosed(start)
      default:
        document.decoded.append(byte())
        place += 1
      }
    }
  }

  /// Section 7.3.1.
  mutating func doubleQuoted(_ properties: YAMLProperties, _ indent: Int) throws(DataFault) {
    let start = place
    place += 1
    let first = place
    while byte() != Mark.doubleQuote, byte() != Mark.lineFeed, byte() != Mark.backslash, !isAtEnd { place += 1 }
    if byte() == Mark.doubleQuote {
      place += 1
      return try addScalar(first..<place - 1, style: .double, at: start, properties)
    }
    let decoded = document.decoded.count
    // Blanks that were escaped stay, even at the end of a line.
    var kept = decoded
    document.decoded += bytes[first..<place]
    while true {
      switch byte() {
      case Mark.doubleQuote:
        place += 1
        return try addScalar(
          decoded..<document.decoded.count, isDecoded: true, style: .double, at: start, properties)
      case Mark.lineFeed: try foldQuoted(indent, from: kept, start: start)
      case Mark.backslash where byte(1) == Mark.lineFeed:
        place += 1
        let breaks = try skipBreaks(indent, start: start)
        document.decoded.append(contentsOf: repeatElement(Mark.lineFeed, count: breaks - 1))
        kept = document.decoded.count
      case Mark.backslash:
        try escape()
        kept = document.decoded.count
      case 0: throw unclosed(start)
      default:
        document.decoded.append(byte())
        place += 1
      }
    }
  }

  /// Ends a line within quotes: blanks around the break go, but those before `kept`.
  private mutating func foldQuoted(_ indent: Int, from kept: Int, start: Int) throws(DataFault) {
    while document.decoded.count > kept, let last = document.decoded.last, last == Mark.space || last == Mark.tab {
      document.decoded.removeLast()
    }
    fold(try skipBreaks(indent, start: start))
  }

  /// Goes over breaks, empty lines and the blanks before the next content of quotes; counts the breaks.
  private mutating func skipBreaks(_ indent: Int, start: Int) throws(DataFault) -> Int {
    var breaks = 0
    while byte() == Mark.lineFeed {
      breaks += 1
      place += 1
      lineStart = place
      if isMarker(at: place) {
        throw fault("a marker of documents stands within quotes: expected the closing quote before it")
      }
      while byte() == Mark.space { place += 1 }
      let spaces = column
      skipBlanks()
      guard spaces >= indent || byte() == Mark.lineFeed || isAtEnd else {
        throw fault("the line is indented by \(spaces): expected at least \(indent), for it is within quotes")
      }
    }
    return breaks
  }

  private func unclosed(_ start: Int) -> DataFault {
    fault("a quoted text does not end: expected \(byte(at: start) == Mark.singleQuote ? "'" : "\"")", at: start)
  }
}
