import Basics

/// The texts of `--help`, made from the list of commands; each page fits a screen of 80 columns and 24 lines.
enum Help {
  /// The last line of a screen is the prompt's.
  private static let (width, height) = (80, 23)

  static func overview(_ commands: [Command]) -> String {
    let shown = commands.filter { !$0.isHidden && $0.words[0] != "admin" }
    let admin = ("admin ...", "workspaces, keys, people and jobs; `wonder help admin`")
    return """
      wonder converts files: over HTTP, from a queue that loses nothing, sandboxed.

      usage: wonder COMMAND [options]

      \(rows(shown.map { ($0.name, String($0.summary.prefix { $0 != ":" })) } + [admin]).joined(separator: "\n"))

      `wonder help COMMAND` shows a command with examples.
      """
  }

  /// The commands that begin with a word or two: each with its summary where they fit, else what belongs together in a line.
  static func group(_ beginning: String, _ commands: [Command]) -> String {
    let depth = beginning.split(separator: " ").count
    let shown = commands.filter { !$0.isHidden }
    let heads = shown.map { command in
      command.words.dropFirst(depth).joined(separator: " ") + (command.operands.isEmpty ? "" : " \(command.operands)")
    }
    var lines = rows(zip(heads, shown.map(\.summary)).map { ($0, $1) })
    if lines.count > height - 4 { lines = wrapped(nouns(shown.map { Array($0.words.dropFirst(depth)) })) }
    return """
      usage: wonder \(beginning) COMMAND [options]

      \(lines.joined(separator: "\n"))

      `wonder help \(beginning) COMMAND` shows a command with examples.
      """
  }

  /// One text for each first word, with what may follow it.
  private static func nouns(_ commands: [[String]]) -> [String] {
    var nouns: [(noun: String, verbs: [String])] = []
    for words in commands {
      let verb = words.dropFirst().joined(separator: " ")
      if let index = nouns.firstIndex(where: { $0.noun == words[0] }) {
        nouns[index].verbs.append(verb)
      } else {
        nouns.append((words[0], verb.isEmpty ? [] : [verb]))
      }
    }
    let single = nouns.filter(\.verbs.isEmpty).map(\.noun)
    return (single.isEmpty ? [] : [single.joined(separator: ", ")])
      + nouns.filter { !$0.verbs.isEmpty }.map { "\($0.noun)  " + $0.verbs.joined(separator: " | ") }
  }

  private static func wrapped(_ texts: [String]) -> [String] {
    texts.flatMap { text in
      lines(text, width - 6).enumerated().map { ($0 == 0 ? "  " : "      ") + $1 }
    }
  }

  static func page(_ command: Command) -> String {
    let operands = command.operands.isEmpty ? "" : " \(command.operands)"
    var page = lines(command.summary, width) + lines("usage: wonder \(command.name)\(operands) [options]", width)
    let options = rows(
      command.options.map { option in (option.value.map { "\(option.name) \($0)" } ?? option.name, option.summary) })
    if !options.isEmpty { page += [""] + options }
    let end = ["--help-settings lists the settings, each of which is an option, too"]
    var examples: [String] = []
    for example in command.examples {
      let more = example.split(separator: "\n").flatMap { line in
        lines(String(line), width - 6, " \\").enumerated().map { ($0 == 0 ? "  " : "      ") + $1 }
      }
      if examples.isEmpty || page.count + examples.count + more.count + end.count + 2 <= height { examples += more }
    }
    if !examples.isEmpty { page += ["", "examples:"] + examples }
    return (page + end).joined(separator: "\n")
  }

  /// The settings as options, which every command takes.
  static func settings() -> String {
    let all =
      [("--config FILE", "the settings file; else \(SettingsSource.standardPath) when it exists")]
      + Setting.all.map { ("\($0.flag) VALUE", "\($0.summary) (\($0.standard.isEmpty ? "none" : $0.standard))") }
    return (["settings for this run (also as environment or in the settings file):"] + rows(all)).joined(
      separator: "\n")
  }

  /// Two columns, the second of which goes on below itself.
  private static func rows(_ rows: [(String, String)]) -> [String] {
    let column = min(rows.map(\.0.count).max() ?? 0, 30)
    return rows.flatMap { head, text in
      let texts = lines(text, width - column - 4)
      let isLong = head.count > column
      return (isLong ? ["  \(head)"] : [])
        + texts.enumerated().map { "  \((($0 == 0 && !isLong) ? head : "").padding(to: column))  \($1)" }
    }
  }

  /// A text in lines, broken at blanks; each but the last ends with `mark`.
  private static func lines(_ text: String, _ width: Int, _ mark: String = "") -> [String] {
    var lines: [String] = [""]
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let last = lines[lines.count - 1]
      if last.isEmpty {
        lines[lines.count - 1] = String(word)
      } else if last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " \(word)"
      } else {
        lines[lines.count - 1] += mark
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension String {
  /// The text with spaces up to a width.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - columns))
  }

  /// How wide it is on a terminal, where the letters of East Asia and emoji take two columns (Unicode, UAX 11).
  var columns: Int {
    reduce(0) { sum, letter in
      switch letter.unicodeScalars.first?.value ?? 0 {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60,
        0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
        sum + 2
      default: sum + 1
      }
    }
  }
}
