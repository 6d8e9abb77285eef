extension TextLine {
  /// A part of a line on which a click leads somewhere, from the line's beginning.
  struct LinkSpan {
    let target: LinkTarget
    var start: Double
    var end: Double
    let size: Double
  }

  /// Adds the operators that show the line, whose beginning is at a place; returns where its links are.
  func draw(_ text: StyledText, at origin: (x: Double, y: Double), into bytes: inout [UInt8]) -> [LinkSpan] {
    guard !codes.isEmpty else { return [] }
    var links: [LinkSpan] = []
    var strings: [UInt8] = []
    var (x, index) = (0.0, piece)
    var last: TextStyle?
    while index < text.pieces.count, text.pieces[index].start < codes.upperBound {
      let style = text.pieces[index].style
      let end = index + 1 < text.pieces.count ? text.pieces[index + 1].start : text.codes.count
      let range = max(codes.lowerBound, text.pieces[index].start)..<min(codes.upperBound, end)
      if style.ink != last?.ink { strings.append(style.ink.operation) }
      let size = style.size * (style.isRaised ? TextLine.raisedSize : 1)
      if style.font != last?.font || style.size != last?.size || style.isRaised != last?.isRaised {
        strings.append("/F")
        PDFText.append(Double(style.font.rawValue), size, to: &strings)
        strings.append(" Tf\n")
      }
      if style.isRaised != (last?.isRaised ?? false) {
        PDFText.append(style.isRaised ? style.size * 0.38 : 0, to: &strings)
        strings.append(" Ts\n")
      }
      let start = x
      x = show(text.codes, range, style, size, from: x, into: &strings)
      decorate(style, origin, start, x, into: &bytes)
      if style.link >= 0 { TextLine.join(&links, text.targets[style.link], start, x, style.size) }
      last = style
      index += 1
    }
    bytes.append("BT ")
    PDFText.append(origin.x, origin.y, to: &bytes)
    bytes.append(" Td\n")
    bytes += strings
    bytes.append("ET\n")
    return links
  }

  private static func join(
    _ links: inout [LinkSpan], _ target: LinkTarget, _ start: Double, _ end: Double, _ size: Double
  ) {
    if let last = links.last, last.target == target, last.end == start {
      links[links.count - 1].end = end
    } else {
      links.append(LinkSpan(target: target, start: start, end: end, size: size))
    }
  }

  /// Shows codes of one look; returns where they end.
  private func show(
    _ codes: [UInt8], _ range: Range<Int>, _ style: TextStyle, _ size: Double, from start: Double,
    into strings: inout [UInt8]
  ) -> Double {
    let widths = style.font.widths
    let hasTabs = codes[range].contains(Glyph.tab)
    var x = start
    strings.append(hasTabs ? "[(" : "(")
    for code in codes[range] {
      switch code {
      case Glyph.tab:
        let stop = TextLine.tabStop(after: x, style)
        strings.append(")")
        PDFText.append((x - stop) / size * 1000, to: &strings)
        strings.append("(")
        x = stop
      case Glyph.breakMark: break
      default:
        x += Double(widths[Int(code)]) * size / 1000
        PDFText.append(code: code, to: &strings)
      }
    }
    strings.append(hasTabs ? ")] TJ\n" : ") Tj\n")
    return x
  }

  /// The ground below a piece and the stroke through it.
  private func decorate(
    _ style: TextStyle, _ origin: (x: Double, y: Double), _ start: Double, _ end: Double, into bytes: inout [UInt8]
  ) {
    func fill(_ left: Double, _ bottom: Double, _ width: Double, _ height: Double, _ ink: StaticString) {
      bytes.append(ink)
      PDFText.append(operands: [left, bottom, width, height], to: &bytes)
      bytes.append("re f\n")
    }
    let (x, y) = origin
    if style.hasGround {
      fill(x + start - 1.5, y - style.size * 0.27, end - start + 3, style.size * 1.2, "0.93 g\n")
    }
    if style.isStruck { fill(x + start, y + style.size * 0.24, end - start, style.size * 0.06, "0.2 g\n") }
  }
}

extension [UInt8] {
  mutating func append(_ text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
