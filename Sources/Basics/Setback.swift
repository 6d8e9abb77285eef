/// What a loop does about failures that repeat: waits longer each time, and says the first and the end of them.
package struct Setback {
  package static let shortest = Duration.seconds(1)
  static let longest = Duration.seconds(60)

  private let message: String
  private let log: Log
  private(set) var failures = 0
  private var delay = Setback.shortest

  /// `message` is what cannot be done, as the log says it.
  package init(_ message: String, log: Log) {
    self.message = message
    self.log = log
  }

  /// Says the first failure in a row, counts the others, and gives how long to wait before the next try.
  package mutating func failed(_ error: any Error) -> Duration {
    failures += 1
    guard failures > 1 else {
      log.error(message, ["error": "\(error)"])
      return delay
    }
    delay = min(delay * 2, Setback.longest)
    return delay
  }

  /// Says that failures are over, if there were any.
  package mutating func worked() {
    guard failures > 0 else { return }
    log.notice(message + ": that is over", ["failures": String(failures)])
    failures = 0
    delay = Setback.shortest
  }
}
