import Formats

/// A program of somebody else's that a maker calls.
package struct Program: Sendable, Hashable {
  package let name: String
  /// The Debian package that brings it.
  package let package: String

  package init(_ name: String, package: String) {
    self.name = name
    self.package = package
  }
}
