import Basics

/// The texts of `--help`, made from the list of commands.
enum Help {
  static func overview(_ commands: [Command]) -> String {
    let shown = commands.filter { !$0.isHidden }
    let width = shown.map(\.name.count).max() ?? 0
    let lines = shown.map { "  \($0.name.padding(to: width))  \($0.summary)" }
    return """
      wonder converts files: over HTTP, from a queue that loses nothing, in sandboxed processes.

      usage: wonder COMMAND [options]

      \(lines.joined(separator: "\n"))

      `wonder COMMAND --help` shows a command with examples.
      """
  }

  static func page(_ command: Command) -> String {
    var lines = ["\(command.summary)", ""]
    let operands = command.operands.isEmpty ? "" : " \(command.operands)"
    lines.append("usage: wonder \(command.name)\(operands) [options]")
    lines += [""] + rows(command.options.map { option in (head(option), option.summary) })
    lines += ["settings for this run (also as environment or in the settings file):"]
    lines += rows(
      [("--config FILE", "the settings file; else \(SettingsSource.standardPath) when it exists")]
        + Setting.all.map { ("\($0.flag) VALUE", "\($0.summary) (\($0.standard.isEmpty ? "none" : $0.standard))") })
    if !command.examples.isEmpty { lines += ["examples:"] + command.examples.map { "  \($0)" } }
    return lines.joined(separator: "\n")
  }

  private static func head(_ option: Command.Option) -> String {
    option.value.map { "\(option.name) \($0)" } ?? option.name
  }

  private static func rows(_ rows: [(String, String)]) -> [String] {
    guard !rows.isEmpty else { return [] }
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { "  \($0.0.padding(to: width))  \($0.1)" } + [""]
  }
}

extension String {
  /// The text with spaces up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
