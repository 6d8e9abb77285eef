/// What stands before an item of a list.
struct ListMarker {
  enum Sign {
    case text([UInt8])
    case task(isDone: Bool)
  }

  let sign: Sign
  /// Where it ends, from the left margin.
  let right: Double

  /// Adds it to the first line of its item.
  func draw(_ style: TextStyle, _ lines: LineStyle, into box: inout FlowBox) {
    switch sign {
    case .text(let codes):
      var text = StyledText()
      for code in codes { text.append(code: code, style) }
      var breaker = LineBreaker(text)
      guard let line = breaker.next(.infinity) else { return }
      box.draw(line, of: text, right - line.width, lines)
    case .task(let isDone): drawTask(isDone, style.size, -lines.baseline, into: &box.content)
    }
  }

  private func drawTask(_ isDone: Bool, _ size: Double, _ y: Double, into bytes: inout [UInt8]) {
    func put(_ values: [Double], _ operation: StaticString) {
      PDFText.append(operands: values, to: &bytes)
      bytes.append(operation)
    }
    let side = size * 0.74
    let (x, bottom) = (right - side, y - size * 0.02)
    bytes.append("0.35 G 0.7 w\n")
    put([x, bottom, side, side], "re S\n")
    guard isDone else { return }
    bytes.append("0 G 1.1 w\n")
    put([x + side * 0.2, bottom + side * 0.52], "m ")
    put([x + side * 0.42, bottom + side * 0.25], "l ")
    put([x + side * 0.82, bottom + side * 0.8], "l S\n")
  }
}
