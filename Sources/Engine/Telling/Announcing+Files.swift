import Basics
import Storage

extension Announcing {
  /// Writes the webhooks of a file that was just stored into the transaction that stores it; true when there are any, and
  /// then `ring` after the commit.
  func write(stored file: StoredFile, at now: Timestamp, in database: Database) throws -> Bool {
    let endpoints = try listeners(to: .stored, in: file.workspaceID, database)
    guard !endpoints.isEmpty, let workspace = try Workspaces.facts(file.workspaceID, in: database) else { return false }
    let deliveries = announcer.deliveries(
      of: Happening(
        kind: .stored, at: now, percent: nil, subject: .file(links.view(file, workspace: workspace.slug)),
        inputs: [file.name], sources: 1, identifiers: store.identifiers,
        identifier: { [identifiers] _ in identifiers.text(of: "file", file.id) }),
      to: Audience(own: nil, endpoints: endpoints))
    for delivery in deliveries { try Deliveries.insert(delivery, at: now, in: database) }
    return !deliveries.isEmpty
  }
}
