import Formats

/// Writes PDF documents anew, smaller, grey or for archives, by Ghostscript, with all that qpdf does before and after.
struct Ghostscript: Tool {
  let program = PDFPress.program
  let companions = [QPDFOrder.program, Poppler.facts]
  let lane = Lane.office
  var name: String { program.name }

  /// So much more than qpdf that it makes only what qpdf cannot.
  private static let cost = 30

  var offers: [Offer] { PDFWork.offers(PDFWork.stamping + PDFPress.options, cost: Ghostscript.cost) }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    try PDFWork(task).call(after: ends)
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    try PDFWork(task).results(ends)
  }
}
