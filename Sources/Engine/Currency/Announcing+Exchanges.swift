import Basics
import Storage

extension Announcing {
  /// Writes the webhooks of an exchange into the transaction that records it; true when there are any, and then `ring` after
  /// the commit.
  func write(_ exchange: Exchange, at now: Timestamp, in database: Database) throws -> Bool {
    let endpoints = try listeners(to: .completed, in: exchange.workspaceID, database)
    guard !endpoints.isEmpty else { return false }
    let name = identifiers.text(of: "exchange", exchange.id)
    let deliveries = announcer.deliveries(
      of: Happening(
        kind: .completed, at: now, percent: nil, subject: .exchange(exchange), inputs: [], sources: 0,
        identifiers: store.identifiers, identifier: { _ in name }),
      to: Audience(own: nil, endpoints: endpoints))
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return !deliveries.isEmpty
  }
}
