import Formats

/// How the lines of a text stand.
struct LineStyle {
  /// From one line to the next, in points.
  var leading: Double
  /// What the lines are as high as.
  var size: Double
  /// Further lines of a long one begin further right.
  var hang = 0.0

  /// How far below the upper edge of a line its letters stand: capitals and descenders have the same room.
  var baseline: Double { (leading - 0.93 * size) / 2 + 0.72 * size }
}

extension PageFlow {
  /// Sets a text, of whose lines neither the first nor the last stands on a page alone.
  ///
  /// `finish` may change each line's box; it is told the first and the last one.
  func set(
    _ text: StyledText, in column: TextColumn, _ style: LineStyle, keepsWithNext: Bool = false,
    finish: (inout FlowBox, _ isFirst: Bool) -> Void = { _, _ in }
  ) throws(ConversionFailure) {
    var breaker = LineBreaker(text)
    var line = breaker.next(column.width)
    var isFirst = true
    var last: FlowBox?
    while let current = line {
      line = breaker.next(column.width - style.hang)
      var box = FlowBox(height: style.leading, grounds: column.grounds)
      let x = column.left + (isFirst ? 0 : style.hang)
      box.draw(current, of: text, x, style)
      finish(&box, isFirst)
      if var before = last {
        // The first line stays with the second, and the last but one with the last.
        before.keepsWithNext = before.keepsWithNext || line == nil
        try add(before)
      }
      box.keepsWithNext = keepsWithNext || isFirst && line != nil
      last = box
      isFirst = false
    }
    if var last {
      last.keepsWithNext = keepsWithNext
      try add(last)
    }
  }
}

extension FlowBox {
  /// Shows a line in the box.
  mutating func draw(_ line: TextLine, of text: StyledText, _ x: Double, _ style: LineStyle, top: Double = 0) {
    let y = -top - style.baseline
    for link in line.draw(text, at: (x, y), into: &content) {
      links.append(
        LinkArea(
          target: link.target, left: x + link.start, bottom: y - link.size * 0.25, right: x + link.end,
          top: y + link.size * 0.8))
    }
  }
}
