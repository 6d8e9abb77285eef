/// Reads what stands in paragraphs, headings and cells (CommonMark 0.31, section 6 and appendix A).
///
/// One parser reads any number of leaves of a document; its memory is that of the largest.
struct MarkdownInlineParser {
  let references: MarkdownReferences
  let extensions: MarkdownExtensions
  private let special: ByteSet

  var text = ByteView(UnsafeBufferPointer(start: nil, count: 0))
  /// The next byte to read, and the first that is in no node yet.
  var place = 0
  var pending = 0
  var nodes: [MarkdownNode] = []
  /// Texts that are not in the leaf as they are: characters that were referred to, destinations, titles.
  var own: [UInt8] = []
  /// The destinations and titles of links and images, in `own`.
  var targets: [(destination: Range<Int>, title: Range<Int>)] = []
  var delimiters: [MarkdownDelimiter] = []
  /// The first and the last of the delimiters that are still to be matched.
  var firstDelimiter = -1
  var lastDelimiter = -1
  var brackets: [MarkdownBracket] = []
  /// How many of the lowest brackets can begin no link, for a link is inside them.
  var withoutLinks = 0
  /// The last node of the list, which begins with the first node made.
  var last = -1
  /// The lengths of the runs of backticks in the leaf with the last place of each; nil until they are needed.
  var backticks: [Int: Int]?
  /// The places beyond which the ends of comments and the like have been found missing.
  var missing = MarkdownMissingEnds()
  /// Whether addresses may be in the texts that only all of the leaf can tell from parts of links.
  var mayHoldAddress = false
  /// How many bytes reference links may still put into the document, so that a long target makes no long document.
  var expansion: Int

  init(_ document: MarkdownDocument) {
    references = document.references
    extensions = document.extensions
    expansion = max(100_000, document.text.count)
    var special = ByteSet("\n`\\&<*_[]!")
    if extensions.contains(.strikethrough) { special.insert(UInt8(ascii: "~")) }
    if extensions.contains(.autolinks) {
      for byte in [UInt8(ascii: ":"), UInt8(ascii: "w"), UInt8(ascii: "@")] { special.insert(byte) }
    }
    self.special = special
  }

  /// Reads one leaf; its nodes then begin with the first and follow each other by `next`.
  ///
  /// They point into the bytes, which must stay where they are for as long as the nodes are used.
  mutating func parse(_ bytes: UnsafeBufferPointer<UInt8>) {
    start(ByteView(bytes))
    while place < text.count {
      if special.contains(text[place]) { readSpecial() } else { place += 1 }
    }
    flush()
    matchDelimiters(above: -1)
    if mayHoldAddress { findAddresses() }
  }

  private mutating func start(_ text: ByteView) {
    self.text = text
    place = 0
    pending = 0
    nodes.removeAll(keepingCapacity: true)
    own.removeAll(keepingCapacity: true)
    targets.removeAll(keepingCapacity: true)
    delimiters.removeAll(keepingCapacity: true)
    firstDelimiter = -1
    lastDelimiter = -1
    brackets.removeAll(keepingCapacity: true)
    withoutLinks = 0
    last = -1
    backticks = nil
    missing = MarkdownMissingEnds()
    mayHoldAddress = false
  }

  private mutating func readSpecial() {
    switch text[place] {
    case UInt8(ascii: "\n"): readLineEnd()
    case UInt8(ascii: "`"): readCode()
    case UInt8(ascii: "\\"): readEscape()
    case UInt8(ascii: "&"): readReference()
    case UInt8(ascii: "<"): readAngle()
    case UInt8(ascii: "["): openBracket(isImage: false)
    case UInt8(ascii: "]"): closeBracket()
    case UInt8(ascii: "!"): if text[place + 1] == UInt8(ascii: "[") { openBracket(isImage: true) } else { place += 1 }
    case UInt8(ascii: ":"): readSchemeLink()
    case UInt8(ascii: "w"): readWebLink()
    case UInt8(ascii: "@"):
      mayHoldAddress = true
      place += 1
    default: readDelimiters()
    }
  }

  /// Makes a node of the text before the place.
  mutating func flush() {
    if pending < place { append(MarkdownNode(.text, pending..<place)) }
    pending = place
  }

  @discardableResult
  mutating func append(_ node: MarkdownNode) -> Int {
    let place = nodes.count
    nodes.append(node)
    nodes[place].previous = Int32(last)
    if last >= 0 { nodes[last].next = Int32(place) }
    last = place
    return place
  }

  /// Puts a node behind another one of the list.
  mutating func insert(_ node: MarkdownNode, after before: Int) {
    guard before != last else {
      append(node)
      return
    }
    let place = nodes.count
    let after = Int(nodes[before].next)
    nodes.append(node)
    nodes[place].previous = Int32(before)
    nodes[place].next = Int32(after)
    nodes[before].next = Int32(place)
    nodes[after].previous = Int32(place)
  }

  /// Appends the text since `start` of what the parser keeps itself.
  mutating func appendOwn(from start: Int) {
    var node = MarkdownNode(.text, start..<own.count)
    node.isOwn = true
    append(node)
  }
}
