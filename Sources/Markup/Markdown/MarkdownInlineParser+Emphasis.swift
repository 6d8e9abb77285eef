/// Emphasis, strong emphasis and strikethrough (CommonMark 0.31, section 6.2; GFM, section 6.5).
extension MarkdownInlineParser {
  mutating func readDelimiters() {
    let byte = text[place]
    let start = place
    while text[place] == byte { place += 1 }
    let length = place - start
    let before = ScalarClass.before(start, in: text)
    let after = ScalarClass.at(place, in: text)
    let isLeft = after != .whitespace && (after == .other || before != .other)
    let isRight = before != .whitespace && (before == .other || after != .other)
    let isIntraword = byte == UInt8(ascii: "_")
    let opens = isLeft && (!isIntraword || !isRight || before == .punctuation)
    let closes = isRight && (!isIntraword || !isLeft || after == .punctuation)
    if byte == UInt8(ascii: "~"), length > 2 { return }
    guard opens || closes else { return }
    let end = place
    place = start
    flush()
    place = end
    pending = end
    let node = append(MarkdownNode(.text, start..<end))
    if lastDelimiter >= 0 {
      delimiters[lastDelimiter].next = delimiters.count
    } else {
      firstDelimiter = delimiters.count
    }
    delimiters.append(
      MarkdownDelimiter(
        node: node, byte: byte, length: length, count: length, opens: opens, closes: closes, previous: lastDelimiter))
    lastDelimiter = delimiters.count - 1
  }

  /// Matches the delimiters above one, which then are delimiters no more.
  mutating func matchDelimiters(above bottom: Int) {
    guard lastDelimiter > bottom else { return }
    var bounds = Array(repeating: bottom, count: MarkdownDelimiter.bounds)
    var closer = bottom >= 0 ? delimiters[bottom].next : firstDelimiter
    while closer >= 0 {
      guard delimiters[closer].closes else {
        closer = delimiters[closer].next
        continue
      }
      let bound = delimiters[closer].bound
      let opener = self.opener(of: closer, above: max(bottom, bounds[bound]))
      if opener >= 0 {
        closer = match(opener, closer)
      } else {
        bounds[bound] = delimiters[closer].previous
        let next = delimiters[closer].next
        if !delimiters[closer].opens { remove(closer) }
        closer = next
      }
    }
    lastDelimiter = bottom
    if bottom >= 0 { delimiters[bottom].next = -1 }
  }

  private func opener(of closer: Int, above bottom: Int) -> Int {
    var opener = delimiters[closer].previous
    while opener > bottom {
      if delimiters[closer].canEnd(delimiters[opener]) { return opener }
      opener = delimiters[opener].previous
    }
    return -1
  }

  /// Makes a style of the text between two delimiters and returns the closer to go on with.
  private mutating func match(_ opener: Int, _ closer: Int) -> Int {
    let isStrike = delimiters[opener].byte == UInt8(ascii: "~")
    let isStrong = delimiters[opener].count >= 2 && delimiters[closer].count >= 2
    let used = isStrike ? delimiters[closer].count : isStrong ? 2 : 1
    dropDelimiters(between: opener, and: closer)
    let first = delimiters[opener].node
    let second = delimiters[closer].node
    nodes[first].end -= Int32(used)
    nodes[second].start += Int32(used)
    let kinds: (start: MarkdownNode.Kind, end: MarkdownNode.Kind) =
      isStrike
      ? (.startStrikethrough, .endStrikethrough)
      : isStrong ? (.startStrong, .endStrong) : (.startEmphasis, .endEmphasis)
    insert(MarkdownNode(kinds.start, 0..<0), after: first)
    insert(MarkdownNode(kinds.end, 0..<0), after: Int(nodes[second].previous))
    delimiters[opener].count -= used
    delimiters[closer].count -= used
    if delimiters[opener].count == 0 { remove(opener) }
    guard delimiters[closer].count == 0 else { return closer }
    let next = delimiters[closer].next
    remove(closer)
    return next
  }

  private mutating func dropDelimiters(between opener: Int, and closer: Int) {
    delimiters[opener].next = closer
    delimiters[closer].previous = opener
  }

  private mutating func remove(_ delimiter: Int) {
    let previous = delimiters[delimiter].previous
    let next = delimiters[delimiter].next
    if previous >= 0 { delimiters[previous].next = next } else { firstDelimiter = next }
    if next >= 0 { delimiters[next].previous = previous } else { lastDelimiter = previous }
  }
}
