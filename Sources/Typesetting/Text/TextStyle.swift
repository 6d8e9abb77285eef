/// How a piece of text looks.
struct TextStyle: Equatable {
  enum Ink: Equatable {
    case black
    case grey
    case link

    /// As an operator for what is filled (PDF 32000-1, 8.6.8).
    var operation: StaticString {
      switch self {
      case .black: "0 g\n"
      case .grey: "0.4 g\n"
      case .link: "0.02 0.33 0.64 rg\n"
      }
    }
  }

  var font: BaseFont
  /// In points.
  var size: Double
  var ink = Ink.black
  var isStruck = false
  /// Whether it stands on a light ground, as code does within a text.
  var hasGround = false
  /// Whether it stands above its line, as the number of a footnote does.
  var isRaised = false
  /// Where a click leads, by the place in the text's list of targets; -1 is nowhere.
  var link = -1
}
