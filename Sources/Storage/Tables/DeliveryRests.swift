package import Basics
import Synchronization

/// Which addresses the courier leaves alone for a while, for those who show deliveries.
package final class DeliveryRests: Sendable {
  /// Until when nothing is sent, and why.
  package struct Rest: Sendable, Equatable {
    package let until: Timestamp
    package let reason: String

    package init(until: Timestamp, reason: String) {
      self.until = until
      self.reason = reason
    }
  }

  /// What rests together.
  package enum Scope: Hashable, Sendable {
    case host(String)
    case workspace(Int64?, host: String)
    case address(DeliveryAddress)
  }

  private let rests = Mutex<[Scope: Rest]>([:])

  package init() {}

  package func set(_ scope: Scope, _ rest: Rest?) {
    rests.withLock { $0[scope] = rest }
  }

  /// The longest of the rests that hold up an address.
  package func rest(of address: DeliveryAddress, at now: Timestamp) -> Rest? {
    let scopes: [Scope] = [
      .host(address.origin), .workspace(address.workspaceID, host: address.origin), .address(address),
    ]
    return rests.withLock { rests in
      scopes.compactMap { rests[$0] }.filter { $0.until > now }.max { $0.until < $1.until }
    }
  }

  /// All that rests now, what rests longest first.
  package func all(at now: Timestamp) -> [(scope: Scope, rest: Rest)] {
    rests.withLock { rests in
      rests.filter { $0.value.until > now }.map { ($0.key, $0.value) }.sorted { $0.1.until > $1.1.until }
    }
  }

  package var count: Int { rests.withLock { $0.count } }
}
