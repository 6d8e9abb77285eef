import Basics
package import Storage

extension FileStore {
  /// Stores an output of a workspace's job that has ended, too: both share their bytes, which stay until the last of them
  /// goes.
  ///
  /// Throws `Refusal.unknownJob`, `unknownFile` for an output that is not there any more, and what `add` does.
  package func keep(
    output position: Int, ofJob row: Int64, in folder: Int64?, of workspace: Workspace
  ) async throws -> StoredFileView {
    let now = clock.now()
    let (stored, isAnnounced) = try await blocking.run {
      let outputs = try store.read { database in
        guard try Jobs.find(workspace.id, id: row, in: database) != nil else { throw Refusal.unknownJob }
        return try Outputs.all(job: row, in: database)
      }
      guard outputs.indices.contains(position) else { throw Refusal.unknownFile }
      let output = outputs[position]
      return try store.blobs.link([output.blob]) { names in
        let made = try store.writeBlocking { database in
          guard try Outputs.file(id: output.id, of: workspace.id, in: database) != nil else {
            throw Refusal.unknownFile
          }
          var new = NewStoredFile(
            workspaceID: workspace.id, folderID: folder, name: output.fileName, mediaType: output.mediaType,
            size: output.size, sha256: output.sha256, blob: names[0], createdAt: now)
          (new.width, new.height, new.jobID, new.outputID) = (output.width, output.height, row, output.id)
          return try insert(new, workspace, database)
        }
        return (made, [])
      }
    }
    told(isAnnounced, workspace)
    return view(stored, workspace)
  }
}
