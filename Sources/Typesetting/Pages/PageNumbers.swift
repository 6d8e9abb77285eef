/// What is written onto each page beside its text, and where.
package struct PageNumbers: Sendable {
  package enum Side: Sendable {
    case left
    case center
    case right
  }

  package let side: Side
  package let isTop: Bool
  /// The line of a page that is counted from 1, when all are known.
  package let text: @Sendable (_ page: Int, _ of: Int) -> String

  package init(_ side: Side, isTop: Bool, text: @escaping @Sendable (_ page: Int, _ of: Int) -> String) {
    self.side = side
    self.isTop = isTop
    self.text = text
  }

  private static let size = 9.0

  /// The operators that write it onto a page.
  func draw(_ page: Int, of count: Int, _ style: PageStyle) -> [UInt8] {
    let font = BaseFont(style.face ?? .sans)
    let codes = text(page, count).unicodeScalars.flatMap { Glyph.all(for: $0) ?? [] }.map(\.code)
    let width = font.width(of: codes) * PageNumbers.size
    let (left, top) = style.origin
    let x =
      switch side {
      case .left: left
      case .center: (style.width - width) / 2
      case .right: style.width - left - width
      }
    // In the middle of its margin.
    let y = isTop ? style.height - top / 2 - PageNumbers.size * 0.36 : top / 2 - PageNumbers.size * 0.36
    var bytes: [UInt8] = []
    bytes.append("BT 0.4 g /F")
    PDFText.append(Double(font.rawValue), to: &bytes)
    bytes.append(" 9 Tf ")
    PDFText.append(x, y, to: &bytes)
    bytes.append(" Td (")
    for code in codes { PDFText.append(code: code, to: &bytes) }
    bytes.append(") Tj ET")
    return bytes
  }
}
