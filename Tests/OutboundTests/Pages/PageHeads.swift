import Synchronization

/// Heads of requests in the order in which they came.
final class PageHeads: Sendable {
  private let heads = Mutex<[String]>([])

  func add(_ head: String) { heads.withLock { $0.append(head) } }

  var all: [String] { heads.withLock(\.self) }
}
