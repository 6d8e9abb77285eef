import Glibc
import Synchronization

/// Holds up whoever waits until it is opened.
package final class Gate: Sendable {
  private let isOpen = Atomic(false)

  package init() {}

  package func wait() { while !isOpen.load(ordering: .acquiring) { sched_yield() } }
  package func open() { isOpen.store(true, ordering: .releasing) }
}
