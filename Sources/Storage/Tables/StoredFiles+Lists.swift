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

  /// What is asked of the files of one folder, or of those in none.
  private static let inFolder: StaticString = """
    FROM stored_files
    WHERE workspace_id = ?1 AND folder_id IS ?2 AND (?3 = '' OR instr(folded, ?3) > 0)
      AND substr(media_type, 1, length(?4)) = ?4
      AND (?5 = '' OR ?5 = CASE WHEN width > height THEN 'horizontal' WHEN width < height THEN 'vertical'
        WHEN width = height THEN 'square' END)
      AND (?6 = 0 OR ?6 <= (
        SELECT count(*) FROM json_each(?7) AS wanted
        WHERE EXISTS (SELECT 1 FROM json_each(metadata, '$.tags') AS own WHERE fold(own.value) = wanted.value)))
    ORDER BY id DESC
    LIMIT ?8 OFFSET ?9
    """

  /// The same of all files.
  private static let anywhere: StaticString = """
    FROM stored_files
    WHERE workspace_id = ?1 AND (?2 = '' OR instr(folded, ?2) > 0) AND substr(media_type, 1, length(?3)) = ?3
      AND (?4 = '' OR ?4 = CASE WHEN width > height THEN 'horizontal' WHEN width < height THEN 'vertical'
        WHEN width = height THEN 'square' END)
      AND (?5 = 0 OR ?5 <= (
        SELECT count(*) FROM json_each(?6) AS wanted
        WHERE EXISTS (SELECT 1 FROM json_each(metadata, '$.tags') AS own WHERE fold(own.value) = wanted.value)))
    ORDER BY id DESC
    LIMIT ?7 OFFSET ?8
    """

  /// Everything of a place: what is passed over is not even looked at.
  private static let allInFolder: StaticString = """
    FROM stored_files
    WHERE workspace_id = ? AND folder_id IS ?
    ORDER BY id DESC
    LIMIT ? OFFSET ?
    """
  private static let allAnywhere: StaticString = """
    FROM stored_files
    WHERE workspace_id = ?
    ORDER BY id DESC
    LIMIT ? OFFSET ?
    """

  /// A workspace's files, the newest first.
  package static func list(_ workspace: Int64, _ query: Query, in database: Database) throws -> [StoredFile] {
    try rows(workspace, query, selecting: columns, query.limit, query.skipped, in: database, row: file)
  }

  /// How many files a query finds, on all its pages.
  package static func count(_ workspace: Int64, _ query: Query, in database: Database) throws -> Int {
    try rows(workspace, query, selecting: "count(*)", 1, 0, in: database, row: { $0.int(0) }).first ?? 0
  }

  private static func rows<Value>(
    _ workspace: Int64, _ query: Query, selecting what: StaticString, _ limit: Int, _ skipped: Int,
    in database: Database, row: (borrowing Row) throws -> Value
  ) throws -> [Value] {
    let text = query.text.lowercased()
    let shape = query.shape?.rawValue ?? ""
    return switch (query.place, query.isOfAll) {
    case (.anywhere, true): try database.all(selecting: what, allAnywhere, workspace, limit, skipped, row: row)
    case (.folder(let folder), true):
      try database.all(selecting: what, allInFolder, workspace, folder, limit, skipped, row: row)
    case (.anywhere, false):
      try database.all(
        selecting: what, anywhere, workspace, text, query.mediaType, shape, query.leastTags, query.tagList, limit,
        skipped, row: row)
    case (.folder(let folder), false):
      try database.all(
        selecting: what, inFolder, workspace, folder, text, query.mediaType, shape, query.leastTags, query.tagList,
        limit, skipped, row: row)
    }
  }
}
