import Formats
import Pictures

/// Leaves out what a PDF tells about itself: exiftool takes it out of what shows, and qpdf out of what the file holds.
struct EXIFToolOfPDF: Tool {
  let program = EXIFTool.exiftool
  let companions = [qpdf]
  let lane = Lane.office
  var name: String { "exiftool with qpdf" }

  private static let qpdf = Program("qpdf", package: "qpdf")

  var offers: [Offer] { [Offer(from: [.pdf], to: [.pdf], deed: EXIFTool.deed, cost: 15)] }

  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall? {
    try EXIFToolOfPDF.check(ends)
    switch ends.count {
    case 0: return EXIFTool.strip(task.sources.first ?? "", to: "stripped.pdf")
    case 1: return ToolCall(EXIFToolOfPDF.qpdf, arguments: ["--no-warn", "stripped.pdf", "out.pdf"])
    default: return nil
    }
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    try EXIFToolOfPDF.check(ends)
    return [ToolResult("out.pdf")]
  }

  private static func check(_ ends: [ToolEnd]) throws(ConversionFailure) {
    // 3 is what qpdf has mended on the way.
    if let end = ends.last, end.code != 0, ends.count == 1 || end.code != 3 { throw EXIFTool.failure(end) }
  }
}
