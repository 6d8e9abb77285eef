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
  private(set) var wantsSettings = false

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
      if ["--help", "-h", "--help-settings"].contains(name) {
        wantsSettings = name == "--help-settings"
        wantsHelp = !wantsSettings
        return
      }
      if let option = command.options.first(where: { $0.name == name }), option.value == nil {
        guard attached == nil else { throw UsageFailure("\(name) takes no value") }
        options[name] = ""
        continue
      }
      guard command.options.contains(where: { $0.name == name }) || SettingsSource.isFlag(name) else {
        throw UsageFailure(Arguments.unknown(word.hasPrefix("--") ? name : word, command))
      }
      guard let value = attached ?? rest.popFirst() else { throw UsageFailure("\(name) needs a value") }
      try take(name, value, for: command)
    }
    try checkText(command)
    guard command.operandCount.contains(operands.count) else {
      throw UsageFailure(
        operands.count < command.operandCount.lowerBound ? "\(command.operands) is required" : "too many operands")
    }
  }

  private mutating func take(_ name: String, _ value: String, for command: Command) throws {
    if let option = command.options.first(where: { $0.name == name }) {
      guard option.words.isEmpty || option.words.contains(value) else {
        throw UsageFailure(
          "\(name) \(value): it must be one of \(option.words.joined(separator: ", "))"
            + Spelling.hint(value, among: option.words))
      }
      options[name] = value
      repeated[name, default: []].append(value)
    } else if let setting = Setting.all.first(where: { $0.flag == name }) {
      settings[setting.name] = value
    } else {
      configPath = value
    }
  }

  private static func unknown(_ name: String, _ command: Command) -> String {
    "unknown option \(name)"
      + Spelling.hint(name, among: command.options.map(\.name) + Setting.all.map(\.flag))
      + (command.takesAnyName ? " (a file of that name is ./\(name))" : "")
  }

  /// Names of files may be any bytes; everything else is text.
  private func checkText(_ command: Command) throws {
    let names = command.takesAnyName ? command.options.filter { ["FILE", "DIR"].contains($0.value) }.map(\.name) : []
    var texts = repeated.filter { !names.contains($0.key) }.values.flatMap { $0 } + settings.values
    texts += (command.takesAnyName ? [] : operands) + [configPath].compactMap { $0 }
    if let text = texts.first(where: { !SystemText.isWhole($0) }) {
      throw UsageFailure("\"\(text)\" is not UTF-8, which only the names of files to convert need not be")
    }
  }

  private static func split(_ word: String) -> (name: String, value: String?) {
    guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }
}
