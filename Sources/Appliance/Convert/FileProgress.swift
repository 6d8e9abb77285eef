import Glibc
import Synchronization

/// One line on a terminal that tells how far a run is, over all its files.
final class FileProgress: Sendable {
  private struct State {
    /// Percent of the files that are being converted.
    var running: [Int: Int] = [:]
    var finished = 0
  }

  private static let width = 30
  private let count: Int
  private let state = Mutex(State())

  init(count: Int) {
    self.count = count
  }

  func show(_ index: Int, percent: Int) {
    let line = state.withLock { state in
      state.running[index] = percent
      return draw(state)
    }
    write("\r\(line)\u{1B}[K")
  }

  func finish(_ index: Int) {
    let line = state.withLock { state in
      state.running[index] = nil
      state.finished += 1
      return draw(state)
    }
    write("\r\(line)\u{1B}[K")
  }

  /// Takes the line away, so that others can be printed.
  func clear() {
    write("\r\u{1B}[K")
  }

  private func draw(_ state: State) -> String {
    let hundredths = state.finished * 100 + state.running.values.reduce(0, +)
    let filled = hundredths * FileProgress.width / max(1, count * 100)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: FileProgress.width - filled)
    return "[\(bar)] \(hundredths / max(1, count)) %  \(state.finished)/\(count)"
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    // A terminal that has gone takes no more lines either.
    _ = Glibc.write(2, bytes, bytes.count)
  }
}
