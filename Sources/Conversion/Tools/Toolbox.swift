import Basics
package import Formats
import Glibc

/// Which programs of others this machine has, and where.
package struct Toolbox: Sendable {
  private let paths: [String: String]

  package init(paths: [String: String] = [:]) {
    self.paths = paths
  }

  /// The places that packages put programs in, and that a confined program may read.
  private static let folders = ["/usr/bin", "/bin"]

  /// Looks for what the makers call.
  package static func find(for makers: [any Maker] = Makers.all) -> Toolbox {
    var paths: [String: String] = [:]
    for program in makers.compactMap({ ($0 as? any Tool)?.program }) {
      paths[program.name] = folders.lazy.map { "\($0)/\(program.name)" }.first { access($0, X_OK) == 0 }
    }
    return Toolbox(paths: paths)
  }

  package func path(of program: Program) -> String? { paths[program.name] }
}
