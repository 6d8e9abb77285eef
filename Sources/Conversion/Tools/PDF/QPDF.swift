import Formats

/// Rearranges PDF documents without a look at what their pages show, by qpdf.
struct QPDF: Tool {
  let program = QPDFOrder.program
  let lane = Lane.office
  var name: String { program.name }

  /// What a call by another program takes, compared with code of ours.
  static let cost = 10

  var offers: [Offer] { PDFWork.offers(cost: QPDF.cost) }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    try PDFWork(task).call(after: ends)
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    try PDFWork(task).results(ends)
  }
}
