package import Basics
import Synchronization

/// Tells those who wait for the next attempt at a delivery that it has been recorded.
package final class DeliveryWatch: Sendable {
  private let waiting = Mutex<[Int64: [OneShot]]>([:])

  package init() {}

  /// What comes with the next recorded attempt at a delivery; `forget` it afterwards.
  package func next(_ delivery: Int64) -> OneShot {
    let shot = OneShot()
    waiting.withLock { $0[delivery, default: []].append(shot) }
    return shot
  }

  package func forget(_ delivery: Int64, _ shot: OneShot) {
    waiting.withLock { waiting in
      waiting[delivery]?.removeAll { $0 === shot }
      if waiting[delivery]?.isEmpty == true { waiting[delivery] = nil }
    }
  }

  /// Called after the commit that holds the attempt.
  package func recorded(_ delivery: Int64) {
    for shot in waiting.withLock({ $0.removeValue(forKey: delivery) }) ?? [] { shot.come() }
  }
}
