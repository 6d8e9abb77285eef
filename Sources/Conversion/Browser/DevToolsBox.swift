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

  /// More than a page has ever to tell before it is heard; one that tells more floods, and its browser counts as gone.
  static let most = 50_000

  private struct State {
    var items: [Item] = []
    /// How many of them have been taken.
    var taken = 0

    mutating func take() -> Item? {
      guard taken < items.count else { return nil }
      defer {
        taken += 1
        if 2 * taken >= items.count {
          items.removeFirst(taken)
          taken = 0
        }
      }
      return items[taken]
    }
  }

  private let state = Mutex(State())
  private let bell = Doorbell()

  func put(_ item: Item) {
    state.withLock { state in
      if state.items.count - state.taken < DevToolsBox.most {
        state.items.append(item)
      } else {
        state = State(items: [.end])
      }
    }
    bell.ring()
  }

  /// The next that has come, if need be after a wait of at most so long; nil when nothing has.
  func take(longest: Duration) -> Item? {
    let end = Clock.readMonotonic() + longest.nanoseconds
    while true {
      if let item = state.withLock({ $0.take() }) { return item }
      let left = end - Clock.readMonotonic()
      guard left > 0 else { return nil }
      _ = bell.wait(timeout: .nanoseconds(left))
    }
  }
}
