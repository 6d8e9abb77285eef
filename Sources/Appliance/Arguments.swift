import Basics

/// The words after a command's name: options with their values, settings for this run, and operands.
struct Arguments {
  private(set) var operands: [String] = []
  private(set) var options: [String: String] = [:]
  /// Every value of each option, in their order; `options` has the last.
  private(set) var repeated: [String: [String]] = [:]
  private(set) var settings: [String: String] = [:]
  private(set) var configPath: String?
  private(set) var wantsHelp = false

  /// Throws `UsageFailure` for an option that the command does not have, or too few or many operands.
  init(_ words: [String], for command: Command) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      let (name, attached) = Arguments.split(word)
      if name == "--help" || name == "-h" {
        wantsHelp = true
        return
      }
      if let option = command.options.first(where: { $0.name == name }), option.value == nil {
        guard attached == nil else { throw UsageFailure("\(name) takes no value") }
        options[name] = ""
        continue
      }
      guard let value = attached ?? rest.popFirst() else { throw UsageFailure("\(name) needs a value") }
      try take(name, value, for: command)
    }
    guard command.operandCount.contains(operands.count) else {
      throw UsageFailure(
        operands.count < command.operandCount.lowerBound ? "\(command.operands) is required" : "too many operands")
    }
  }

  private mutating func take(_ name: String, _ value: String, for command: Command) throws {
    if command.options.contains(where: { $0.name == name }) {
      options[name] = value
      repeated[name, default: []].append(value)
    } else if name == "--config" {
      configPath = value
    } else if let setting = Setting.all.first(where: { $0.flag == name }) {
      settings[setting.name] = value
    } else {
      throw UsageFailure("unknown option \(name)")
    }
  }

  private static func split(_ word: String) -> (name: String, value: String?) {
    guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }
}
