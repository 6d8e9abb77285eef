package import Basics

/// A folder of stored files.
package struct StoredFolder: Sendable, Equatable {
  package let id: Int64
  package let workspaceID: Int64
  /// Nil for one that is in no other.
  package let parentID: Int64?
  package let name: String
  package let color: String?
  package let createdAt: Timestamp
  package let updatedAt: Timestamp
}

/// The table of folders.
package enum StoredFolders {
  /// How many folders may be in each other.
  package static let mostLevels = 16
  /// Folders of one workspace.
  package static let mostOfOneWorkspace = 10_000

  private static let columns: StaticString = "id, workspace_id, parent_id, name, color, created_at, updated_at"

  package static func insert(
    _ workspace: Int64, parent: Int64?, name: String, color: String?, at now: Timestamp, in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO folders (workspace_id, parent_id, name, color, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, workspace, parent, name, color, now, now)
    return database.lastRow
  }

  /// A workspace's folder; another workspace's is not found.
  package static func find(_ workspace: Int64, id: Int64, in database: Database) throws -> StoredFolder? {
    try database.first(
      selecting: columns,
      """
      FROM folders
      WHERE id = ? AND workspace_id = ?
      """, id, workspace, row: folder)
  }

  /// The folder of that name in another one, or in none, the oldest of several.
  package static func find(_ workspace: Int64, parent: Int64?, name: String, in database: Database) throws -> Int64? {
    try database.first(
      "SELECT min(id) FROM folders WHERE workspace_id = ? AND parent_id IS ? AND name = ?", workspace, parent, name,
      row: { $0.optionalInteger(0) }) ?? nil
  }

  /// A workspace's folders in another one, or in none, by their names.
  package static func list(_ workspace: Int64, parent: Int64?, limit: Int, in database: Database) throws
    -> [StoredFolder]
  {
    try database.all(
      selecting: columns,
      """
      FROM folders
      WHERE workspace_id = ? AND parent_id IS ?
      ORDER BY name
      LIMIT ?
      """, workspace, parent, limit, row: folder)
  }

  /// All folders of a workspace, those in no other first, then by their names.
  package static func all(_ workspace: Int64, limit: Int, in database: Database) throws -> [StoredFolder] {
    try database.all(
      selecting: columns,
      """
      FROM folders
      WHERE workspace_id = ?
      ORDER BY parent_id, name
      LIMIT ?
      """, workspace, limit, row: folder)
  }

  package static func count(_ workspace: Int64, in database: Database) throws -> Int {
    try database.first("SELECT count(*) FROM folders WHERE workspace_id = ?", workspace, row: { $0.int(0) }) ?? 0
  }

  /// The folders that one is in, itself first, up to those in no other.
  package static func line(_ workspace: Int64, to id: Int64, in database: Database) throws -> [StoredFolder] {
    var line: [StoredFolder] = []
    var next: Int64? = id
    while let row = next, line.count <= mostLevels, let folder = try find(workspace, id: row, in: database) {
      line.append(folder)
      next = folder.parentID
    }
    return line
  }

  /// How many folders are below one at most, in each other; `mostLevels` where there are more.
  package static func levels(below id: Int64, of workspace: Int64, in database: Database) throws -> Int {
    try database.first(
      """
      WITH RECURSIVE below (id, level) AS (
        SELECT ?1, 0
        UNION ALL
        SELECT folders.id, level + 1
        FROM below JOIN folders ON folders.workspace_id = ?2 AND folders.parent_id = below.id
        WHERE level < ?3
      )
      SELECT max(level) FROM below
      """, id, workspace, mostLevels, row: { $0.int(0) }) ?? 0
  }

  package static func set(
    _ workspace: Int64, id: Int64, name: String, parent: Int64?, color: String?, at now: Timestamp,
    in database: Database
  ) throws {
    try database.run(
      """
      UPDATE folders
      SET name = ?, parent_id = ?, color = ?, updated_at = ?
      WHERE id = ? AND workspace_id = ?
      """, name, parent, color, now, id, workspace)
  }

  /// Deletes a folder, whose folders and files move to where it was.
  package static func delete(_ folder: StoredFolder, at now: Timestamp, in database: Database) throws {
    try database.run(
      "UPDATE folders SET parent_id = ?, updated_at = ? WHERE workspace_id = ? AND parent_id = ?", folder.parentID,
      now, folder.workspaceID, folder.id)
    try StoredFiles.move(folder.workspaceID, from: folder.id, to: folder.parentID, at: now, in: database)
    try database.run("DELETE FROM folders WHERE id = ? AND workspace_id = ?", folder.id, folder.workspaceID)
  }

  private static func folder(_ row: borrowing Row) -> StoredFolder {
    StoredFolder(
      id: row.integer(0), workspaceID: row.integer(1), parentID: row.optionalInteger(2), name: row.text(3),
      color: row.optionalText(4), createdAt: row.moment(5), updatedAt: row.moment(6))
  }
}
