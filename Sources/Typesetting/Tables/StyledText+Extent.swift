extension StyledText {
  /// How wide its longest line is when nothing is divided, and its longest word.
  var extent: (line: Double, word: Double) {
    var (line, word, x, start) = (0.0, 0.0, 0.0, 0.0)
    for (index, piece) in pieces.enumerated() {
      let end = index + 1 < pieces.count ? pieces[index + 1].start : codes.count
      let widths = piece.style.font.widths
      let scale = piece.style.size / 1000
      for code in codes[piece.start..<end] {
        switch code {
        case Glyph.lineEnd: (x, start) = (0, 0)
        case Glyph.space, Glyph.tab:
          x += Double(widths[32]) * scale
          start = x
        case Glyph.breakMark: start = x
        default:
          x += Double(widths[Int(code)]) * scale
          line = max(line, x)
          word = max(word, x - start)
        }
      }
    }
    return (line, word)
  }
}
