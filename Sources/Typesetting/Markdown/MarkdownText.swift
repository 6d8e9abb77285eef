import Markup
import Pictures

/// Makes styled text of what stands in a paragraph, heading or cell.
struct MarkdownText {
  private(set) var text = StyledText()
  /// Pictures, each with the number of codes that stand before it.
  private(set) var pictures: [(place: Int, picture: PDFPicture)] = []
  private let block: MarkdownBlock
  private let takesPictures: Bool
  private let base: TextStyle
  private let face: Typeface
  private let anchors: MarkdownAnchors
  private let document: MarkdownDocument
  private let footnotes: FootnoteOrder
  private var (bold, italic, struck) = (0, 0, 0)
  /// The link that is open, and how many are within it.
  private var links: [Int] = []
  private var line: Int
  /// How many pictures are open whose descriptions are not shown.
  private var hidden = 0

  /// Pictures that can be shown stand apart where they are taken; else their descriptions are text.
  init(
    _ pages: MarkdownPages, _ block: MarkdownBlock, _ base: TextStyle, isBold: Bool = false, takesPictures: Bool = false
  ) {
    self.takesPictures = takesPictures
    self.block = block
    self.base = base
    face = pages.face
    anchors = pages.anchors
    document = pages.document
    footnotes = pages.footnotes
    bold = isBold ? 1 : 0
    line = Int(block.line)
  }

  private var style: TextStyle {
    var style = base
    style.font = BaseFont(face, isBold: bold > 0, isItalic: italic > 0)
    style.isStruck = struck > 0
    if let link = links.last, link >= 0 {
      style.link = link
      style.ink = .link
    }
    return style
  }

  mutating func read(_ inlines: [MarkdownInline]) throws {
    do {
      for inline in inlines { try read(inline) }
    } catch let missing as MissingCharacter {
      throw missing.at("line \(line)")
    }
    text.trim()
  }

  private mutating func read(_ inline: MarkdownInline) throws {
    if hidden > 0 {
      switch inline {
      case .start(.image): hidden += 1
      case .end(.image): hidden -= 1
      case .softBreak, .hardBreak: line += 1
      default: break
      }
      return
    }
    switch inline {
    case .start(.image(let source, _)):
      guard takesPictures, let picture = MarkdownPages.picture(source) else { break }
      pictures.append((text.codes.count, picture))
      hidden = 1
    case .text(let words): try append(words)
    case .code(let code): try appendCode(code)
    case .html(let tag): if MarkdownText.isLineEnd(tag) { text.append(code: Glyph.lineEnd, style) }
    case .softBreak:
      line += 1
      try append(" ")
    case .hardBreak:
      line += 1
      text.trim()
      text.append(code: Glyph.lineEnd, style)
    case .footnote(let label): appendFootnote(label)
    case .start(let kind): begin(kind)
    case .end(let kind): end(kind)
    }
  }

  /// Several spaces are one, and none stands at the beginning of a line.
  private mutating func append(_ words: String) throws {
    let style = style
    for scalar in words.unicodeScalars {
      if scalar == " ", text.codes.last.map({ $0 == Glyph.space || $0 == Glyph.lineEnd }) ?? true { continue }
      try text.append(scalar, style)
    }
  }

  private mutating func appendCode(_ code: String) throws {
    var style = style
    style.font = BaseFont(.mono, isBold: bold > 0, isItalic: italic > 0)
    style.size *= 0.9
    style.hasGround = true
    try text.append(code.unicodeScalars, style)
  }

  private mutating func appendFootnote(_ label: String) {
    guard let place = document.footnote(label) else { return }
    var style = style
    style.isRaised = true
    for digit in String(footnotes.number(of: place)).utf8 { text.append(code: digit, style) }
  }

  private mutating func begin(_ kind: MarkdownInline.Style) {
    switch kind {
    case .emphasis: italic += 1
    case .strong: bold += 1
    case .strikethrough: struck += 1
    case .link(let destination, _):
      let target = anchors[destination].map { LinkTarget.heading($0) } ?? LinkTarget(address: destination)
      links.append(target.map { text.add($0) } ?? -1)
    case .image: break
    }
  }

  private mutating func end(_ kind: MarkdownInline.Style) {
    switch kind {
    case .emphasis: italic -= 1
    case .strong: bold -= 1
    case .strikethrough: struck -= 1
    case .link: links.removeLast()
    case .image: break
    }
  }

  private static func isLineEnd(_ tag: String) -> Bool {
    ["<br>", "<br/>", "<br />"].contains(tag.lowercased())
  }
}
