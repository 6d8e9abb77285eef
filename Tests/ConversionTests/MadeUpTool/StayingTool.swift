import Conversion
import Formats

/// A tool whose program stays: a shell that runs the orders that it finds, and tells which one it is by its folder.
struct StayingTool: ResidentTool {
  let program = Program("sh", package: "made-up")
  /// What each order runs.
  var script = "id=$(ls -di .); echo ${id% .} > out"
  /// What runs before the first order.
  var start = ""
  var name: String { "staying" }

  var offers: [Offer] { [Offer(from: [.txt], to: [.md], cost: 10)] }

  var residence: Residence {
    let loop = "while :; do while ! [ -e order ]; do sleep 0.01; done; [ -s order ] && sh ./order; rm order; done"
    return Residence(
      name: "shell", program: program,
      call: ToolCall(arguments: ["./serve"], files: ["serve": Array("\(start)\n\(loop)\n".utf8)]), order: "order",
      report: "report")
  }

  func order(_ task: ToolTask) -> [UInt8] { Array(script.utf8) }

  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    guard ends.isEmpty else { return nil }
    return ToolCall(arguments: ["./once"], files: ["once": Array("echo once > out".utf8)])
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if try task.folder.names().contains("broken") { throw ConversionFailure(.damagedFile, "broken") }
    return [ToolResult("out")]
  }
}
