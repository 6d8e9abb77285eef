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
    let (set, words) = apart(words)
    guard let first = words.first else {
      console.out(Help.overview(all))
      return Command.Outcome.usage.rawValue
    }
    if ["help", "--help", "-h"].contains(first) { return help(words.dropFirst(), console).rawValue }
    if first == "--help-settings" { return help([first], console).rawValue }
    let name = ["--version", "-V"].contains(first) ? ["version"] : words
    guard let command = find(name) else {
      let isAsked = words.contains { ["--help", "-h"].contains($0) }
      return (isAsked ? help(words[...], console) : unknown(words[...], console)).rawValue
    }
    let code = run(command, set + words.dropFirst(min(words.count, command.words.count)), environment, console)
    // A server has served, whoever heard where it listens.
    guard command.name != ServeCommand.command.name, let lost = console.lost() else { return code }
    console.error("wonder \(command.name): not all of the output could be written: \(lost)")
    return max(code, Command.Outcome.failed.rawValue)
  }

  /// What is set before the command, which counts as what follows it, and the rest.
  private static func apart(_ words: [String]) -> (set: [String], rest: [String]) {
    var start = 0
    while start < words.count, let name = words[start].split(separator: "=").first,
      SettingsSource.isFlag(String(name))
    {
      start += words[start].contains("=") ? 1 : 2
    }
    return (Array(words.prefix(start)), Array(words.dropFirst(start)))
  }

  /// Shows what begins with the words: a command, several, or all.
  private static func help(_ words: ArraySlice<String>, _ console: Console) -> Command.Outcome {
    let isOfSettings = words.first == "--help-settings"
    let words = words.prefix { !$0.hasPrefix("-") }
    if isOfSettings {
      console.out(Help.settings())
    } else if words.isEmpty {
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

  /// Says which word is none, and what may have been meant by it.
  private static func unknown(_ words: ArraySlice<String>, _ console: Console) -> Command.Outcome {
    if let option = words.first, option.hasPrefix("-") {
      let hint = Spelling.hint(option, among: ["--help", "--help-settings", "--version"])
      console.error("wonder: unknown option \(HiddenText.escaping(option))\(hint); `wonder help` shows how")
      return .usage
    }
    let words = words.prefix { !$0.hasPrefix("-") }
    guard let strange = words.indices.first(where: { group(words[...$0]) == nil }) else {
      console.error(group(words) ?? "")
      console.error("wonder: \(words.joined(separator: " ")) needs one of these commands")
      return .usage
    }
    // What follows the command that was meant may be operands.
    for end in words.prefix(3).indices.reversed() {
      let (said, below) = (Array(words[...end]), ["admin"] + words[...end])
      let isMeantBelow = all.contains { $0.words == below }
      for said in isMeantBelow ? [below] : [said, below] {
        let near = all.filter { !$0.isHidden && Spelling.isNear(said, $0.words) }.map(\.name)
        if let meant = Spelling.nearest(said.joined(separator: " "), among: near + ["help"]) {
          return unknown(words[...end], "; did you mean \(meant)?", console)
        }
      }
    }
    return unknown(words[...strange], "; `wonder help` lists the commands", console)
  }

  private static func unknown(_ words: ArraySlice<String>, _ hint: String, _ console: Console) -> Command.Outcome {
    console.error("wonder: unknown command \(HiddenText.escaping(words.joined(separator: " ")))\(hint)")
    return .usage
  }

  private static func run(
    _ command: Command, _ words: [String], _ environment: [String: String], _ console: Console
  ) -> Int32 {
    do {
      let arguments = try Arguments(words, for: command)
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
