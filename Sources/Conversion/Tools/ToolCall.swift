import Formats

/// A call of a program of others.
///
/// All who share the machine may see the arguments, so none is a text or a secret of a client's.
package struct ToolCall: Sendable {
  /// Nil for the tool's own.
  package var program: Program?
  package var arguments: [String]
  /// Beside PATH, HOME, TMPDIR and LANG.
  package var environment: [String: String]
  /// Paths beside the system's programs and libraries that it has to read.
  package var readable: [String]
  package var needs: ToolNeeds
  /// Files that it finds in its folder beside the sources.
  package var files: [String: [UInt8]]
  /// Files that are put together of others for it.
  package var assembled: [String: [ToolPiece]]
  /// Address space; nil for programs that reserve far more than they use.
  package var memoryBytes: Int64?
  /// Processes and threads at one time.
  package var processes: Int
  /// What the lines of its output begin with that tell how far it is.
  package var progressMark: String?
  /// A file of its folder that it reads as standard input; nil for nothing.
  package var fed: String?
  /// A new file of its folder that takes what it prints, but for its complaints; nil where only the last of it counts.
  package var printed: String?
  /// Bytes that it may write beside what it makes, such as settings of its own and files in between.
  package var scratchBytes: Int64
  /// What the names begin with of sockets that it makes in /tmp, where they are taken away; nil for none.
  package var sockets: String?
  /// Memory that all its processes may have together, of which the largest is ended when they have more; nil for no bound.
  package var togetherBytes: Int64?
  /// Ports of the loopback in a network of its own on which whoever starts it listens.
  package var doors: [UInt16] = []

  package init(
    _ program: Program? = nil, arguments: [String], environment: [String: String] = [:], readable: [String] = [],
    needs: ToolNeeds = [], files: [String: [UInt8]] = [:], assembled: [String: [ToolPiece]] = [:],
    memoryBytes: Int64? = 1 << 30, processes: Int = 64, progressMark: String? = nil, fed: String? = nil,
    printed: String? = nil, scratchBytes: Int64 = 0, sockets: String? = nil
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.readable = readable
    self.needs = needs
    self.files = files
    self.assembled = assembled
    self.memoryBytes = memoryBytes
    self.processes = processes
    self.progressMark = progressMark
    self.fed = fed
    self.printed = printed
    self.scratchBytes = scratchBytes
    self.sockets = sockets
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
  /// What the tool puts together as a new file of this name; nil for a program's own file.
  package let pieces: [ToolPiece]?

  package init(_ name: String, label: String? = nil, bytes: [UInt8]? = nil) {
    self.init(name, label: label, pieces: bytes.map { [.bytes($0)] })
  }

  package init(_ name: String, label: String? = nil, pieces: [ToolPiece]?) {
    self.name = name
    self.label = label
    self.pieces = pieces
  }
}
