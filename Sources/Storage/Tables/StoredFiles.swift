package import Basics

/// The table of files that stay until they are deleted.
package enum StoredFiles {
  /// What `file` reads, in its order.
  static let columns: StaticString = """
    id, workspace_id, folder_id, name, media_type, size, sha256, width, height, milliseconds, metadata, blob, job_id,
    output_id, created_at, updated_at
    """

  /// Adds a file and its bytes to what the workspace stores; gives it as it is stored.
  package static func insert(_ file: NewStoredFile, in database: Database) throws -> StoredFile {
    try database.run(
      """
      INSERT INTO stored_files (workspace_id, folder_id, name, folded, media_type, size, sha256, width, height, metadata,
        blob, job_id, output_id, created_at, updated_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, file.workspaceID, file.folderID, file.name, file.name.lowercased(), file.mediaType, file.size, file.sha256,
      file.width, file.height, file.metadata, file.blob, file.jobID, file.outputID, file.createdAt, file.createdAt)
    let id = database.lastRow
    try Usage.addStored(file.workspaceID, file.size, in: database)
    return StoredFile(
      id: id, workspaceID: file.workspaceID, folderID: file.folderID, name: file.name, mediaType: file.mediaType,
      size: file.size, sha256: file.sha256, width: file.width, height: file.height, duration: nil,
      metadata: file.metadata, blob: file.blob, jobID: file.jobID, outputID: file.outputID, createdAt: file.createdAt,
      updatedAt: file.createdAt)
  }

  /// A workspace's file; another workspace's is not found.
  package static func find(_ workspace: Int64, id: Int64, in database: Database) throws -> StoredFile? {
    try database.first(
      selecting: columns,
      """
      FROM stored_files
      WHERE id = ? AND workspace_id = ?
      """, id, workspace, row: file)
  }

  /// The file of a signed link, which is itself the permission.
  package static func linked(id: Int64, in database: Database) throws -> StoredFile? {
    try database.first(
      selecting: columns,
      """
      FROM stored_files
      WHERE id = ? AND (SELECT state FROM workspaces WHERE workspaces.id = workspace_id) = 'approved'
      """, id, row: file)
  }

  /// What was stored of a workspace's job, the oldest first.
  package static func all(_ workspace: Int64, job: Int64, in database: Database) throws -> [StoredFile] {
    try database.all(
      selecting: columns,
      """
      FROM stored_files
      WHERE job_id = ? AND workspace_id = ?
      ORDER BY id
      """, job, workspace, row: file)
  }

  /// Some of a workspace's files.
  package static func some(_ workspace: Int64, limit: Int, in database: Database) throws -> [Int64] {
    try database.all(
      "SELECT id FROM stored_files WHERE workspace_id = ? ORDER BY id LIMIT ?", workspace, limit,
      row: { $0.integer(0) })
  }

  /// Gives a workspace's file another name, folder and note; false when there is none of that row.
  package static func set(
    _ workspace: Int64, id: Int64, name: String, folder: Int64?, metadata: String?, at now: Timestamp,
    in database: Database
  ) throws -> Bool {
    try database.run(
      """
      UPDATE stored_files
      SET name = ?, folded = ?, folder_id = ?, metadata = ?, updated_at = ?
      WHERE id = ? AND workspace_id = ?
      """, name, name.lowercased(), folder, metadata, now, id, workspace)
    return database.changes == 1
  }

  /// Deletes a workspace's file and takes its bytes off what the workspace stores; nothing when there is none of that row.
  package static func delete(_ workspace: Int64, id: Int64, in database: Database) throws -> TakenFiles {
    var files = TakenFiles()
    let found = try database.all(
      "DELETE FROM stored_files WHERE id = ? AND workspace_id = ? RETURNING blob, size", id, workspace,
      row: { ($0.text(0), $0.integer(1)) })
    for (blob, size) in found { files.add(blob, size) }
    if files.bytes > 0 { try Usage.addStored(workspace, -files.bytes, in: database) }
    return files
  }

  /// Moves all files of a folder into another one, or into none.
  package static func move(
    _ workspace: Int64, from folder: Int64, to other: Int64?, at now: Timestamp, in database: Database
  ) throws {
    try database.run(
      "UPDATE stored_files SET folder_id = ?, updated_at = ? WHERE workspace_id = ? AND folder_id = ?", other, now,
      workspace, folder)
  }

  static func file(_ row: borrowing Row) -> StoredFile {
    StoredFile(
      id: row.integer(0), workspaceID: row.integer(1), folderID: row.optionalInteger(2), name: row.text(3),
      mediaType: row.text(4), size: row.integer(5), sha256: row.blob(6), width: row.optionalInteger(7).map { Int($0) },
      height: row.optionalInteger(8).map { Int($0) }, duration: row.optionalInteger(9).map { .milliseconds($0) },
      metadata: row.optionalText(10), blob: row.text(11), jobID: row.optionalInteger(12),
      outputID: row.optionalInteger(13), createdAt: row.moment(14), updatedAt: row.moment(15))
  }
}
