import Basics
import Storage

extension Announcing {
  /// Writes the webhooks of a file that was just stored into the transaction that stores it; true when there are any, and
  /// then `ring` after the commit.
  func write(stored file: StoredFile, at now: Timestamp, in database: Database) throws -> Bool {
    let endpoints = try listeners(to: .stored, in: file.workspaceID, database)
    let deliveries = try render(stored: file, endpoints: endpoints, in: database)
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return !deliveries.isEmpty
  }

  /// The webhooks of a file that was stored as they are worded now; nothing is written.
  func render(stored file: StoredFile, endpoints: [Endpoint], in database: Database) throws -> [NewDelivery] {
    guard !endpoints.isEmpty, let workspace = try Workspaces.facts(file.workspaceID, in: database) else { return [] }
    let name = identifier(ofFile: file.id)
    return announcer.deliveries(
      of: Happening(
        kind: .stored, at: file.createdAt, percent: nil, subject: .file(links.view(file, workspace: workspace.slug)),
        inputs: [file.name], sources: 1, identifiers: store.identifiers, identifier: { _ in name }),
      to: Audience(own: nil, endpoints: endpoints))
  }

  /// The identifier of the event that a file was stored.
  func identifier(ofFile row: Int64) -> String { identifiers.text(of: "file", row) }
}
