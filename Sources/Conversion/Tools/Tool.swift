package import Formats

/// Makes files by programs of somebody else's, in a folder of its own.
package protocol Tool: Maker {
  /// The program without which it makes nothing.
  var program: Program { get }
  /// Others that it calls, without any of which it makes nothing either.
  var companions: [Program] { get }

  /// True for what draws text by the machine's fonts, so that a script without one comes out as boxes.
  var drawsText: Bool { get }

  /// What it is tried with before its conversions are offered; nil when its programs' being here is all that can be known.
  var sample: ToolSample? { get }

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
  package var companions: [Program] { [] }
  package var drawsText: Bool { false }
  package var sample: ToolSample? { .usual(of: self) }
  package func percent(_ line: String, of task: ToolTask, after ends: [ToolEnd]) -> Int? { nil }

  /// All programs that it calls.
  package var programs: [Program] { [program] + companions }

  /// What tells it from other tools, of which several may have one program.
  package var kind: String { "\(type(of: self)) \(name)" }
}
