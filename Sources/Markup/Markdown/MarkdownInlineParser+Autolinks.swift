/// Addresses without angle brackets (GFM, section 6.9).
extension MarkdownInlineParser {
  /// Reads `www.` and what follows it.
  mutating func readWebLink() {
    guard text[place + 1] == UInt8(ascii: "w"), !waitsForBracket(), let end = MarkdownWebAddress(text).web(at: place)
    else {
      place += 1
      return
    }
    appendLink(place..<end, prefix: "http://")
    place = end
    pending = end
  }

  /// Reads an address whose scheme ends here.
  mutating func readSchemeLink() {
    guard text[place + 1] == UInt8(ascii: "/"), !waitsForBracket(),
      let range = MarkdownWebAddress(text).uri(colon: place, notBefore: pending)
    else {
      place += 1
      return
    }
    place = range.lowerBound
    appendLink(range, prefix: "")
    place = range.upperBound
    pending = place
  }

  /// An address after an open bracket may be a part of a link's text; it is looked for when that is known.
  private mutating func waitsForBracket() -> Bool {
    if !brackets.isEmpty { mayHoldAddress = true }
    return !brackets.isEmpty
  }

  /// Makes links of the addresses in texts that are in no link.
  mutating func findAddresses() {
    var node = nodes.isEmpty ? -1 : 0
    var links = 0
    while node >= 0 {
      switch nodes[node].kind {
      case .startLink: links += 1
      case .endLink: links -= 1
      case .text where links == 0 && !nodes[node].isOwn:
        join(node)
        node = splitAtAddresses(node)
      default: break
      }
      node = Int(nodes[node].next)
    }
  }

  /// Takes the texts that follow in the leaf without a gap into a node.
  private mutating func join(_ node: Int) {
    while true {
      let next = Int(nodes[node].next)
      guard next >= 0, nodes[next].kind == .text, !nodes[next].isOwn, nodes[next].start == nodes[node].end else {
        return
      }
      nodes[node].end = nodes[next].end
      nodes[node].next = nodes[next].next
      if nodes[next].next >= 0 { nodes[Int(nodes[next].next)].previous = Int32(node) } else { last = node }
    }
  }

  /// Makes links of the addresses in a text and returns its last node.
  private mutating func splitAtAddresses(_ node: Int) -> Int {
    var node = node
    let end = nodes[node].range.upperBound
    let text = text.prefix(end)
    var place = nodes[node].range.lowerBound
    while place < end {
      let first = nodes[node].range.lowerBound
      switch text[place] {
      case UInt8(ascii: "@"):
        if let address = MarkdownMailAddress(text, around: place, notBefore: first) {
          node = split(node, at: address.range, prefix: address.hasScheme ? "" : "mailto:")
        }
      case UInt8(ascii: ":"):
        if let range = MarkdownWebAddress(text).uri(colon: place, notBefore: first) {
          node = split(node, at: range, prefix: "")
        }
      case UInt8(ascii: "w"):
        if let end = MarkdownWebAddress(text).web(at: place) { node = split(node, at: place..<end, prefix: "http://") }
      default: break
      }
      place = max(place + 1, nodes[node].range.lowerBound)
    }
    return node
  }

  /// Makes a link of a part of a text and returns the node of what follows it.
  private mutating func split(_ node: Int, at range: Range<Int>, prefix: StaticString) -> Int {
    let rest = nodes.count
    insert(MarkdownNode(.text, range.upperBound..<nodes[node].range.upperBound), after: node)
    nodes[node].end = Int32(range.lowerBound)
    var link = MarkdownNode(.endLink, range)
    link.target = Int32(targets.count)
    let start = own.count
    own.append(prefix)
    own.append(contentsOf: text.slice(range))
    targets.append((start..<own.count, own.count..<own.count))
    insert(link, after: node)
    insert(MarkdownNode(.text, range), after: node)
    link.kind = .startLink
    insert(link, after: node)
    return rest
  }
}
