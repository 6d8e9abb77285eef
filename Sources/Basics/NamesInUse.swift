import Synchronization

/// The names of files that this process has in hand, so that what belongs to nobody is known and not guessed by age.
package final class NamesInUse: Sendable {
  private let names = Mutex<Set<String>>([])

  package init() {}

  package func enter(_ names: some Sequence<String>) {
    self.names.withLock { $0.formUnion(names) }
  }

  /// Enters a name that is not in use; false for one that is.
  package func take(_ name: String) -> Bool { names.withLock { $0.insert(name).inserted } }

  package func leave(_ names: some Sequence<String>) {
    self.names.withLock { $0.subtract(names) }
  }

  package func contains(_ name: String) -> Bool {
    names.withLock { $0.contains(name) }
  }
}
