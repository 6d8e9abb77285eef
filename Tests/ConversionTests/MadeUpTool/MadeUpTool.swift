import Formats
import Conversion

/// A tool of the tests' own: a shell that does what the script of a test says, to a text.
struct MadeUpTool: Tool {
  let program = Program("sh", package: "made-up")
  /// One call for each.
  let scripts: [String]
  var needs: ToolNeeds = []
  /// What the first script reads.
  var fed: String?
  /// Where what the first script prints goes.
  var printed: String?
  /// What the names of its sockets begin with.
  var sockets: String?
  /// What all its processes may have of memory together.
  var togetherBytes: Int64?
  /// Made without a program.
  var own: [UInt8]?
  var name: String { "made up" }

  var offers: [Offer] { [Offer(from: [.txt], to: [.md], options: [MadeUpTool.loudness], cost: 10)] }

  static let loudness = ConversionOption("loudness", .decimal(0...11), .decimal(1), "how loud it is")

  static let toolbox = Toolbox(paths: ["sh": "/bin/sh"])

  func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
    guard ends.count < scripts.count else { return nil }
    let name = "script-\(ends.count)"
    var call = ToolCall(
      arguments: ["./\(name)"], needs: needs, files: [name: Array(scripts[ends.count].utf8)], progressMark: "done=",
      fed: ends.isEmpty ? fed : nil, printed: ends.isEmpty ? printed : nil,
      sockets: sockets)
    call.togetherBytes = togetherBytes
    return call
  }

  func percent(_ line: String, of task: ToolTask, after ends: [ToolEnd]) -> Int? {
    Int(line.dropFirst("done=".count)).map { ($0 + ends.count * 100) / scripts.count }
  }

  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
    if let end = ends.last, end.code != 0 { throw ConversionFailure(.damagedFile, end.words) }
    if let own { return [ToolResult("own", bytes: own + Array("\(task.folder.size(of: "told") ?? -1)".utf8))] }
    return try task.folder.names().filter { $0.hasPrefix("out") }.map {
      ToolResult($0, label: $0.contains("-") ? $0 : nil)
    }
  }
}
