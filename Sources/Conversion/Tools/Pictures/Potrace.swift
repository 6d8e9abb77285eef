import Basics
import Formats
import Pictures

/// Draws the outlines of what is dark in a picture by potrace.
struct Potrace: Tool {
  let program = Program("potrace", package: "potrace")
  let lane = Lane.office
  var name: String { program.name }

  /// Other pictures become a greymap by code of ours.
  var offers: [Offer] {
    [
      Offer(
        from: [.pnm], to: [.svg], options: [ConversionOption.traceThreshold, .traceSpeckles],
        deed: .init(.trace, targets: "outlines are drawn as svg", count: ""), cost: 10)
    ]
  }

  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    guard ends.isEmpty, let source = task.sources.first else { return nil }
    let threshold = task.options.whole(.traceThreshold) ?? 50
    return ToolCall(arguments: [
      "--backend", "svg", "--blacklevel", threshold == 100 ? "1" : "0.\(threshold < 10 ? "0" : "")\(threshold)",
      "--turdsize", "\(task.options.whole(.traceSpeckles) ?? 2)", "--output", "out.svg", source,
    ])
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if let end = ends.last, end.code != 0 {
      if end.words.contains("emory") { throw .outOfMemory }
      throw ConversionFailure(.damagedFile, "the picture is damaged, or not one that potrace reads")
    }
    return [ToolResult("out.svg")]
  }
}
