import Glibc

/// Wakes threads that wait for work; a ring that nobody waited for is kept for the next one who does.
///
/// `@unchecked Sendable`: it holds a pthread mutex and condition, and every field is touched under that mutex.
package final class Doorbell: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var rings = 0
  private var hasClosed = false

  package init() {
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Wakes up to `times` waiting threads, or lets as many later waits through.
  package func ring(times: Int = 1) {
    pthread_mutex_lock(mutex)
    rings = min(rings + times, 1024)
    pthread_mutex_unlock(mutex)
    // Not under the lock, which the thread that wakes takes first of all.
    for _ in 0..<min(times, 64) { pthread_cond_signal(condition) }
  }

  /// Lets every present and future wait return at once with false.
  package func close() {
    pthread_mutex_lock(mutex)
    hasClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  package var isClosed: Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return hasClosed
  }

  /// Waits for a ring: true when one came, false when the time was over or the bell is closed.
  package func wait(timeout: Duration? = nil) -> Bool {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var deadline = timespec()
    if let timeout {
      let end = Clock.readMonotonic() + timeout.nanoseconds
      deadline = timespec(tv_sec: Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
    }
    while rings == 0 && !hasClosed {
      let code =
        timeout == nil
        ? pthread_cond_wait(condition, mutex) : pthread_cond_timedwait(condition, mutex, &deadline)
      if code == ETIMEDOUT { break }
    }
    guard rings > 0, !hasClosed else { return false }
    rings -= 1
    return true
  }
}
