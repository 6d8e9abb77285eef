package import Formats

/// Makes files by a program of somebody else's, which may be missing or broken on a machine.
package protocol ProgramMaker: Maker {
  /// The program without which it makes nothing.
  var program: Program { get }
  /// Others that it calls, without any of which it makes nothing either.
  var companions: [Program] { get }

  /// True for what draws text by the machine's fonts, so that a script without one comes out as boxes.
  var drawsText: Bool { get }

  /// What it is tried with before its conversions are offered; nil when its programs' being here is all that can be known.
  var sample: ToolSample? { get }
}

extension ProgramMaker {
  package var companions: [Program] { [] }
  package var drawsText: Bool { false }
  package var sample: ToolSample? { .usual(of: self) }

  /// All programs that it calls.
  package var programs: [Program] { [program] + companions }

  /// What tells it from others, of which several may have one program.
  package var kind: String { "\(type(of: self)) \(name)" }
}
