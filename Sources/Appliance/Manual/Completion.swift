import Basics

/// What can follow what on a command line, from the list of commands, for the scripts that complete it.
struct Completion {
  struct Word {
    let text: String
    let summary: String
  }

  static let shells: [String: @Sendable (Completion) -> String] = [
    "bash": \.bash, "zsh": \.zsh, "fish": \.fish,
  ]

  /// The words that may follow the beginnings of commands, such as "admin workspace", in the order of the commands.
  let next: [(path: String, words: [Word])]
  /// The options of each command that has some, without the settings.
  let options: [(path: String, words: [Word])]
  /// The flags of all settings, which every command takes.
  let settings: [Word]
  /// The values of flags that have few.
  let values: [(flag: String, words: [String])]

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
    let help = Word(text: "--help", summary: "shows options and examples")
    options = shown.map { command in
      (command.name, command.options.map { Word(text: $0.name, summary: $0.summary) } + [help])
    }
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
}
