package import Basics

/// A place elsewhere that a workspace keeps under a name; what opens it is not part of it.
package struct KeptStorage: Sendable, Equatable {
  package let name: String
  package let kind: CloudPlace.Kind
  /// As it was said: of a store nil for Amazon's own.
  package let endpoint: String?
  package let region: String?
  /// Nil for any.
  package let bucket: String?
  /// Nil for the endpoint's usual one.
  package let style: CloudPlace.Style?
  package let needsTLS: Bool
  /// What may be shown of whom it is opened as.
  package let hint: String
  package let createdAt: Timestamp
  package let changedAt: Timestamp

  package init(
    name: String, kind: CloudPlace.Kind, endpoint: String?, region: String?, bucket: String?,
    style: CloudPlace.Style?, needsTLS: Bool, hint: String, createdAt: Timestamp, changedAt: Timestamp
  ) {
    self.name = name
    self.kind = kind
    self.endpoint = endpoint
    self.region = region
    self.bucket = bucket
    self.style = style
    self.needsTLS = needsTLS
    self.hint = hint
    self.createdAt = createdAt
    self.changedAt = changedAt
  }

  /// A file in it; `bucket` counts where it has none of its own.
  package func place(bucket other: String? = nil, path: String) -> CloudPlace {
    guard kind == .s3 else { return CloudPlace(ftp: endpoint ?? "", path: path, needsTLS: needsTLS) }
    let bucket = bucket ?? other ?? ""
    return CloudPlace(
      s3: endpoint, region: region, bucket: bucket, key: path, style: bucket.isEmpty ? .path : style)
  }
}

/// The table of places that workspaces keep.
package enum Storages {
  private static let columns: StaticString = """
    name, kind, endpoint, region, bucket, style, needs_tls, hint, created_at, changed_at
    FROM storages
    """

  /// Adds one or puts it in the place of the one of that name; true when it is new.
  package static func set(
    _ workspace: Int64, _ storage: KeptStorage, credentials: String, in database: Database
  ) throws -> Bool {
    let isNew = try find(workspace, name: storage.name, in: database) == nil
    try database.run(
      """
      INSERT INTO storages (workspace_id, name, kind, endpoint, region, bucket, style, needs_tls, hint, credentials,
        created_at, changed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (workspace_id, name) DO UPDATE
      SET kind = excluded.kind, endpoint = excluded.endpoint, region = excluded.region, bucket = excluded.bucket,
        style = excluded.style, needs_tls = excluded.needs_tls, hint = excluded.hint,
        credentials = excluded.credentials, changed_at = excluded.changed_at
      """, workspace, storage.name, storage.kind.rawValue, storage.endpoint, storage.region, storage.bucket,
      storage.style?.rawValue, storage.needsTLS ? 1 : 0, storage.hint, credentials, storage.createdAt,
      storage.changedAt)
    return isNew
  }

  package static func find(_ workspace: Int64, name: String, in database: Database) throws -> KeptStorage? {
    try database.first(selecting: columns, "WHERE workspace_id = ? AND name = ?", workspace, name, row: storage)
  }

  /// A workspace's, in the order of their names.
  package static func all(_ workspace: Int64, in database: Database) throws -> [KeptStorage] {
    try database.all(selecting: columns, "WHERE workspace_id = ? ORDER BY name", workspace, row: storage)
  }

  /// What opens one, as the text that it is kept as.
  package static func credentials(_ workspace: Int64, name: String, in database: Database) throws -> String? {
    try database.first(
      "SELECT credentials FROM storages WHERE workspace_id = ? AND name = ?", workspace, name, row: { $0.text(0) })
  }

  /// Deletes one, the bytes in the file included (`secure_delete`); false when there is none of that name.
  package static func delete(_ workspace: Int64, name: String, in database: Database) throws -> Bool {
    try database.run("DELETE FROM storages WHERE workspace_id = ? AND name = ?", workspace, name)
    return database.changes == 1
  }

  private static func storage(_ row: borrowing Row) throws -> KeptStorage {
    KeptStorage(
      name: row.text(0), kind: try row.word(1), endpoint: row.optionalText(2), region: row.optionalText(3),
      bucket: row.optionalText(4), style: row.optionalText(5).flatMap(CloudPlace.Style.init), needsTLS: row.int(6) == 1,
      hint: row.text(7), createdAt: row.moment(8), changedAt: row.moment(9))
  }
}
