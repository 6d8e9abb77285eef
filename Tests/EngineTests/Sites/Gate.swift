import Glibc
import Synchronization

/// Holds up whoever waits until it is opened.
final class Gate: Sendable {
  private let isOpen = Atomic(false)

  func wait() { while !isOpen.load(ordering: .acquiring) { sched_yield() } }
  func open() { isOpen.store(true, ordering: .releasing) }
}
