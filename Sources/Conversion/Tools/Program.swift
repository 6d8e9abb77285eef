import Formats

/// A program of somebody else's that a maker calls.
package struct Program: Sendable, Hashable {
  package let name: String
  /// The Debian package that brings it.
  package let package: String
  /// Where a part stands that is no command of its own; nil for a command, wherever commands are.
  package let path: String?

  package init(_ name: String, package: String, path: String? = nil) {
    self.name = name
    self.package = package
    self.path = path
  }
}
