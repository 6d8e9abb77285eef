package import Basics
import Synchronization

/// What was read from the database by a key, kept until something is committed: whoever polls an idle server costs it no query.
///
/// Each thread keeps its own, so that none waits for another, and a few only. It can be inlined, because a generic class
/// of another module is otherwise looked up at run time for every use.
package final class Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  @usableFromInline
  package struct Kept: Sendable {
    @usableFromInline package var commit: UInt64 = 0
    @usableFromInline package var values: [Key: Value] = [:]

    @inlinable
    package init() {}
  }

  @usableFromInline package let store: Store
  @usableFromInline package let stripes: Striped<Kept>

  @inlinable
  package init(store: Store) {
    self.store = store
    stripes = Striped { Kept() }
  }

  /// The value of a key as of the last commit; `read` is asked for one that is not known, and nil is not kept.
  @inlinable
  package func value(_ key: Key, _ read: (Database) throws -> Value?) throws -> Value? {
    // Read before the snapshot is taken: a commit in between makes the value newer than its number says, never older.
    let commit = store.lastCommit
    if let value = stripes.withOwn({ $0.commit == commit ? $0.values[key] : nil }) { return value }
    guard let value = try store.read(read) else { return nil }
    stripes.withOwn { kept in
      if kept.commit != commit || kept.values.count >= 32 {
        kept.values.removeAll(keepingCapacity: true)
        kept.commit = commit
      }
      kept.values[key] = value
    }
    return value
  }
}
