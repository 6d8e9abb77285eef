package import Basics
import Synchronization

/// Bytes that look random and are the same in every run.
package final class SeededEntropy: Sendable {
  private let state: Mutex<UInt64>

  package init(seed: UInt64 = 1) {
    state = Mutex(seed)
  }

  package var entropy: Entropy {
    Entropy { [self] count in
      state.withLock { state in
        (0..<count).map { _ in
          state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          return UInt8(truncatingIfNeeded: state >> 33)
        }
      }
    }
  }
}
