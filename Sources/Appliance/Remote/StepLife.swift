import Basics
import Conversion
import Synchronization

/// The signs of life of `wonder step`, and its look at whether anybody still waits for what it does.
final class StepLife: Sendable {
  private struct State {
    var at: Int?
    var gone: Set<Int> = []
    var isCanceled = false
  }

  private static let look = Duration.seconds(1)
  /// A sign of life comes with every so many looks.
  private static let looks = 5

  private let folders: [RemoteFolder]
  private let print: @Sendable (RemoteLine) -> Void
  private let state = Mutex(State())
  private let bell = Doorbell()

  init(_ folders: [RemoteFolder], print: @escaping @Sendable (RemoteLine) -> Void) {
    self.folders = folders
    self.print = print
  }

  func tell(_ line: RemoteLine) { print(line) }

  /// Goes on to the folder with this number; false where nobody waits for it any more.
  func begin(_ number: Int) -> Bool {
    guard folders[number].isLeased, !state.withLock(\.isCanceled) else { return false }
    state.withLock { $0.at = number }
    tell(.begun(number))
    return true
  }

  func isCanceled(_ number: Int) -> Bool {
    state.withLock { $0.isCanceled || $0.gone.contains(number) }
  }

  func cancel() { state.withLock { $0.isCanceled = true } }

  /// Gives signs of life until the end.
  func beat() {
    var count = 0
    while !bell.wait(timeout: StepLife.look), !bell.isClosed {
      count += 1
      if count % StepLife.looks == 0 { tell(.alive) }
      guard let number = state.withLock(\.at), !folders[number].isLeased else { continue }
      state.withLock { _ = $0.gone.insert(number) }
    }
  }

  func end() { bell.close() }
}
