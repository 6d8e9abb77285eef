import Basics
import Formats
import Synchronization

/// What a browser has said to whoever works with one of its pages, in its order; one thread takes it.
final class DevToolsBox: Sendable {
  enum Item {
    case answer(Int, JSONValue)
    /// What it says to a command that it does not obey.
    case refusal(Int, String)
    /// The session is nil for what is about targets.
    case event(String, JSONValue, session: String?)
    /// The browser is gone, and nothing else comes.
    case end
  }

  private let items = Mutex<[Item]>([])
  private let bell = Doorbell()

  func put(_ item: Item) {
    items.withLock { $0.append(item) }
    bell.ring()
  }

  /// The next that has come, if need be after a wait of at most so long; nil when nothing has.
  func take(longest: Duration) -> Item? {
    let end = Clock.readMonotonic() + longest.nanoseconds
    while true {
      let item: Item? = items.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      if let item { return item }
      let left = end - Clock.readMonotonic()
      guard left > 0 else { return nil }
      _ = bell.wait(timeout: .nanoseconds(left))
    }
  }
}
