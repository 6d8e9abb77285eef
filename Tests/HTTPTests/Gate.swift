/// Holds a handler until the test lets it pass, and tells the test that it is there.
struct Gate: Sendable {
  private let entries = AsyncStream<Void>.makeStream()
  private let passes = AsyncStream<Void>.makeStream()

  func pass() async {
    entries.continuation.yield()
    for await _ in passes.stream { return }
  }

  func entered() async {
    for await _ in entries.stream { return }
  }

  func open() {
    passes.continuation.yield()
  }
}
