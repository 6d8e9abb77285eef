import Basics

/// The command `wonder healthcheck`, for containers that have no shell and no curl.
enum HealthcheckCommand {
  static let command = Command(
    "healthcheck", "tells whether the running server answers: asks over its socket, and exits with 1 else",
    options: [Command.Option("--ready", nil, "ask whether it can take work, too")],
    examples: ["wonder healthcheck", "wonder healthcheck --ready"]
  ) { call in
    let target = call["--ready"] == nil ? "/healthz" : "/readyz"
    let (status, text) = try AdminSocket.page(call.settings.text(.data) + "/wonder.sock", target)
    guard status == 200 else {
      for problem in text.split(separator: "\n") { call.console.error("wonder healthcheck: \(problem)") }
      return .failed
    }
    call.console.out("ok")
    return .done
  }
}
