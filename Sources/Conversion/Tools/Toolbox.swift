import Basics
package import Formats
import Glibc

/// Which programs of others this machine has, and where.
package struct Toolbox: Sendable, Equatable {
  private let paths: [String: String]

  package init(paths: [String: String] = [:]) {
    self.paths = paths
  }

  /// The same with every program of these tools, as if they were all here.
  package init(having tools: [any ProgramMaker]) {
    self.init(paths: Dictionary(tools.flatMap(\.programs).map { ($0.name, "/usr/bin/\($0.name)") }) { $1 })
  }

  /// The places that packages put programs in, and that a confined program may read.
  package static let folders = ["/usr/bin", "/bin"]

  /// Looks for what the makers call.
  package static func find(for makers: [any Maker], in folders: [String] = folders) -> Toolbox {
    var paths: [String: String] = [:]
    for program in makers.flatMap({ ($0 as? any ProgramMaker)?.programs ?? [] }) {
      let places = program.path.map { [$0] } ?? folders.map { "\($0)/\(program.name)" }
      paths[program.name] = places.first { access($0, program.path == nil ? X_OK : R_OK) == 0 }
    }
    return Toolbox(paths: paths)
  }

  /// The first program of a tool's that is not here.
  package func missing(for tool: any ProgramMaker) -> Program? { tool.programs.first { path(of: $0) == nil } }

  package func path(of program: Program) -> String? { paths[program.name] }
}
