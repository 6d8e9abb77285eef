import Basics
import Conversion
import Formats

/// Every command, in the order in which the help shows them.
package enum Commands {
  static let all: [Command] =
    [
      ServeCommand.command,
      QuickstartCommand.command,
      ConvertCommand.command,
      WatchCommand.command,
      JoinCommand.command,
      StandbyCommand.command,
      FormatsCommand.command,
      InspectCommand.command,
      CompareCommand.command,
      HashCommand.command,
      DoctorCommand.command,
      HealthcheckCommand.command,
      SettingsCommand.command,
      VersionCommand.command,
      CompletionCommand.command,
      ManpageCommand.command,
    ] + AdminCommands.all + PeopleCommands.all + WebhookCommands.all + PresetCommands.all + StorageCommands.all
    + RateCommands.all
    + NodeCommands.all
    + MailCommands.all
    + BackupCommands.all + [
      DiagnosticsCommand.command,
      StepCommand.command,
      Command("worker", "runs conversions for the server, in a sandbox", isHidden: true) { _ in
        Command.Outcome(rawValue: WorkerMain.run()) ?? .failed
      },
      Command("tool", "keeps a program of others for the server, confined", isHidden: true) { _ in
        Command.Outcome(rawValue: ToolMain.run()) ?? .failed
      },
    ]

  /// What says the same whatever is set.
  private static let withoutSettings: Set<String> = ["version", "completion", "manpage"]

  /// The command whose words begin the line; the longest one counts.
  private static func find(_ words: [String]) -> Command? {
    all.filter { words.starts(with: $0.words) }.max { $0.words.count < $1.words.count }
  }

  /// Runs the program with its words (without the program's name) and gives its exit code.
  package static func run(
    _ words: [String], environment: [String: String], console: Console
  ) -> Int32 {
    guard let first = words.first else {
      console.out(Help.overview(all))
      return Command.Outcome.usage.rawValue
    }
    if ["help", "--help", "-h"].contains(first) { return help(words.dropFirst(), console).rawValue }
    let words = ["--version", "-V"].contains(first) ? ["version"] : words
    guard let command = find(words) else {
      let isAsked = words.contains { ["--help", "-h"].contains($0) }
      return (isAsked ? help(words[...], console) : unknown(words[...], console)).rawValue
    }
    return run(command, words, environment, console)
  }

  /// Shows what begins with the words: a command, several, or all.
  private static func help(_ words: ArraySlice<String>, _ console: Console) -> Command.Outcome {
    let words = words.prefix { !$0.hasPrefix("-") }
    if words.isEmpty {
      console.out(Help.overview(all))
    } else if let command = find(Array(words)) {
      console.out(Help.page(command))
    } else if let group = group(words) {
      console.out(group)
    } else {
      return unknown(words, console)
    }
    return .done
  }

  /// The commands that begin with all of the words.
  private static func group(_ words: ArraySlice<String>) -> String? {
    let beginning = words.joined(separator: " ")
    let group = all.filter { $0.name.hasPrefix("\(beginning) ") }
    return group.isEmpty ? nil : Help.group(beginning, group)
  }

  private static func unknown(_ words: ArraySlice<String>, _ console: Console) -> Command.Outcome {
    let words = words.prefix { !$0.hasPrefix("-") }.prefix(3)
    if let group = group(words) { console.error(group) }
    let shown = words.joined(separator: " ")
    // What follows the command that was meant may be operands.
    let near = words.indices.reversed().lazy.compactMap { end in
      let said = words[...end]
      let names = all.filter { !$0.isHidden && ($0.words.count == said.count || $0.words.count == said.count + 1) }.map(
        \.name)
      let text = said.joined(separator: " ")
      return names.contains("admin \(text)") ? "admin \(text)" : Spelling.nearest(text, among: names)
    }.first
    let hint = near.map { "; did you mean \($0)?" } ?? "; `wonder help` lists the commands"
    console.error("wonder: unknown command \(HiddenText.escaping(shown))\(hint)")
    return .usage
  }

  private static func run(
    _ command: Command, _ words: [String], _ environment: [String: String], _ console: Console
  ) -> Int32 {
    do {
      let arguments = try Arguments(Array(words.dropFirst(command.words.count)), for: command)
      if arguments.wantsHelp || arguments.wantsSettings {
        console.out(arguments.wantsHelp ? Help.page(command) : Help.settings())
        return Command.Outcome.done.rawValue
      }
      let read: @Sendable () throws -> Settings = {
        try SettingsSource.load(arguments, environment: environment, isNeeded: !command.isHidden)
      }
      let settings = try read()
      for warning in settings.warnings { console.error("wonder: \(warning)") }
      if let file = settings.unreadable, !withoutSettings.contains(command.name) {
        console.error("wonder: \(file) cannot be read by this user, so what it sets does not count here")
      }
      let call = Invocation(
        operands: arguments.operands, options: arguments.options, repeated: arguments.repeated, settings: settings,
        console: console, commands: all, reread: read)
      return try command.run(call).rawValue
    } catch let failure as UsageFailure {
      console.error(
        "wonder \(command.name): \(HiddenText.escaping("\(failure)")); `wonder \(command.name) --help` shows how")
      return Command.Outcome.usage.rawValue
    } catch let failure as SettingsFailure {
      console.error("wonder: \(failure)")
      return Command.Outcome.usage.rawValue
    } catch {
      console.error("wonder \(command.name): \(error)")
      return Command.Outcome.failed.rawValue
    }
  }
}
