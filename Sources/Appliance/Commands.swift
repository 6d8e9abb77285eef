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
      FormatsCommand.command,
      InspectCommand.command,
      CompareCommand.command,
      HashCommand.command,
      DoctorCommand.command,
      SettingsCommand.command,
      VersionCommand.command,
      CompletionCommand.command,
      ManpageCommand.command,
    ] + AdminCommands.all + PeopleCommands.all + WebhookCommands.all + PresetCommands.all + RateCommands.all
    + MailCommands.all
    + BackupCommands.all + [
      DiagnosticsCommand.command,
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
    guard let name = words.first, !["help", "--help", "-h"].contains(name) else {
      console.out(Help.overview(all))
      return words.isEmpty ? Command.Outcome.usage.rawValue : Command.Outcome.done.rawValue
    }
    let words = name == "--version" ? ["version"] : words
    guard let command = find(words) else {
      let group = all.filter { $0.name.hasPrefix("\(name) ") }
      if !group.isEmpty { console.error(Help.overview(group)) }
      let shown = words.prefix { !$0.hasPrefix("-") }.prefix(3).joined(separator: " ")
      console.error("wonder: unknown command \(HiddenText.escaping(shown)); `wonder help` lists the commands")
      return Command.Outcome.usage.rawValue
    }
    do {
      let arguments = try Arguments(Array(words.dropFirst(command.words.count)), for: command)
      if arguments.wantsHelp {
        console.out(Help.page(command))
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
