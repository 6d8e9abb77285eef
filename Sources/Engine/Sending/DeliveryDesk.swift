package import Storage

/// The webhooks of one workspace, for its own clients.
package struct DeliveryDesk: Sendable {
  /// A webhook with the last attempt at it.
  package struct Entry: Sendable {
    package let delivery: ListedDelivery
    package let last: Attempt?
  }

  private let store: Store
  private let replays: Replays

  init(store: Store, replays: Replays) {
    self.store = store
    self.replays = replays
  }

  /// The newest webhooks of a workspace; its mail is none.
  package func newest(_ workspace: Int64, limit: Int) throws -> [Entry] {
    try store.read { database in
      try Deliveries.webhooks(workspace, limit: limit, in: database).map { try entry($0, database) }
    }
  }

  /// Sends a workspace's webhook again; gives the new delivery.
  ///
  /// Throws `Refusal.unknownDelivery`, or `Refusal.noReceiver` when its endpoint is off or gone.
  package func sendAgain(_ workspace: Int64, row: Int64, by actor: Actor) async throws -> (row: Int64, entry: Entry) {
    let again = try await replays.delivery(row, of: workspace, by: actor)
    return try store.read { database in
      guard let delivery = try Deliveries.find(id: again, in: database) else { throw Refusal.unknownDelivery }
      return (again, try entry(delivery, database))
    }
  }

  private func entry(_ delivery: ListedDelivery, _ database: Database) throws -> Entry {
    let last = delivery.attempts == 0 ? nil : try Deliveries.attempts(delivery.id, in: database).last
    return Entry(delivery: delivery, last: last)
  }
}
