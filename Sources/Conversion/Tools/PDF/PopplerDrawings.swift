import Formats

/// Makes drawings of the pages of PDF documents: SVG by pdftocairo, EPS and PostScript by pdftops of Poppler.
struct PopplerDrawings: Tool {
  let program = Poppler.drawings
  let companions = [Poppler.printing, Poppler.facts, QPDFOrder.program]
  let lane = Lane.office
  var name: String { program.name }

  var offers: [Offer] {
    [Offer(from: [.pdf], to: [.svg, .eps, .ps], options: [.pages, .password], cost: QPDF.cost)]
  }

  /// A call for each page, but for PostScript, which has pages of its own.
  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    let target = task.conversion.to
    switch try PDFOpening(task: task).state(after: ends) {
    case .needs(let call): return call
    case .open(let document):
      let index = ends.count - document.calls
      if index > 0, let last = ends.last { try Poppler.check(last) }
      if target == .ps {
        guard index == 0 else { return nil }
        return ToolCall(
          Poppler.printing, arguments: ["-level3", "-origpagesizes"] + document.range + [document.name, "out.ps"],
          needs: .fonts)
      }
      guard index < document.numbers.count else { return nil }
      let page = ["-f", "\(document.first + index)", "-l", "\(document.first + index)"]
      let name = PopplerDrawings.file(index, target)
      return target == .svg
        ? ToolCall(arguments: ["-svg"] + page + [document.name, name], needs: .fonts)
        : ToolCall(
          Poppler.printing, arguments: ["-eps", "-level3"] + page + [document.name, name], needs: .fonts)
    }
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    let target = task.conversion.to
    guard target != .ps, case .open(let document) = try PDFOpening(task: task).state(after: ends) else {
      return [ToolResult("out.ps")]
    }
    return document.numbers.indices.map {
      ToolResult(PopplerDrawings.file($0, target), label: document.label($0))
    }
  }

  private static func file(_ index: Int, _ target: Format) -> String { "page-\(index).\(target.fileExtension)" }
}
