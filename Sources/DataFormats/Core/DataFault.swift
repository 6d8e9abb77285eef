/// Why a document cannot be read or written, with its place where it has one; lines and columns count from 1.
package struct DataFault: Error, Equatable {
  package enum Kind: Sendable {
    /// The text is not of the format.
    case malformed
    /// It is, but goes beyond what is read here: depth, number of values, bytes.
    case tooLarge
    /// It is, but the target or this reader has no form for it.
    case unsupported
  }

  package let kind: Kind
  package let line: Int?
  package let column: Int?
  /// What is wrong, and what was expected, without the place; a half sentence that begins small and ends without a stop.
  package let problem: String

  package init(_ kind: Kind, _ problem: String, line: Int? = nil, column: Int? = nil) {
    self.kind = kind
    self.problem = problem
    self.line = line
    self.column = column
  }

  /// The problem with its place.
  package var sentence: String {
    switch (line, column) {
    case (let line?, let column?): "line \(line), column \(column): \(problem)"
    case (let line?, nil): "line \(line): \(problem)"
    default: problem
    }
  }
}
