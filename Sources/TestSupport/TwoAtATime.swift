import Basics
import Synchronization

/// Work for two cores: what takes most of its time in programs of others is done two at a time.
package enum TwoAtATime {
  /// What the body gives for each element, in their order; throws the first failure.
  ///
  /// What is checked of it is checked afterwards, by the thread of the test.
  package static func map<Element: Sendable, Made: Sendable>(
    _ elements: [Element], _ body: @escaping @Sendable (Element) throws -> Made
  ) throws -> [Made] {
    let work = Work<Made>(count: elements.count)
    let threads = (0..<2).map { _ in
      ServiceThread("two-at-a-time") {
        while let index = work.next() { work.give(Result { try body(elements[index]) }, at: index) }
      }
    }
    for thread in threads { thread.join() }
    return try work.made()
  }

  private final class Work<Made: Sendable>: Sendable {
    private let state: Mutex<(next: Int, made: [Result<Made, any Error>?])>

    init(count: Int) {
      state = Mutex((0, Array(repeating: nil, count: count)))
    }

    /// The place of the next element; nil when all are taken.
    func next() -> Int? {
      state.withLock { state in
        guard state.next < state.made.count else { return nil }
        state.next += 1
        return state.next - 1
      }
    }

    func give(_ made: Result<Made, any Error>, at index: Int) { state.withLock { $0.made[index] = made } }

    func made() throws -> [Made] { try state.withLock { $0.made }.compactMap { try $0?.get() } }
  }
}
