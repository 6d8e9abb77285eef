import Formats

/// A call of a program of others.
///
/// All who share the machine may see the arguments, so none is a text or a secret of a client's.
package struct ToolCall: Sendable {
  package var arguments: [String]
  /// Beside PATH, HOME, TMPDIR and LANG.
  package var environment: [String: String]
  /// Paths beside the system's programs and libraries that it has to read.
  package var readable: [String]
  /// Files that it finds in its folder beside the sources.
  package var files: [String: [UInt8]]
  package var memoryBytes: Int64

  package init(
    arguments: [String], environment: [String: String] = [:], readable: [String] = [],
    files: [String: [UInt8]] = [:], memoryBytes: Int64 = 1 << 30
  ) {
    self.arguments = arguments
    self.environment = environment
    self.readable = readable
    self.files = files
    self.memoryBytes = memoryBytes
  }
}

/// How a program ended by itself.
package struct ToolEnd: Sendable, Equatable {
  package let code: Int32
  /// The last of what it has printed, without paths: for operators, and to tell failures apart.
  package let words: String
}

/// A file that a program has made.
package struct ToolResult: Sendable {
  package let name: String
  /// What tells it from the others; nil when it is the only one.
  package let label: String?

  package init(_ name: String, label: String? = nil) {
    self.name = name
    self.label = label
  }
}
