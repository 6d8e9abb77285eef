import Basics

/// The command `wonder completion`.
enum CompletionCommand {
  static let command = Command(
    "completion", "prints what lets a shell complete wonder's commands and options", operands: "bash|zsh|fish",
    count: 1...1,
    examples: [
      "source <(wonder completion bash)", "wonder completion fish > ~/.config/fish/completions/wonder.fish",
    ]
  ) { call in
    guard let shell = Completion.shells[call.operands[0]] else {
      throw UsageFailure("no shell \(call.operands[0]); there are bash, zsh and fish")
    }
    call.console.out(shell(Completion(call.commands)))
    return .done
  }
}
