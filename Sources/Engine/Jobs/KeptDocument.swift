import Synchronization

/// How a view was worded last, kept with it for whoever asks by the same address again.
package final class KeptDocument: Sendable {
  private let last = Mutex<(home: String, bytes: [UInt8], tag: String)?>(nil)

  /// The document whose links begin with `home`, and its tag; `make` is asked when the last one was another.
  package func value(for home: String, _ make: () -> (bytes: [UInt8], tag: String)) -> (bytes: [UInt8], tag: String) {
    let found = last.withLock { $0.flatMap { $0.home == home ? ($0.bytes, $0.tag) : nil } }
    if let found { return found }
    let made = make()
    last.withLock { $0 = (home, made.bytes, made.tag) }
    return made
  }
}
