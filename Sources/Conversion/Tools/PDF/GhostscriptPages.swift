import Formats

/// Makes PDF documents of PostScript, by Ghostscript.
struct GhostscriptPages: Tool {
  let program = PDFPress.program
  let lane = Lane.office
  var name: String { program.name }

  var offers: [Offer] { [Offer(from: [.eps, .ps], to: [.pdf], cost: QPDF.cost)] }

  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    guard ends.isEmpty else { return nil }
    // The page of a drawing is what it says that it takes.
    let crop = task.conversion.from == .eps ? ["-dEPSCrop"] : []
    return ToolCall(
      arguments: PDFPress.standing + crop + ["-sOutputFile=out.pdf", "-f"] + task.sources.prefix(1), needs: .fonts)
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if let end = ends.last { try PDFPress.check(end, isMade: task.folder.size(of: "out.pdf") ?? 0 > 0) }
    return [ToolResult("out.pdf")]
  }
}
