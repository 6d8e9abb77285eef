import Basics
import Glibc

/// The command `wonder admin stats`.
enum StatsCommand {
  /// Milliseconds between two looks.
  private static let pause: Int32 = 2000

  static let command = Command(
    "admin stats", "shows how many jobs are where",
    options: [.init("--watch", nil, "shows it again every two seconds, until what reads it ends"), AdminCommands.json],
    examples: ["wonder admin stats --json", "wonder admin stats --watch"]
  ) { call in
    let isWatching = call["--watch"] != nil
    repeat {
      let stats = try AdminCommands.ask(call, "GET", "/stats", nil)["stats"]
      if isWatching { call.console.clear() }
      AdminCommands.show(stats, call)
    } while isWatching && waits()
    return .done
  }

  /// False as soon as nobody reads standard output any more.
  private static func waits() -> Bool {
    var output = pollfd(fd: 1, events: 0, revents: 0)
    return poll(&output, 1, pause) == 0
  }
}
