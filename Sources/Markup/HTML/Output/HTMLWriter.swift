import Basics
import DataFormats

/// Goes through a document of HTML and lays its blocks out, as Markdown or as plain text.
struct HTMLWriter {
  /// How deep elements are followed; what is deeper is written as text alone.
  private static let mostDepth = 400

  let document: HTMLDocument
  let options: HTMLWriterOptions
  let isPlain: Bool
  var layout: TextLayout
  var inlines = HTMLInlineCollector()
  /// For each open list or other container, whether its blocks stand close.
  var tight: [Bool] = []
  /// How many table cells what is read now stands in; blocks make no lines there.
  var cells = 0
  /// How many empty cells may still be written for those that span several columns.
  var spannedCells = 10_000
  /// The kind and place of the list written last, so that the next one differs from it.
  var lastList: (isOrdered: Bool, usesOther: Bool)?
  /// For each open list, whether it has the other marks.
  var otherMarks: [Bool] = []
  var depth = 0

  init(_ document: HTMLDocument, _ options: HTMLWriterOptions, isPlain: Bool, _ drain: ByteDrain) {
    self.document = document
    self.options = options
    self.isPlain = isPlain
    layout = TextLayout(drain)
  }

  mutating func write() throws {
    try visitChildren(0)
    flush()
    try layout.finish()
  }

  mutating func visitChildren(_ place: Int) throws {
    guard depth < Self.mostDepth else {
      inlines.put(document.text(of: place))
      return
    }
    depth += 1
    var child = Int(document.nodes[place].firstChild)
    while child >= 0 {
      try visit(child)
      child = Int(document.nodes[child].next)
    }
    depth -= 1
  }

  mutating func visit(_ place: Int) throws {
    let node = document.nodes[place]
    if node.isText {
      inlines.put(document.text[node.text])
    } else if isHidden(node) {
      return
    } else if HTMLElements.inline.contains(node.name) {
      try visitInline(place)
    } else {
      try visitBlock(place)
      try layout.leave()
    }
  }

  /// Classes of what KaTeX and MathJax write for those who hear a page.
  private static let copies: Set<Substring> = ["katex-mathml", "MJX_Assistive_MathML"]

  private func isHidden(_ node: HTMLNode) -> Bool {
    if HTMLElements.hidden.contains(node.name) || node["hidden"] != nil { return true }
    if let style = node["style"], style.lowercased().filter({ $0 != " " }).contains("display:none") { return true }
    // The formula stands beside it once more, as it is to be seen.
    let classes = node["class"]?.split(separator: " ") ?? []
    if classes.contains(where: HTMLWriter.copies.contains) { return true }
    guard options.leavesOutNavigation else { return false }
    return node.name == "nav" || node.name == "footer" || node["role"]?.lowercased() == "navigation"
  }

  /// Writes the text gathered so far as a block.
  mutating func flush(_ place: MarkdownInlineWriter.Place = .paragraph, before: String = "") {
    if cells > 0 {
      inlines.space()
      return
    }
    let block = inlines.take()
    guard !block.isEmpty else { return }
    separate()
    layout.put(before)
    layout.put(text(block, place))
    lastList = nil
  }

  func text(_ block: [HTMLInline], _ place: MarkdownInlineWriter.Place) -> [UInt8] {
    isPlain ? plain(block) : MarkdownInlineWriter.write(block, place)
  }

  private func plain(_ block: [HTMLInline]) -> [UInt8] {
    var plain: [UInt8] = []
    for inline in block {
      switch inline {
      case .text(let text), .raw(let text), .code(let text): plain += text
      case .image(_, _, let description): plain += description
      case .lineBreak: plain.append(cells > 0 ? 0x20 : 0x0A)
      case .end(.link(let address, _)) where options.showsAddresses: plain += " (\(address))".utf8
      case .start, .end: break
      }
    }
    return plain
  }

  /// Sets what comes next off from what came before, as the list it stands in wants it.
  mutating func separate() {
    layout.block()
    if tight.last == true { layout.tighten() }
  }

  private mutating func visitBlock(_ place: Int) throws {
    flush()
    switch document.nodes[place].name {
    case "h1", "h2", "h3", "h4", "h5", "h6": try writeHeading(place)
    case "ul", "ol", "menu", "dir": try writeList(place)
    case "blockquote": try writeQuote(place)
    case "pre", "listing", "xmp", "plaintext": writeCode(place)
    case "hr": writeRule()
    case "table": try writeTable(place)
    case "dt": try writeTerm(place)
    default:
      try visitChildren(place)
      flush()
    }
  }

  private mutating func writeHeading(_ place: Int) throws {
    try visitChildren(place)
    let level = Int(document.nodes[place].name.utf8.last ?? 0x31) - 0x30
    flush(.heading, before: isPlain ? "" : String(repeating: "#", count: level) + " ")
  }

  private mutating func writeTerm(_ place: Int) throws {
    let isStarted = !isPlain && inlines.start(.strong)
    try visitChildren(place)
    if isStarted { inlines.end() }
    flush()
  }

  private mutating func writeQuote(_ place: Int) throws {
    if cells == 0 {
      separate()
      layout.push(first: isPlain ? "  " : "> ", rest: isPlain ? "  " : "> ")
      tight.append(false)
    }
    try visitChildren(place)
    flush()
    guard cells == 0 else { return }
    tight.removeLast()
    layout.pop()
    lastList = nil
  }

  private mutating func writeRule() {
    guard cells == 0 else { return }
    separate()
    layout.put(isPlain ? "----------" : "___")
    lastList = nil
  }

  private mutating func writeCode(_ place: Int) {
    var code = document.text(of: place)
    if code.last == 0x0A { code.removeLast() }
    guard cells == 0 else {
      inlines.put(code)
      return
    }
    guard code.contains(where: { !ASCII.isSpace($0) }) else { return }
    separate()
    let fence = String(repeating: "`", count: max(3, BacktickRuns.longest(in: code) + 1))
    if !isPlain { layout.put(fence + HTMLCodeLanguage.of(place, in: document) + "\n") }
    layout.put(code)
    if !isPlain { layout.put("\n" + fence) }
    lastList = nil
  }
}
