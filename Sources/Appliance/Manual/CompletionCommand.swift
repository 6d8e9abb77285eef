import Basics
import Conversion
import Formats
import Glibc

/// The command `wonder completion`.
enum CompletionCommand {
  static let command = Command(
    "completion", "prints what lets a shell complete what is typed",
    operands: "bash|zsh|fish", count: 1...1,
    examples: [
      "source <(wonder completion bash)", "wonder completion fish > ~/.config/fish/completions/wonder.fish",
    ]
  ) { call in
    if let answer = try answer(call.operands[0], call) {
      if !answer.isEmpty { call.console.out(answer.joined(separator: "\n")) }
      return .done
    }
    guard let shell = Completion.shells[call.operands[0]] else {
      throw UsageFailure("no shell \(call.operands[0]); there are bash, zsh and fish")
    }
    call.console.out(shell(Completion(call.commands)))
    return .done
  }

  /// What the scripts ask for while somebody types: nothing where no server runs, for looking takes no data directory.
  private static func answer(_ word: String, _ call: Invocation) throws -> [String]? {
    if word == "options" { return try MachineCatalogue(call.settings).now.options.all.map { "\($0.name)=" } }
    let members = ["workspaces": "slug", "plans": "name"]
    guard let member = members[word] else { return nil }
    guard access(SystemText.cString(call.settings.text(.data) + "/wonder.sock"), F_OK) == 0 else { return [] }
    let found = try AdminCommands.ask(call, "GET", "/\(word)", nil)[word]
    return (found?.array ?? []).compactMap { $0[member]?.string }
  }
}
