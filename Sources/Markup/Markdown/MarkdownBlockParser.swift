import DataFormats

/// Reads the blocks of a document line by line (CommonMark 0.31, appendix A).
struct MarkdownBlockParser {
  let source: ByteView
  let extensions: MarkdownExtensions
  let limits: MarkupLimits
  let htmlStarts = MarkdownHTMLStarts()

  var blocks: [MarkdownBlock] = []
  var text: [UInt8] = []
  var references = MarkdownReferences()
  /// The open blocks from the document to the innermost.
  var open: [MarkdownOpenBlock] = []
  /// How many of the open blocks the line goes on with.
  var matched = 0
  var number = 0
  /// How many cells that rows lack have been added.
  var addedCells = 0

  init(_ source: ByteView, extensions: MarkdownExtensions, limits: MarkupLimits) {
    self.source = source
    self.extensions = extensions
    self.limits = limits
  }

  mutating func parse() throws(DataFault) -> MarkdownDocument {
    text.reserveCapacity(source.count + 64)
    blocks.append(MarkdownBlock(.document, line: 1))
    open.append(MarkdownOpenBlock(place: 0, kind: .document))
    var start = 0
    while start < source.count {
      let end = source.first(0x0A, from: start) ?? source.count
      number += 1
      read(MarkdownLine(source, start..<end))
      guard blocks.count <= limits.nodes else {
        throw DataFault(.tooLarge, "there are more than \(limits.nodes) blocks", line: number)
      }
      start = end + 1
    }
    close(to: 0)
    return MarkdownDocument(blocks: blocks, text: text, references: references, extensions: extensions)
  }

  private mutating func read(_ line: MarkdownLine) {
    var line = line
    guard goOn(&line) else { return }
    let wasParagraph = open[open.count - 1].kind == .paragraph
    let isLazy = matched < open.count && wasParagraph
    guard begin(&line, isParagraphOpen: wasParagraph) else { return }
    take(&line, isLazy: isLazy && matched < open.count)
  }

  /// Gives a line that begins nothing more to the block it belongs to.
  private mutating func take(_ line: inout MarkdownLine, isLazy: Bool) {
    if isLazy, !line.isBlank {
      appendToParagraph(&line)
      return
    }
    close(to: matched)
    switch open[open.count - 1].kind {
    case .code: appendCode(line)
    case .html: appendHTML(line)
    case .paragraph: if !line.isBlank { appendToParagraph(&line) }
    case .heading, .rule: break
    case .table: if !line.isBlank { appendRow(line) }
    default:
      guard !line.isBlank else { return }
      add(.paragraph)
      blocks[open[open.count - 1].place].start = Int32(text.count)
      appendToParagraph(&line)
    }
  }

  mutating func appendToParagraph(_ line: inout MarkdownLine) {
    line.takeIndent()
    open[open.count - 1].lastLine = text.count
    append(line)
  }

  /// Appends a line to the innermost block.
  mutating func append(_ line: MarkdownLine) {
    let place = open[open.count - 1].place
    line.append(to: &text)
    blocks[place].end = Int32(text.count)
    blocks[place].endLine = Int32(number)
  }

  /// Adds a block to the innermost open block that can hold it; what is inside that one is closed.
  mutating func add(_ kind: MarkdownBlock.Kind) {
    close(to: matched)
    while !Self.canHold(open[open.count - 1].kind, kind) { close(to: open.count - 1) }
    open.append(
      MarkdownOpenBlock(place: link(MarkdownBlock(kind, line: number), into: open[open.count - 1].place), kind: kind))
    matched = open.count
  }

  /// Puts a block behind the last child of another and returns its place.
  mutating func link(_ block: MarkdownBlock, into parent: Int) -> Int {
    let place = blocks.count
    blocks.append(block)
    blocks[place].parent = Int32(parent)
    let last = Int(blocks[parent].lastChild)
    if last >= 0 {
      blocks[last].next = Int32(place)
    } else {
      blocks[parent].firstChild = Int32(place)
    }
    blocks[parent].lastChild = Int32(place)
    return place
  }

  private static func canHold(_ parent: MarkdownBlock.Kind, _ child: MarkdownBlock.Kind) -> Bool {
    switch parent {
    case .document, .quote, .item, .footnote: child != .item
    case .list: child == .item
    default: false
    }
  }

  /// Closes the innermost blocks until so many are open.
  mutating func close(to count: Int) {
    while open.count > count {
      let ended = open.removeLast()
      finish(ended)
      let parent = Int(blocks[ended.place].parent)
      if parent >= 0 { blocks[parent].endLine = max(blocks[parent].endLine, blocks[ended.place].endLine) }
    }
  }
}
