/// A line of text as a drawing, to be laid over pictures: white with a dark edge, so that it is seen on any of them.
struct ConvertlyWords {
  private static let longest = 200

  private let text: String

  /// What is longer than a line is cut.
  init(_ text: String) {
    self.text = String(text.map { $0.isNewline ? " " : $0 }.prefix(ConvertlyWords.longest))
  }

  /// Its width in percent of the picture's: a few letters take a few percent each.
  var percent: Int { max(8, min(70, text.count * 3)) }

  /// The drawing (SVG), as wide as the widest letters would make it; what is narrower stands in its middle.
  var drawing: [UInt8] {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      default: if !character.unicodeScalars.contains(where: { $0.value < 0x20 }) { escaped.append(character) }
      }
    }
    let width = 20 + text.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E7F ? 50 : 30) }
    return Array(
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="64" viewBox="0 0 \(width) 64"><text x="50%" y="46" \
      text-anchor="middle" font-family="sans-serif" font-weight="bold" font-size="44" fill="#fff" stroke="#000" \
      stroke-opacity=".45" stroke-width="2" paint-order="stroke" xml:space="preserve">\(escaped)</text></svg>
      """.utf8)
  }
}
