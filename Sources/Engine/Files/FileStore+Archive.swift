import Basics
package import Storage

extension FileStore {
  /// Some of a workspace's files in one archive that is made now and kept nowhere, open for reading; the caller closes it.
  ///
  /// Throws `Refusal.unknownStoredFile` when any of them is none of the workspace's.
  package func archive(_ workspace: Workspace, rows: [Int64]) async throws -> (descriptor: Int32, tag: String) {
    guard try store.shortage() == nil else { throw Refusal.storageFull }
    return try await blocking.run {
      let files = try store.read { database in try rows.map { try FileStore.file($0, workspace, database) } }
      return try BatchDesk.archive(files.map { ($0.name, $0.blob) }, of: workspace, store, room)
    }
  }
}
