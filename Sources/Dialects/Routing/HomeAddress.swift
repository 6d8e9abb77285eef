import HTTP
import Synchronization

/// The address in front of links that go out without a request: WONDER_PUBLIC_URL, else where the server listens.
package final class HomeAddress: Sendable {
  private let base: Mutex<String>
  private let isConfigured: Bool

  /// Takes WONDER_PUBLIC_URL, or an empty text.
  package init(configured: String) {
    var text = configured
    while text.hasSuffix("/") { text.removeLast() }
    isConfigured = !text.isEmpty
    base = Mutex(text)
  }

  /// Called once the ports are known; the first address counts when none is configured.
  package func listens(on bound: [String]) {
    guard !isConfigured, let first = bound.first else { return }
    base.withLock { $0 = "http://\(ListenAddress.openable(first))" }
  }

  package func link(_ path: String) -> String { base.withLock { $0 } + path }
}
