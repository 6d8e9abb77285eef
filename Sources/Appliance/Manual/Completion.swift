import Basics
import Formats
import Storage

/// What can follow what on a command line, from the list of commands, for the scripts that complete it.
struct Completion {
  struct Word {
    let text: String
    let summary: String
    var takesValue = false
  }

  /// What can stand somewhere.
  enum Values: Hashable {
    case words([String])
    /// What `wonder completion` prints for a word when it is asked.
    case asked(String)
  }

  /// What stands for a value in the help, with its values.
  private static let kinds: [String: Values] = [
    "FORMAT": .words(Format.all.map(\.name)), "[FROM]": .words(Format.all.map(\.name)),
    "OPTION=VALUE": .asked("options"), "SLUG": .asked("workspaces"), "PLAN": .asked("plans"),
    "[PAGE]": .words(ManualPages.all.map(\.name)),
  ]

  static let shells: [String: @Sendable (Completion) -> String] = [
    "bash": \.bash, "zsh": \.zsh, "fish": \.fish,
  ]

  /// The words that may follow the beginnings of commands, such as "admin workspace", in the order of the commands.
  let next: [(path: String, words: [Word])]
  /// The options of each command that has some, without the settings.
  let options: [(path: String, words: [Word])]
  /// The flags of all settings, which every command takes.
  let settings: [Word]
  /// The options after which no value stands, as a pattern of bash and zsh, and as words of fish.
  let switches: [String]
  /// The values of settings that have few.
  let values: [(flag: String, words: [String])]
  /// The values of the options and of the operands, counted from 1, of each command.
  let choices: [(path: String, option: String, values: Values)]
  let operands: [(path: String, place: Int, values: Values)]

  init(_ commands: [Command]) {
    let shown = commands.filter { !$0.isHidden }
    var next: [(path: String, words: [Word])] = []
    for command in shown {
      for depth in command.words.indices {
        let path = command.words[..<depth].joined(separator: " ")
        let isWhole = depth == command.words.count - 1
        let word = Word(
          text: command.words[depth],
          summary: isWhole ? command.summary : "\(command.words[...depth].joined(separator: " ")) ...")
        guard let index = next.firstIndex(where: { $0.path == path }) else {
          next.append((path, [word]))
          continue
        }
        if let known = next[index].words.firstIndex(where: { $0.text == word.text }) {
          if isWhole { next[index].words[known] = word }
        } else {
          next[index].words.append(word)
        }
      }
    }
    self.next = next
    choices = shown.flatMap { command in
      command.options.compactMap { option in
        let values = option.words.isEmpty ? Completion.kinds[option.value ?? ""] : .words(option.words)
        return values.map { (command.name, option.name, $0) }
      }
    }
    operands = shown.flatMap { command in
      command.operands.split(separator: " ").enumerated().compactMap { index, operand in
        let words = operand.split(separator: "|").map(String.init)
        return (words.count > 1 ? .words(words) : Completion.kinds[words[0]]).map { (command.name, index + 1, $0) }
      }
    }
    let help = Word(text: "--help", summary: "shows options and examples")
    let all = Word(text: "--help-settings", summary: "shows the settings")
    options = shown.map { command in
      let own = command.options.map { Word(text: $0.name, summary: $0.summary, takesValue: $0.value != nil) }
      return (command.name, own + [help, all])
    }
    let valued = Set(shown.flatMap(\.options).filter { $0.value != nil }.map(\.name))
    let names = shown.flatMap(\.options).map(\.name) + ["-h", help.text, all.text]
    switches = Set(names).subtracting(valued).sorted()
    settings =
      [Word(text: "--config", summary: "the settings file")]
      + Setting.all.map { Word(text: $0.flag, summary: $0.summary) }
    values =
      Setting.all.compactMap { setting in
        if case .choice(let words) = setting.form { (setting.flag, words) } else { nil }
      }
  }

  /// Every beginning of a command that means something, so that a script can tell operands from commands.
  var paths: [String] {
    var paths: [String] = []
    for (path, words) in next {
      for word in words { paths.append(path.isEmpty ? word.text : "\(path) \(word.text)") }
    }
    return paths
  }

  /// In single quotes, as all three shells take it.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  /// The places that have the same values, together, as patterns of a shell's `case`.
  func cases(_ line: (Values) -> String) -> (options: String, operands: String) {
    func text(_ rows: [(String, Values)]) -> String {
      var places: [(values: Values, patterns: [String])] = []
      for (place, values) in rows {
        if let index = places.firstIndex(where: { $0.values == values }) {
          places[index].patterns.append(Completion.quoted(place))
        } else {
          places.append((values, [Completion.quoted(place)]))
        }
      }
      return places.map { "    \($0.patterns.joined(separator: " | "))) \(line($0.values)) ;;" }.joined(separator: "\n")
    }
    return (
      text(choices.map { ("\($0.path) \($0.option)", $0.values) }),
      text(operands.map { ("\($0.path) \($0.place)", $0.values) })
    )
  }
}
