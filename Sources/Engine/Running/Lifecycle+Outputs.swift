import Basics
import Storage

/// Changes of what a job has made.
extension Lifecycle {
  /// Gives outputs of a workspace's job other names and more passwords.
  ///
  /// Throws `Refusal.unknownJob`, or `Refusal.unknownFile` for an output that the job does not have.
  package func change(
    _ workspace: Int64, job row: Int64, names: [Int64: String], downloadPasswords: [String]
  ) async throws {
    let lock = DownloadLock(store: store, clock: clock)
    try await store.write { database in
      guard try Jobs.find(workspace, id: row, in: database) != nil else { throw Refusal.unknownJob }
      for (output, name) in names {
        guard try Outputs.setName(id: output, job: row, FileNames.clean(name), in: database) else {
          throw Refusal.unknownFile
        }
      }
      try DownloadPasswords.insert(downloadPasswords.map(lock.code), job: row, in: database)
    }
    store.changes.note(workspace)
  }

  /// Deletes one output of a workspace's job; throws like `change`.
  package func delete(output: Int64, ofJob row: Int64, in workspace: Int64) async throws {
    let files = try await store.write { database in
      guard try Jobs.find(workspace, id: row, in: database) != nil else { throw Refusal.unknownJob }
      let files = try Outputs.delete(id: output, job: row, in: database)
      guard !files.blobs.isEmpty else { throw Refusal.unknownFile }
      try Usage.addStored(workspace, -files.bytes, in: database)
      return files
    }
    store.blobs.remove(files.blobs)
    store.changes.note(workspace)
  }
}
