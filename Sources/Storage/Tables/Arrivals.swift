package import Basics

/// A file that comes in parts.
package struct Arrival: Sendable, Equatable {
  package let id: Int64
  package let workspaceID: Int64
  package let folderID: Int64?
  package let name: String
  /// What its sender says that it is.
  package let mediaType: String?
  /// Bytes that it will have, and those that are on disk.
  package let size: Int64
  package let received: Int64
  /// Nil once it is a stored file.
  package let blob: String?
  /// The stored file that it has become, while that is there.
  package let fileID: Int64?
  package let changedAt: Timestamp
}

/// The table of files that come in parts; what has come counts among the bytes that the workspace stores.
package enum Arrivals {
  private static let columns: StaticString = """
    id, workspace_id, folder_id, name, media_type, size, received, blob, file_id, changed_at
    """

  package static func insert(
    _ workspace: Int64, folder: Int64?, name: String, mediaType: String?, size: Int64, blob: String, at now: Timestamp,
    in database: Database
  ) throws -> Int64 {
    try database.run(
      """
      INSERT INTO arrivals (workspace_id, folder_id, name, media_type, size, blob, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, workspace, folder, name, mediaType, size, blob, now)
    return database.lastRow
  }

  /// A workspace's; another workspace's is not found.
  package static func find(_ workspace: Int64, id: Int64, in database: Database) throws -> Arrival? {
    try database.first(
      selecting: columns,
      """
      FROM arrivals
      WHERE id = ? AND workspace_id = ?
      """, id, workspace, row: arrival)
  }

  /// The one of a signed link, which is itself the permission.
  package static func linked(id: Int64, in database: Database) throws -> Arrival? {
    try database.first(
      selecting: columns,
      """
      FROM arrivals
      WHERE id = ? AND (SELECT state FROM workspaces WHERE workspaces.id = workspace_id) = 'approved'
      """, id, row: arrival)
  }

  /// Bytes that are promised to workspaces' files and have not come.
  package static func outstanding(_ workspace: Int64, in database: Database) throws -> Int64 {
    try database.first(
      "SELECT coalesce(sum(size - received), 0) FROM arrivals WHERE workspace_id = ? AND blob IS NOT NULL", workspace,
      row: { $0.integer(0) }) ?? 0
  }

  package static func count(_ workspace: Int64, in database: Database) throws -> Int {
    try database.first(
      "SELECT count(*) FROM arrivals WHERE workspace_id = ? AND blob IS NOT NULL", workspace, row: { $0.int(0) }) ?? 0
  }

  /// Records how much is on disk; false when it was deleted, has changed, or is a stored file meanwhile.
  package static func setReceived(_ arrival: Arrival, _ bytes: Int64, at now: Timestamp, in database: Database) throws
    -> Bool
  {
    try database.run(
      "UPDATE arrivals SET received = ?, changed_at = ? WHERE id = ? AND received = ? AND blob = ?", bytes, now,
      arrival.id, arrival.received, arrival.blob)
    guard database.changes == 1 else { return false }
    try Usage.addStored(arrival.workspaceID, bytes - arrival.received, in: database)
    return true
  }

  /// Records that one begins anew in an empty file; false when it was deleted, has changed, or is a stored file meanwhile.
  package static func restart(
    _ arrival: Arrival, in blob: String, at now: Timestamp, _ database: Database
  ) throws -> Bool {
    try database.run(
      "UPDATE arrivals SET received = 0, blob = ?, changed_at = ? WHERE id = ? AND received = ? AND blob = ?", blob,
      now, arrival.id, arrival.received, arrival.blob)
    guard database.changes == 1 else { return false }
    try Usage.addStored(arrival.workspaceID, -arrival.received, in: database)
    return true
  }

  /// Notes which stored file it has become: the bytes are that one's from now on.
  package static func setStored(_ arrival: Arrival, as file: Int64, at now: Timestamp, in database: Database) throws {
    try database.run(
      "UPDATE arrivals SET blob = NULL, file_id = ?, changed_at = ? WHERE id = ?", file, now, arrival.id)
    try Usage.addStored(arrival.workspaceID, -arrival.received, in: database)
  }

  /// Deletes one and takes its bytes off what the workspace stores.
  package static func delete(_ arrival: Arrival, in database: Database) throws -> TakenFiles {
    var files = TakenFiles()
    let found = try database.all(
      "DELETE FROM arrivals WHERE id = ? RETURNING blob, received", arrival.id,
      row: { ($0.optionalText(0), $0.integer(1)) })
    for case (let blob?, let size) in found { files.add(blob, size) }
    if files.bytes > 0 { try Usage.addStored(arrival.workspaceID, -files.bytes, in: database) }
    return files
  }

  /// Some of a workspace's.
  package static func some(_ workspace: Int64, limit: Int, in database: Database) throws -> [Arrival] {
    try database.all(
      selecting: columns,
      """
      FROM arrivals
      WHERE workspace_id = ?
      ORDER BY id
      LIMIT ?
      """, workspace, limit, row: arrival)
  }

  /// Those that nothing has come of since `moment`, and those that have been stored files since then.
  package static func unchanged(since moment: Timestamp, limit: Int, in database: Database) throws -> [Arrival] {
    try database.all(
      selecting: columns,
      """
      FROM arrivals
      WHERE changed_at < ?
      ORDER BY changed_at
      LIMIT ?
      """, moment, limit, row: arrival)
  }

  private static func arrival(_ row: borrowing Row) -> Arrival {
    Arrival(
      id: row.integer(0), workspaceID: row.integer(1), folderID: row.optionalInteger(2), name: row.text(3),
      mediaType: row.optionalText(4), size: row.integer(5), received: row.integer(6), blob: row.optionalText(7),
      fileID: row.optionalInteger(8), changedAt: row.moment(9))
  }
}
