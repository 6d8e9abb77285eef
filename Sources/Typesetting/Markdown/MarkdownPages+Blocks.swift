import DataFormats
import Formats
import Markup

extension MarkdownPages {
  private static let headingSizes = [1.9, 1.5, 1.25, 1.1, 1, 0.95]
  private static let quoteIndent = 1.3
  private static let bullets: [UInt8] = [0x95, 0x96, 0xB7]

  /// Blocks stand inside each other as deep as the parser lets them, so this calls itself no deeper.
  mutating func setChildren(of place: Int, in column: TextColumn, isTight: Bool = false, listDepth: Int = 0) throws {
    var child = document.blocks[place].firstChild
    while child >= 0 {
      try set(Int(child), in: column, isTight: isTight, listDepth: listDepth)
      child = document.blocks[Int(child)].next
    }
  }

  private mutating func set(_ place: Int, in column: TextColumn, isTight: Bool, listDepth: Int) throws {
    let block = document.blocks[place]
    let space = size * (isTight ? 0.25 : 0.7)
    switch block.kind {
    case .heading: return try setHeading(block, in: column)
    case .footnote, .definitions, .item, .row, .cell: return
    default: break
    }
    flow.need(space)
    switch block.kind {
    case .document: try setChildren(of: place, in: column)
    case .quote: try setQuote(place, in: column, listDepth: listDepth)
    case .list: try setList(place, in: column, isInTight: isTight, depth: listDepth)
    case .paragraph: try setParagraph(block, in: column)
    case .code: try setCode(block, in: column)
    case .html: try setHTML(block, in: column)
    case .rule: try setRule(in: column)
    case .table: try setTable(place, in: column)
    case .heading, .footnote, .definitions, .item, .row, .cell: break
    }
    flow.need(space)
  }

  /// Adds what stands before the first line of an item to that line.
  mutating func finish(_ box: inout FlowBox) {
    for marker in markers { marker.draw(body, lines, into: &box) }
    markers.removeAll()
  }

  private mutating func setHeading(_ block: MarkdownBlock, in column: TextColumn) throws {
    let level = min(max(Int(block.level), 1), 6)
    let size = size * Self.headingSizes[level - 1]
    let inlines = document.inlines(of: block)
    var style = body
    style.size = size
    if level == 6 { style.ink = .grey }
    var setter = MarkdownText(self, block, style, isBold: true)
    try setter.read(inlines)
    flow.need(size * (level < 3 ? 1.1 : 1))
    let title = MarkdownInline.plainText(inlines)
    let text = setter.text
    let waiting = markers
    markers.removeAll()
    let (body, lines) = (body, lines)
    try flow.set(text, in: column, LineStyle(leading: size * 1.25, size: size), keepsWithNext: true) { box, isFirst in
      guard isFirst else { return }
      box.heading = (title, level)
      for marker in waiting { marker.draw(body, lines, into: &box) }
    }
    if level < 3 {
      var rule = FlowBox(height: size * 0.28, grounds: column.grounds, keepsWithNext: true)
      rule.addRule(column.left, column.left + column.width, -rule.height, "0.82 G 0.6 w\n")
      try flow.add(rule)
    }
    flow.need(size * 0.45)
  }

  private mutating func setParagraph(_ block: MarkdownBlock, in column: TextColumn) throws {
    var setter = MarkdownText(self, block, body, takesPictures: true)
    try setter.read(document.inlines(of: block))
    var start = 0
    for (place, picture) in setter.pictures {
      try set(setter.text.part(start..<place), in: column)
      flow.need(size * 0.4)
      try set(picture, in: column)
      flow.need(size * 0.4)
      start = place
    }
    try set(start == 0 ? setter.text : setter.text.part(start..<setter.text.codes.count), in: column)
  }

  /// Sets text as a paragraph.
  mutating func set(_ text: StyledText, in column: TextColumn) throws {
    guard !text.isEmpty || !markers.isEmpty else { return }
    let waiting = markers
    markers.removeAll()
    let (body, lines) = (body, lines)
    try flow.set(text, in: column, lines) { box, isFirst in
      if isFirst { for marker in waiting { marker.draw(body, lines, into: &box) } }
    }
  }

  private mutating func setQuote(_ place: Int, in column: TextColumn, listDepth: Int) throws {
    var inner = column.indented(size * Self.quoteIndent)
    if inner.left > column.left {
      inner.grounds.append(Ground(number: nextGround(), x: column.left, width: 2.5, ink: "0.8 g\n"))
    }
    try setChildren(of: place, in: inner, listDepth: listDepth)
  }

  private mutating func setList(_ place: Int, in column: TextColumn, isInTight: Bool, depth: Int) throws {
    let list = document.blocks[place]
    let items = document.children(of: place)
    let lastNumber = Int(list.number) + max(0, items.count - 1)
    let digits = BaseFont(face).width(of: Array("\(lastNumber).".utf8)) * size
    let indent = list.isOrdered ? max(size * 1.7, digits + size * 0.5) : size * 1.7
    let inner = column.indented(indent)
    // Where nothing is left to indent, the mark stands in the margin.
    for (index, item) in items.enumerated() {
      let block = document.blocks[item]
      let sign: ListMarker.Sign
      if block.task != .none {
        sign = .task(isDone: block.task == .done)
      } else if list.isOrdered {
        sign = .text(Array("\(Int(list.number) + index)\(list.marker == 0x29 ? ")" : ".")".utf8))
      } else {
        sign = .text([Self.bullets[min(depth, Self.bullets.count - 1)]])
      }
      if markers.count < 8 { markers.append(ListMarker(sign: sign, right: inner.left - size * 0.5)) }
      if index > 0 { flow.need(size * (list.isTight ? 0.25 : 0.7)) }
      try setChildren(of: item, in: inner, isTight: list.isTight, listDepth: depth + 1)
      if !markers.isEmpty { try set(StyledText(), in: inner) }
    }
  }

  private mutating func setRule(in column: TextColumn) throws {
    var box = FlowBox(height: size * 0.6, grounds: column.grounds)
    box.addRule(column.left, column.left + column.width, -box.height / 2, "0.75 G 1 w\n")
    finish(&box)
    try flow.add(box)
  }

  /// The text of a piece of HTML, without its looks.
  private mutating func setHTML(_ block: MarkdownBlock, in column: TextColumn) throws {
    var bytes: [UInt8] = []
    let page = try HTMLParser(encoding: .utf8).parse(Array(document.text[block.range]))
    try HTMLText.write(page, HTMLWriterOptions(), to: ByteDrain { bytes += $0 })
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    var text = StyledText()
    do {
      try text.append(String(decoding: bytes, as: UTF8.self).unicodeScalars, body)
    } catch {
      throw error.at("line \(block.line)")
    }
    try set(text, in: column)
  }
}
