import Basics
import Synchronization

/// How far a long command is: a bar on a terminal, a line for each tenth elsewhere.
final class ProgressBar: Sendable {
  private static let width = 30

  private let verb: String
  private let console: Console
  private let shown = Mutex<Int64>(-1)

  init(_ verb: String, _ console: Console) {
    self.verb = verb
    self.console = console
  }

  /// Draws anew when the percentage, or the tenth, has changed.
  func show(_ done: Int64, of total: Int64) {
    let percent = total > 0 ? min(done * 100 / total, 100) : 100
    let step = console.isTerminal ? percent : percent / 10 * 10
    let isNew = shown.withLock { shown in
      defer { shown = step }
      return shown != step
    }
    guard isNew else { return }
    guard console.isTerminal else { return console.error("\(verb): \(step) %") }
    let filled = Int(percent) * ProgressBar.width / 100
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressBar.width - filled)
    console.draw("\r\(verb) [\(bar)] \(percent) %")
  }

  /// Leaves the line that the bar stands on.
  func end() {
    if console.isTerminal && shown.withLock({ $0 >= 0 }) { console.draw("\n") }
  }
}
