package import Basics
package import Engine
import HTTP
package import Storage

/// What the admin API is built from.
package struct AdminParts: Sendable {
  package let store: Store
  package let lifecycle: Lifecycle
  package let provisioning: Provisioning
  package let webhooks: WebhookParts
  package let inspection: Inspection
  package let janitor: Janitor
  package let blocking: Blocking
  package let clock: Clock
  /// The user who owns the data directory; that one and root may act as operators on the socket.
  package let owner: UInt32
  /// What the process knows of itself.
  package let facts: @Sendable () async throws -> JSONValue

  package init(
    store: Store, lifecycle: Lifecycle, provisioning: Provisioning, webhooks: WebhookParts, inspection: Inspection,
    janitor: Janitor,
    blocking: Blocking, clock: Clock, owner: UInt32,
    facts: @escaping @Sendable () async throws -> JSONValue
  ) {
    self.store = store
    self.lifecycle = lifecycle
    self.provisioning = provisioning
    self.webhooks = webhooks
    self.inspection = inspection
    self.janitor = janitor
    self.blocking = blocking
    self.clock = clock
    self.owner = owner
    self.facts = facts
  }

  /// Throws `Refusal.operatorsOnly` unless the request came over the socket from root or the owner.
  func requireOperator(_ request: Request) throws {
    guard case .unix(let user) = request.peer, user == 0 || user == owner else { throw Refusal.operatorsOnly }
  }

  /// Runs a query that may take a while on a thread that may block.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
    try await blocking.run { [store] in try store.read(body) }
  }
}
