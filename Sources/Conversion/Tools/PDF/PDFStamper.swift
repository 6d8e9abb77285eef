import Formats

/// Writes text and numbers onto the pages of PDF documents, by qpdf and what Poppler tells of their sizes.
struct PDFStamper: Tool {
  let program = QPDFOrder.program
  let companions = [Poppler.facts]
  let lane = Lane.office
  var name: String { program.name }

  var offers: [Offer] { PDFWork.offers(PDFWork.stamping, cost: QPDF.cost + 2) }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    try PDFWork(task).call(after: ends)
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    try PDFWork(task).results(ends)
  }
}
