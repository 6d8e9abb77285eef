import Basics
package import Storage

/// Finds batches for those who may see them, on threads that may block.
package struct BatchDesk: Sendable {
  /// Which tasks of a batch are shown.
  package struct Query: Sendable {
    package var limit = 100
    package var after: Int64 = 0

    package init() {}
  }

  package struct Page: Sendable {
    package let batches: [(batchID: String, batch: Batch)]
    /// Where the next page begins, or nil on the last one.
    package let next: String?
  }

  let store: Store
  private let links: Links
  let blocking: Blocking

  init(store: Store, links: Links, blocking: Blocking) {
    self.store = store
    self.links = links
    self.blocking = blocking
  }

  /// A workspace's batch by its row; throws `Refusal.unknownBatch`.
  package func view(_ workspace: Workspace, row: Int64, _ query: Query = Query()) async throws -> BatchView {
    try await blocking.run { try viewNow(workspace, row: row, query) }
  }

  /// The same on the calling thread, for few tasks.
  package func viewNow(_ workspace: Workspace, row: Int64, _ query: Query = Query()) throws -> BatchView {
    try store.read { database in
      guard let batch = try Batches.find(workspace.id, id: row, in: database) else { throw Refusal.unknownBatch }
      return try BatchView(
        batch, workspace: (workspace.slug, workspace.retention), after: query.after, limit: query.limit, links: links,
        store.identifiers, in: database)
    }
  }

  /// The row of a batch's public identifier; throws `Refusal.unknownBatch`.
  package func row(of batchID: String) throws -> Int64 {
    guard let row = store.identifiers.row(.batch, batchID) else { throw Refusal.unknownBatch }
    return row
  }

  /// A page of a workspace's batches, the newest first.
  package func list(_ workspace: Workspace, before: Int64, limit: Int) async throws -> Page {
    let rows = try await blocking.run { [store] in
      try store.read { try Batches.list(workspace.id, before: before, limit: limit + 1, in: $0) }
    }
    let shown = rows.prefix(limit).map { (store.identifiers.text(.batch, $0.id), $0) }
    return Page(batches: shown, next: rows.count > limit ? shown.last?.0 : nil)
  }
}
