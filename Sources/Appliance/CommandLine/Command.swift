package import Basics

/// A command of the program: how it is called, what it takes, and what it does.
package struct Command: Sendable {
  package struct Option: Sendable {
    /// With its dashes, for example "--quality".
    package let name: String
    /// What stands for the value in the help, or nil for a switch.
    package let value: String?
    package let summary: String
    /// All values that it has, for shells that complete them; empty when they are not few, or are what `value` says.
    package let words: [String]

    init(_ name: String, _ value: String? = nil, _ summary: String, among words: [String] = []) {
      self.name = name
      self.value = value
      self.summary = summary
      self.words = words
    }
  }

  package enum Outcome: Int32, Sendable {
    case done = 0
    case failed = 1
    case usage = 2
  }

  /// One word or several, such as "admin job show".
  package let name: String
  package let summary: String
  /// The operands in the usage line, for example "IN OUT".
  package let operands: String
  package let operandCount: ClosedRange<Int>
  package let options: [Option]
  package let examples: [String]
  /// True when the operands are files to read or write, whose names may be any bytes.
  package let takesAnyName: Bool
  /// A hidden command is no promise to users.
  package let isHidden: Bool
  package let run: @Sendable (Invocation) throws -> Outcome

  var words: [String] { name.split(separator: " ").map(String.init) }

  init(
    _ name: String, _ summary: String, operands: String = "", count: ClosedRange<Int> = 0...0, options: [Option] = [],
    examples: [String] = [], takesAnyName: Bool = false, isHidden: Bool = false,
    run: @escaping @Sendable (Invocation) throws -> Outcome
  ) {
    self.name = name
    self.summary = summary
    self.operands = operands
    operandCount = count
    self.options = options
    self.examples = examples
    self.takesAnyName = takesAnyName
    self.isHidden = isHidden
    self.run = run
  }
}

/// A command as it was called: its words taken apart, the effective settings, and where to write.
package struct Invocation: Sendable {
  package let operands: [String]
  package let options: [String: String]
  /// Every value of an option that was given more than once, in their order.
  var repeated: [String: [String]] = [:]
  package let settings: Settings
  package let console: Console
  /// All that there are, for what describes them.
  var commands: [Command] = []
  /// Reads the settings again from where they came from; throws `SettingsFailure` as the first time.
  var reread: @Sendable () throws -> Settings = { try Settings() }

  package subscript(option: String) -> String? { options[option] }
}

/// A mistake in how a command was called; ends with exit code 2.
package struct UsageFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
