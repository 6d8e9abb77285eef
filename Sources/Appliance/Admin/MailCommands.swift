import Basics

/// The `admin` commands about mail.
enum MailCommands {
  static let all: [Command] = [
    Command(
      "admin mail test", "sends a mail and shows what came of it; exit code 1 when the server did not take it",
      operands: "ADDRESS", count: 1...1, options: [AdminCommands.json],
      examples: ["wonder admin mail test jo@example.com"]
    ) { call in
      let body = JSONValue.object([("to", .string(call.operands[0]))])
      return AttemptReport.show(try AdminCommands.ask(call, "POST", "/mail/test", body)["delivery"], call)
    }
  ]
}
