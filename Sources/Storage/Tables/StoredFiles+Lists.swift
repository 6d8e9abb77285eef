import Basics

/// Pages of a workspace's files: what is passed over costs a look at an index and none at the file.
extension StoredFiles {
  /// Which files somebody wants to see.
  package struct Query: Sendable {
    package enum Place: Sendable, Equatable {
      case anywhere
      /// Those of a folder, or those in none.
      case folder(Int64?)
    }

    package enum Shape: String, Sendable, CaseIterable {
      case vertical, horizontal, square
    }

    package var place = Place.anywhere
    /// A part of the name, whatever the case; empty for any.
    package var text = ""
    /// How the media type begins; empty for any.
    package var mediaType = ""
    package var shape: Shape?
    /// What its owner has to have noted of it, all of them or any.
    package var tags: [String] = []
    package var needsAllTags = false
    package var skipped = 0
    package var limit = 50

    package init() {}

    /// True when every file of the place is meant.
    var isOfAll: Bool { text.isEmpty && mediaType.isEmpty && shape == nil && tags.isEmpty }

    /// How many of the tags a file must have.
    var leastTags: Int { needsAllTags ? tags.count : min(1, tags.count) }
    var tagList: String { JSONValue.array(tags.map { .string($0.lowercased()) }).text }
  }

  /// A workspace's files, the newest first.
  package static func list(_ workspace: Int64, _ query: Query, in database: Database) throws -> [StoredFile] {
    if query.isOfAll { return try listAll(workspace, query, in: database) }
    let text = query.text.lowercased()
    let shape = query.shape?.rawValue ?? ""
    if case .folder(let folder) = query.place {
      return try database.all(
        selecting: columns,
        """
        FROM stored_files
        WHERE workspace_id = ?1 AND folder_id IS ?2 AND (?3 = '' OR instr(folded, ?3) > 0)
          AND substr(media_type, 1, length(?4)) = ?4
          AND (?5 = '' OR ?5 = CASE WHEN width > height THEN 'horizontal' WHEN width < height THEN 'vertical'
            WHEN width = height THEN 'square' END)
          AND (?6 = 0 OR ?6 <= (
            SELECT count(*) FROM json_each(?7) AS wanted
            WHERE EXISTS (SELECT 1 FROM json_each(metadata, '$.tags') AS own WHERE lower(own.value) = wanted.value)))
        ORDER BY id DESC
        LIMIT ?8 OFFSET ?9
        """, workspace, folder, text, query.mediaType, shape, query.leastTags, query.tagList, query.limit,
        query.skipped, row: file)
    }
    return try database.all(
      selecting: columns,
      """
      FROM stored_files
      WHERE workspace_id = ?1 AND (?2 = '' OR instr(folded, ?2) > 0) AND substr(media_type, 1, length(?3)) = ?3
        AND (?4 = '' OR ?4 = CASE WHEN width > height THEN 'horizontal' WHEN width < height THEN 'vertical'
          WHEN width = height THEN 'square' END)
        AND (?5 = 0 OR ?5 <= (
          SELECT count(*) FROM json_each(?6) AS wanted
          WHERE EXISTS (SELECT 1 FROM json_each(metadata, '$.tags') AS own WHERE lower(own.value) = wanted.value)))
      ORDER BY id DESC
      LIMIT ?7 OFFSET ?8
      """, workspace, text, query.mediaType, shape, query.leastTags, query.tagList, query.limit, query.skipped,
      row: file)
  }

  /// Everything of a place: what is passed over is not even looked at.
  private static func listAll(_ workspace: Int64, _ query: Query, in database: Database) throws -> [StoredFile] {
    if case .folder(let folder) = query.place {
      return try database.all(
        selecting: columns,
        """
        FROM stored_files
        WHERE workspace_id = ? AND folder_id IS ?
        ORDER BY id DESC
        LIMIT ? OFFSET ?
        """, workspace, folder, query.limit, query.skipped, row: file)
    }
    return try database.all(
      selecting: columns,
      """
      FROM stored_files
      WHERE workspace_id = ?
      ORDER BY id DESC
      LIMIT ? OFFSET ?
      """, workspace, query.limit, query.skipped, row: file)
  }

  /// How many files a query finds, on all its pages.
  package static func count(_ workspace: Int64, _ query: Query, in database: Database) throws -> Int {
    let text = query.text.lowercased()
    let shape = query.shape?.rawValue ?? ""
    switch (query.place, query.isOfAll) {
    case (.anywhere, true):
      return try database.first(
        "SELECT count(*) FROM stored_files WHERE workspace_id = ?", workspace, row: { $0.int(0) }) ?? 0
    case (.folder(let folder), true):
      return try database.first(
        "SELECT count(*) FROM stored_files WHERE workspace_id = ? AND folder_id IS ?", workspace, folder,
        row: { $0.int(0) }) ?? 0
    case (.folder(let folder), false):
      return try database.first(
        """
        SELECT count(*)
        FROM stored_files
        WHERE workspace_id = ?1 AND folder_id IS ?2 AND (?3 = '' OR instr(folded, ?3) > 0)
          AND substr(media_type, 1, length(?4)) = ?4
          AND (?5 = '' OR ?5 = CASE WHEN width > height THEN 'horizontal' WHEN width < height THEN 'vertical'
            WHEN width = height THEN 'square' END)
          AND (?6 = 0 OR ?6 <= (
            SELECT count(*) FROM json_each(?7) AS wanted
            WHERE EXISTS (SELECT 1 FROM json_each(metadata, '$.tags') AS own WHERE lower(own.value) = wanted.value)))
        """, workspace, folder, text, query.mediaType, shape, query.leastTags, query.tagList, row: { $0.int(0) }) ?? 0
    case (.anywhere, false):
      return try database.first(
        """
        SELECT count(*)
        FROM stored_files
        WHERE workspace_id = ?1 AND (?2 = '' OR instr(folded, ?2) > 0) AND substr(media_type, 1, length(?3)) = ?3
          AND (?4 = '' OR ?4 = CASE WHEN width > height THEN 'horizontal' WHEN width < height THEN 'vertical'
            WHEN width = height THEN 'square' END)
          AND (?5 = 0 OR ?5 <= (
            SELECT count(*) FROM json_each(?6) AS wanted
            WHERE EXISTS (SELECT 1 FROM json_each(metadata, '$.tags') AS own WHERE lower(own.value) = wanted.value)))
        """, workspace, text, query.mediaType, shape, query.leastTags, query.tagList, row: { $0.int(0) }) ?? 0
    }
  }
}
