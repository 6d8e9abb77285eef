import Glibc
package import Synchronization

/// Several values of one kind, each with a lock of its own, of which a thread always meets the same one first.
///
/// A lock that all loops take for every request makes each wait whenever another one is interrupted while it holds it;
/// what may as well be kept in pieces is kept so. It can be inlined, because a generic class of another module is
/// otherwise looked up at run time for every use.
package final class Striped<Value: ~Copyable>: Sendable {
  @usableFromInline
  package final class Stripe: Sendable {
    @usableFromInline package let value: Mutex<Value>

    @inlinable
    package init(_ value: consuming sending Value) {
      self.value = Mutex(value)
    }
  }

  @usableFromInline package let stripes: [Stripe]

  /// Sixteen values; a power of two, and more than there are threads that are busy at once on small machines.
  @inlinable
  package init(_ make: () -> sending Value) {
    stripes = (0..<16).map { _ in Stripe(make()) }
  }

  /// Uses the value of the calling thread.
  @inlinable
  package func withOwn<Result>(_ body: (inout sending Value) -> sending Result) -> sending Result {
    stripes[own].value.withLock(body)
  }

  /// Uses one value after the other, that of the calling thread first, until one gives a result.
  @inlinable
  package func first<Result>(_ body: (inout sending Value) -> sending Result?) -> sending Result? {
    let own = own
    for step in 0..<16 {
      if let found = stripes[(own + step) % 16].value.withLock(body) { return found }
    }
    return nil
  }

  /// Uses each value.
  @inlinable
  package func each(_ body: (inout sending Value) -> Void) {
    for stripe in stripes { stripe.value.withLock { body(&$0) } }
  }

  /// Stacks of threads lie far from each other, so the address of a thread's own memory, mixed, tells them apart.
  @usableFromInline
  package var own: Int { Int((UInt64(pthread_self()) &* 0x9E37_79B9_7F4A_7C15) >> 60) }
}
