import Formats
import Conversion

/// A tool of the tests' own: a shell that does what the script of a test says, to a text.
struct MadeUpTool: Tool {
  let program = Program("sh", package: "made-up")
  let script: String
  var name: String { "made up" }

  var offers: [Offer] { [Offer(from: [.txt], to: [.md], options: [MadeUpTool.loudness], cost: 10)] }

  static let loudness = ConversionOption("loudness", .decimal(0...11), .decimal(1), "how loud it is")

  static let toolbox = Toolbox(paths: ["sh": "/bin/sh"])

  func call(_ conversion: Conversion, sources: [String], overlay: String?) -> ToolCall {
    ToolCall(arguments: ["./script"], files: ["script": Array(script.utf8)])
  }

  func results(of conversion: Conversion, _ end: ToolEnd, in names: [String]) throws(ConversionFailure) -> [ToolResult]
  {
    guard end.code == 0 else { throw ConversionFailure(.damagedFile, end.words) }
    return names.filter { $0.hasPrefix("out") }.map { ToolResult($0, label: $0.contains("-") ? $0 : nil) }
  }
}
