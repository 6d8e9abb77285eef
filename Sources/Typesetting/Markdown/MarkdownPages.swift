import Formats
package import Markup
package import Pictures

/// Sets a document of Markdown on pages.
package struct MarkdownPages {
  let document: MarkdownDocument
  let flow: PageFlow
  let face: Typeface
  let size: Double
  /// The numbers of the headings by what links call them.
  let anchors: MarkdownAnchors
  /// What stands before the next line, on its left.
  var markers: [ListMarker] = []
  let footnotes = FootnoteOrder()
  private var groundNumber = 0

  private static let usualSize = 10.5

  /// Returns the size of the file.
  ///
  /// Throws `MissingCharacter` where a character is in none of the fonts, `ConversionFailure` where the output cannot be
  /// written or has no room.
  package static func write(_ document: MarkdownDocument, _ style: PageStyle, to output: ByteOutput) throws -> Int64 {
    let pages = try PageDocument(style, output)
    var writer = MarkdownPages(document, PageFlow(pages))
    try writer.setChildren(of: 0, in: TextColumn(width: style.room.x))
    try writer.setFootnotes()
    try writer.flow.finish()
    return try pages.finish(title: style.title ?? document.title)
  }

  private init(_ document: MarkdownDocument, _ flow: PageFlow) {
    self.document = document
    self.flow = flow
    face = flow.document.style.face ?? .sans
    size = flow.document.style.size ?? MarkdownPages.usualSize
    anchors = MarkdownAnchors(document)
  }

  /// A number for one more ground.
  mutating func nextGround() -> Int {
    groundNumber += 1
    return groundNumber
  }

  var body: TextStyle { TextStyle(font: BaseFont(face), size: size) }

  var lines: LineStyle { LineStyle(leading: size * leading, size: size) }

  /// From line to line, in parts of the size: the wider the letters, the more.
  private var leading: Double { face == .serif ? 1.32 : face == .sans ? 1.42 : 1.36 }
}
