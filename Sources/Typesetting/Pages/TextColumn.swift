/// Where blocks of text stand: within the margins of the page and what they are in.
struct TextColumn {
  /// From the left margin.
  var left = 0.0
  var width: Double
  var grounds: [Ground] = []

  /// No column is made narrower than this.
  private static let least = 120.0

  /// The same with less room on its left, as long as enough is left.
  func indented(_ points: Double) -> TextColumn {
    guard width - points >= TextColumn.least else { return self }
    var inner = self
    inner.left += points
    inner.width -= points
    return inner
  }
}
