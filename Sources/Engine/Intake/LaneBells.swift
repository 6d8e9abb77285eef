package import Basics
import Conversion
package import Formats

/// A bell for each lane, so that work wakes a thread that may take it.
package struct LaneBells: Sendable {
  private let bells = Lane.allCases.map { _ in Doorbell() }

  package init() {}

  package subscript(lane: Lane) -> Doorbell { bells[lane.rawValue] }

  /// Wakes one thread of each lane, for whoever does not know which it is.
  package func ring() { for bell in bells { bell.ring() } }
}
