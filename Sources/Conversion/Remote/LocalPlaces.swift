package import Formats
import Synchronization

/// How many steps of each lane are made on this machine at once, where others are made elsewhere.
package final class LocalPlaces: Sendable {
  private let most: [Lane: Int]
  private let busy = Mutex<[Lane: Int]>([:])

  package init(_ most: [Lane: Int]) {
    self.most = most
  }

  func take(_ lane: Lane) -> Bool {
    busy.withLock { busy in
      guard busy[lane, default: 0] < most[lane, default: 1] else { return false }
      busy[lane, default: 0] += 1
      return true
    }
  }

  func give(_ lane: Lane) { busy.withLock { $0[lane, default: 1] -= 1 } }
}
