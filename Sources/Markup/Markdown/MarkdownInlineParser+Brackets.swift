/// Links, images and references to footnotes (CommonMark 0.31, sections 6.3 and 6.4).
extension MarkdownInlineParser {
  mutating func openBracket(isImage: Bool) {
    flush()
    let start = place
    place += isImage ? 2 : 1
    pending = place
    if !brackets.isEmpty { brackets[brackets.count - 1].holdsBracket = true }
    let node = append(MarkdownNode(.text, start..<place))
    brackets.append(MarkdownBracket(node: node, isImage: isImage, start: place, delimiter: lastDelimiter))
  }

  mutating func closeBracket() {
    let end = place
    place += 1
    guard let bracket = brackets.popLast() else { return }
    let mayBeLink = bracket.isImage || brackets.count >= withoutLinks
    withoutLinks = min(withoutLinks, brackets.count)
    guard mayBeLink else { return }
    if readInlineTarget() || readReferenceTarget(bracket, end) {
      finish(bracket, end)
    } else {
      readFootnote(bracket, end)
    }
  }

  /// Makes a link or an image of what stands since the bracket; its target is the last one.
  private mutating func finish(_ bracket: MarkdownBracket, _ end: Int) {
    let after = place
    place = end
    flush()
    place = after
    pending = after
    nodes[bracket.node].kind = bracket.isImage ? .startImage : .startLink
    nodes[bracket.node].target = Int32(targets.count - 1)
    matchDelimiters(above: bracket.delimiter)
    var node = MarkdownNode(bracket.isImage ? .endImage : .endLink, end..<after)
    node.target = Int32(targets.count - 1)
    append(node)
    if !bracket.isImage { withoutLinks = brackets.count }
  }

  /// Reads `(destination "title")` behind the closing bracket.
  private mutating func readInlineTarget() -> Bool {
    guard text[place] == UInt8(ascii: "(") else { return false }
    let scanner = MarkdownLinkScanner(text)
    guard let destination = scanner.destination(at: afterSpace(place + 1)) else { return false }
    let space = afterSpace(destination.end)
    let title = space > destination.end ? scanner.title(at: space) : nil
    let end = title.map { afterSpace($0.end) } ?? space
    guard text[end] == UInt8(ascii: ")") else { return false }
    place = end + 1
    let start = own.count
    MarkdownReference.unescape(text, destination.range, into: &own)
    let middle = own.count
    if let title { MarkdownReference.unescape(text, title.range, into: &own) }
    targets.append((start..<middle, middle..<own.count))
    return true
  }

  private func afterSpace(_ place: Int) -> Int {
    var place = place
    while ASCII.isSpace(text[place]) { place += 1 }
    return place
  }

  /// Looks up the label behind the closing bracket or, without one, what stands between the brackets.
  private mutating func readReferenceTarget(_ bracket: MarkdownBracket, _ end: Int) -> Bool {
    guard !references.targets.isEmpty else { return false }
    let scanner = MarkdownLinkScanner(text)
    let after = scanner.label(at: place).flatMap { !$0.isEmpty && scanner.isBlank($0) ? nil : $0 }
    var label = bracket.start..<end
    if let after, !after.isEmpty {
      label = after
    } else if bracket.holdsBracket || label.count > 4000 || scanner.label(at: bracket.start - 1) != label {
      return false
    }
    let key = MarkdownReferences.key(Array(text.slice(label))[...])
    guard let target = references.targets[key], target.count <= expansion else { return false }
    expansion -= target.count
    if let after { place = after.upperBound + 1 }
    let start = own.count
    own += references.text[target.destination]
    let middle = own.count
    own += references.text[target.title]
    targets.append((start..<middle, middle..<own.count))
    return true
  }

  /// Makes a reference to a footnote of `[^label]`, if the document has it.
  private mutating func readFootnote(_ bracket: MarkdownBracket, _ end: Int) {
    guard !references.footnotes.isEmpty, text[bracket.start] == UInt8(ascii: "^"), end > bracket.start + 1,
      end - bracket.start < 1000, !bracket.holdsBracket
    else { return }
    let label = bracket.start + 1..<end
    let key = MarkdownReferences.key(Array(text.slice(label))[...])
    guard references.footnotes[key] != nil else { return }
    matchDelimiters(above: bracket.delimiter)
    last = bracket.node
    nodes[last].next = -1
    nodes[last].end = nodes[last].start + (bracket.isImage ? 1 : 0)
    append(MarkdownNode(.footnote, label))
    pending = place
  }
}
