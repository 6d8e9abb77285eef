import Basics
package import Storage

/// The folders of stored files.
extension FileStore {
  /// A workspace's folders in another one, or in none; nil for all of them.
  package func folders(_ workspace: Workspace, in parent: Int64??) throws -> [StoredFolder] {
    try store.read { database in
      guard let parent else {
        return try StoredFolders.all(workspace.id, limit: FileStore.mostFolders, in: database)
      }
      if let parent { _ = try FileStore.folder(parent, workspace, database) }
      return try StoredFolders.list(workspace.id, parent: parent, limit: FileStore.mostFolders, in: database)
    }
  }

  /// The folders that one is in, itself first; throws `Refusal.unknownFolder`.
  package func line(_ workspace: Workspace, to row: Int64) throws -> [StoredFolder] {
    try store.read { database in
      _ = try FileStore.folder(row, workspace, database)
      return try StoredFolders.line(workspace.id, to: row, in: database)
    }
  }

  /// Makes a folder; throws `Refusal.unknownFolder` for a parent that is none.
  package func makeFolder(
    _ name: String, color: String? = nil, in parent: Int64?, of workspace: Workspace
  ) async throws -> StoredFolder {
    let name = try FileStore.folderName(name)
    let now = clock.now()
    let folder = try await store.write { database in
      try FileStore.makeFolder(name, color, parent, workspace, at: now, database)
    }
    store.changes.note(workspace.id)
    return folder
  }

  static func makeFolder(
    _ name: String, _ color: String? = nil, _ parent: Int64?, _ workspace: Workspace, at now: Timestamp,
    _ database: Database
  ) throws -> StoredFolder {
    if let parent { try requireLevels(1, below: parent, workspace, database) }
    guard try StoredFolders.count(workspace.id, in: database) < mostFolders else {
      throw Refusal.tooManyFolders(mostFolders)
    }
    let row = try StoredFolders.insert(workspace.id, parent: parent, name: name, color: color, at: now, in: database)
    return try folder(row, workspace, database)
  }

  /// What becomes of a folder.
  package struct FolderChange: Sendable {
    package var name: String
    package var parent: Int64?
    package var color: String?
  }

  /// Changes a folder; throws `Refusal.unknownFolder`, and `Refusal.invalidFields` for one that would be in itself.
  package func changeFolder(
    _ workspace: Workspace, row: Int64, by actor: Actor? = nil,
    _ change: @escaping @Sendable (inout FolderChange) throws -> Void
  ) async throws -> StoredFolder {
    let now = clock.now()
    let folder = try await store.write { database in
      let folder = try FileStore.folder(row, workspace, database)
      var changed = FolderChange(name: folder.name, parent: folder.parentID, color: folder.color)
      try change(&changed)
      let name = try FileStore.folderName(changed.name)
      if let parent = changed.parent, parent != folder.parentID {
        if try StoredFolders.line(workspace.id, to: parent, in: database).contains(where: { $0.id == row }) {
          throw Refusal.folderInItself
        }
        let levels = try StoredFolders.levels(below: row, of: workspace.id, in: database)
        try FileStore.requireLevels(levels + 1, below: parent, workspace, database)
      }
      try StoredFolders.set(
        workspace.id, id: row, name: name, parent: changed.parent, color: changed.color, at: now, in: database)
      try actor?.record("folder.change", store.identifiers.text(.folder, row), workspace.slug, at: now, in: database)
      return try FileStore.folder(row, workspace, database)
    }
    store.changes.note(workspace.id)
    return folder
  }

  /// Deletes a folder, and what is in it moves to where it was; throws `Refusal.unknownFolder`.
  package func deleteFolder(_ workspace: Workspace, row: Int64, by actor: Actor? = nil) async throws {
    let now = clock.now()
    try await store.write { database in
      try StoredFolders.delete(FileStore.folder(row, workspace, database), at: now, in: database)
      try actor?.record("folder.remove", store.identifiers.text(.folder, row), workspace.slug, at: now, in: database)
    }
    store.changes.note(workspace.id)
  }

  static func folder(_ row: Int64, _ workspace: Workspace, _ database: Database) throws -> StoredFolder {
    guard let folder = try StoredFolders.find(workspace.id, id: row, in: database) else { throw Refusal.unknownFolder }
    return folder
  }

  /// Throws when more folders would be in each other than may be; `Refusal.unknownFolder` for a parent that is none.
  private static func requireLevels(
    _ levels: Int, below parent: Int64, _ workspace: Workspace, _ database: Database
  ) throws {
    _ = try folder(parent, workspace, database)
    let above = try StoredFolders.line(workspace.id, to: parent, in: database).count
    guard above + levels <= StoredFolders.mostLevels else {
      throw Refusal.tooManyLevels(StoredFolders.mostLevels)
    }
  }

  static func folderName(_ text: String) throws -> String {
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw Refusal.invalidFields.naming([.init("name", "is required")])
    }
    return FileNames.clean(text)
  }
}
