/// Divides a text into lines of a width: as much goes into each as there is room for.
///
/// A line ends at a space, behind a hyphen between letters, or where nothing else is left within a word.
struct LineBreaker {
  /// What rounding may add up to.
  private static let slack = 0.01

  private let text: StyledText
  private var start = 0
  private var piece = 0
  private var isAtEnd = false

  /// Where the next line begins.
  var position: Int { start }

  init(_ text: StyledText) { self.text = text }

  private struct Place {
    var end: Int
    var next: Int
    var width: Double
    var piece: Int
  }

  /// The next line; nil behind the last one.
  ///
  /// An empty text has one line.
  mutating func next(_ room: Double) -> TextLine? {
    guard !isAtEnd else { return nil }
    let codes = text.codes
    var (x, at, current) = (0.0, start, piece)
    var best: Place?
    // The end of what is not a space, for those at the end of a line take no room.
    var solid = (end: start, width: 0.0)
    while at < codes.count {
      while current + 1 < text.pieces.count, text.pieces[current + 1].start <= at { current += 1 }
      let style = text.pieces[current].style
      let widths = style.font.widths
      let scale = style.size * (style.isRaised ? TextLine.raisedSize : 1) / 1000
      let end = current + 1 < text.pieces.count ? text.pieces[current + 1].start : codes.count
      while at < end {
        let code = codes[at]
        switch code {
        case Glyph.lineEnd:
          return take(Place(end: solid.end, next: at + 1, width: solid.width, piece: current))
        case Glyph.space:
          best = Place(end: solid.end, next: at + 1, width: solid.width, piece: current)
          x += Double(widths[32]) * scale
        case Glyph.tab:
          best = Place(end: solid.end, next: at + 1, width: solid.width, piece: current)
          x = TextLine.tabStop(after: x, style)
        case Glyph.breakMark: best = Place(end: solid.end, next: at + 1, width: solid.width, piece: current)
        default:
          x += Double(widths[Int(code)]) * scale
          if x > room + Self.slack {
            if let best, best.end > start { return take(best) }
            let stop = max(at, start + 1)
            return take(Place(end: stop, next: stop, width: stop > at ? x : solid.width, piece: current))
          }
          solid = (at + 1, x)
          if code == 0x2D, mayBreak(behind: at) || code == 0x97 {
            best = Place(end: at + 1, next: at + 1, width: x, piece: current)
          }
        }
        at += 1
      }
    }
    isAtEnd = true
    defer { start = codes.count }
    return TextLine(codes: start..<solid.end, width: solid.width, piece: piece)
  }

  private mutating func take(_ place: Place) -> TextLine {
    defer {
      (start, piece) = (place.next, place.piece)
      while piece + 1 < text.pieces.count, text.pieces[piece + 1].start <= start { piece += 1 }
    }
    return TextLine(codes: start..<place.end, width: place.width, piece: piece)
  }

  private func mayBreak(behind hyphen: Int) -> Bool {
    func isLetter(_ place: Int) -> Bool {
      guard text.codes.indices.contains(place) else { return false }
      let code = text.codes[place]
      return (0x41...0x5A).contains(code & 0xDF) || code >= 0xC0
    }
    return isLetter(hyphen - 1) && isLetter(hyphen + 1)
  }
}

extension TextLine {
  /// How large what stands above its line is, in parts of its size.
  static let raisedSize = 0.7

  /// How far apart the stops of tabs are, in spaces of the font.
  private static let tabWidth = 8.0

  /// Where the next stop of a tab is.
  static func tabStop(after x: Double, _ style: TextStyle) -> Double {
    let step = tabWidth * Double(style.font.widths[32]) * style.size / 1000
    guard step > 0 else { return x }
    return ((x / step + 0.001).rounded(.down) + 1) * step
  }
}
