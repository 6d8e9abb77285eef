import Basics
import Conversion
import Formats
import Glibc
package import Storage

/// The files of workspaces that stay until they are deleted, and their folders.
///
/// Every call names the workspace first; a row of another one is not found.
package struct FileStore: Sendable {
  static let mostFolders = StoredFolders.mostOfOneWorkspace

  let store: Store
  let links: Links
  let announcing: Announcing?
  let blocking: Blocking
  let clock: Clock
  let room: Room
  let busy = NamesInUse()

  init(store: Store, links: Links, announcing: Announcing?, blocking: Blocking, clock: Clock, room: Room) {
    self.store = store
    self.links = links
    self.announcing = announcing
    self.blocking = blocking
    self.clock = clock
    self.room = room
  }

  /// A page of a workspace's files, the newest first, and how many there are.
  package func list(_ workspace: Workspace, _ query: StoredFiles.Query) throws -> (files: [StoredFileView], count: Int)
  {
    try store.read { database in
      if case .folder(let folder?) = query.place { _ = try FileStore.folder(folder, workspace, database) }
      let files = try StoredFiles.list(workspace.id, query, in: database)
      return (files.map { view($0, workspace) }, try StoredFiles.count(workspace.id, query, in: database))
    }
  }

  /// A workspace's file by its row; throws `Refusal.unknownStoredFile`.
  package func view(_ workspace: Workspace, row: Int64) throws -> StoredFileView {
    view(try store.read { try FileStore.file(row, workspace, $0) }, workspace)
  }

  /// A workspace's file, open for reading; the caller closes the descriptor.
  ///
  /// Throws `Refusal.unknownStoredFile`.
  package func open(_ workspace: Workspace, row: Int64) throws -> (file: StoredFile, descriptor: Int32) {
    let file = try store.read { try FileStore.file(row, workspace, $0) }
    do { return (file, try store.blobs.open(file.blob)) } catch {
      // Deleted after the row was read, it is as gone as if it had been before.
      _ = try store.read { try FileStore.file(row, workspace, $0) }
      throw error
    }
  }

  /// What was stored of a workspace's job, by the outputs that the files were made of, and why something was not.
  ///
  /// Files that the job came with have no output. Throws `Refusal.unknownJob`.
  package func stored(_ workspace: Workspace, job row: Int64) throws -> (
    files: [StoredFileView], wish: StoreWish?
  ) {
    try store.read { database in
      guard let job = try Jobs.find(workspace.id, id: row, in: database) else { throw Refusal.unknownJob }
      let wish = try StoreWishes.find(job, in: database)
      guard wish != nil else { return ([], nil) }
      return (try StoredFiles.all(workspace.id, job: row, in: database).map { view($0, workspace) }, wish)
    }
  }

  /// Stores a file of the spool; it is durable before this returns.
  ///
  /// Throws `Refusal.storageQuota` when the workspace has no room for it, `Refusal.unknownFolder`.
  package func add(
    _ file: Submission.File, to folder: Int64?, metadata: String? = nil, in workspace: Workspace,
    origin: Usage.Origin = .api
  ) async throws -> StoredFileView {
    let now = clock.now()
    let (stored, isAnnounced) = try await blocking.run(heavy: file.size > 8 << 20) {
      let name = FileNames.clean(file.name)
      let mediaType = try MediaTypes.type(ofFileAt: file.path, named: name, said: file.contentType)
      let sha256 = try FileHash.sha256(file.path)
      let sides = try PictureSides(ofFileAt: file.path)
      return try store.blobs.place([file.path]) { blobs in
        do {
          file.keeper.handOver()
          return try store.writeBlocking { database in
            var new = NewStoredFile(
              workspaceID: workspace.id, folderID: folder, name: name, mediaType: mediaType, size: file.size,
              sha256: sha256, blob: blobs[0], createdAt: now)
            (new.width, new.height, new.metadata) = (sides?.width, sides?.height, metadata)
            try Usage.add(workspace.id, origin: origin, files: 1, bytes: file.size, at: now, in: database)
            return try insert(new, workspace, database)
          }
        } catch {
          if !store.hasStoppedWriting { store.blobs.remove(blobs) }
          throw error
        }
      }
    }
    told(isAnnounced, workspace)
    return view(stored, workspace)
  }

  /// Writes the row of a file whose bytes are in place, and the webhooks about it.
  func insert(_ new: NewStoredFile, _ workspace: Workspace, _ database: Database) throws -> (StoredFile, Bool) {
    if let folder = new.folderID { _ = try FileStore.folder(folder, workspace, database) }
    if let most = try Quota.excess(of: new.size, in: workspace.id, database) {
      throw Refusal.storageQuota(most, plan: workspace.plan)
    }
    let file = try StoredFiles.insert(new, in: database)
    return (file, try announcing?.write(stored: file, at: new.createdAt, in: database) ?? false)
  }

  /// What becomes of a file.
  package struct Change: Sendable {
    package var name: String
    /// Nil for no folder.
    package var folder: Int64?
    /// JSON: what its owner notes of it.
    package var metadata: String?
  }

  /// Changes a workspace's file; throws `Refusal.unknownStoredFile`, `Refusal.unknownFolder` and what `change` throws.
  package func change(
    _ workspace: Workspace, row: Int64, by actor: Actor? = nil,
    _ change: @escaping @Sendable (inout Change) throws -> Void
  ) async throws -> StoredFileView {
    let now = clock.now()
    let file = try await store.write { database in
      let file = try FileStore.file(row, workspace, database)
      var changed = Change(name: file.name, folder: file.folderID, metadata: file.metadata)
      try change(&changed)
      if let folder = changed.folder { _ = try FileStore.folder(folder, workspace, database) }
      _ = try StoredFiles.set(
        workspace.id, id: row, name: FileNames.clean(changed.name), folder: changed.folder, metadata: changed.metadata,
        at: now, in: database)
      try actor?.record("file.change", store.identifiers.text(.storedFile, row), workspace.slug, at: now, in: database)
      return try FileStore.file(row, workspace, database)
    }
    store.changes.note(workspace.id)
    return view(file, workspace)
  }

  /// Deletes a workspace's file; throws `Refusal.unknownStoredFile`.
  package func delete(_ workspace: Workspace, row: Int64, by actor: Actor? = nil) async throws {
    let now = clock.now()
    let files = try await store.write { database in
      let files = try StoredFiles.delete(workspace.id, id: row, in: database)
      guard !files.blobs.isEmpty else { throw Refusal.unknownStoredFile }
      try actor?.record("file.remove", store.identifiers.text(.storedFile, row), workspace.slug, at: now, in: database)
      return files
    }
    store.blobs.remove(files.blobs)
    store.changes.note(workspace.id)
  }

  func told(_ isAnnounced: Bool, _ workspace: Workspace) {
    store.changes.note(workspace.id)
    if isAnnounced { announcing?.ring() }
  }

  func view(_ file: StoredFile, _ workspace: Workspace) -> StoredFileView {
    links.view(file, workspace: workspace.slug)
  }

  static func file(_ row: Int64, _ workspace: Workspace, _ database: Database) throws -> StoredFile {
    guard let file = try StoredFiles.find(workspace.id, id: row, in: database) else { throw Refusal.unknownStoredFile }
    return file
  }
}
