package import Formats

/// Makes files by calls of programs, each in a folder of its own.
package protocol Tool: ProgramMaker {
  /// The next call of the conversion, by how the ones before it have ended; nil when there is none left, and at least one.
  ///
  /// A failure is for the client.
  func call(_ task: ToolTask, after ends: [ToolEnd]) throws(ConversionFailure) -> ToolCall?

  /// Which files of the folder are what was made, in their order, by how the calls ended; a failure is for the client.
  func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult]

  /// How far the call after `ends` is, in percent of the whole, by a line with its mark; nil when it does not tell.
  func percent(_ line: String, of task: ToolTask, after ends: [ToolEnd]) -> Int?
}

extension Tool {
  package func percent(_ line: String, of task: ToolTask, after ends: [ToolEnd]) -> Int? { nil }
}
