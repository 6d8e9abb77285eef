import Basics

/// What a database is made of, by the names of its tables, columns and indexes.
///
/// SQLite's checks take the text of its schema as it stands: one flipped bit there gives a column another name, and the
/// file is sound until somebody asks for the old one. The text itself is no measure, for what a change of a table makes of
/// it depends on the library's version.
struct Shape: Equatable {
  private let parts: Set<String>

  /// The newest schema of this build by its number and its shape's digest, so that a start that finds it need not make
  /// all of them once more to compare; a test says what it has to be.
  static let newest = (version: Int64(29), digest: "09abdc71189bdf2b7d340f8dd68c86703d6446f1a35d7c381f34ec0d45504ce4")

  init(of database: Database) throws {
    let columns = try database.all(
      """
      SELECT t.name, c.name, c.type, c."notnull", c.pk
      FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
      WHERE t.type = 'table'
      """
    ) { row in
      "the column \(row.text(1)) of \(row.text(0)), \(row.text(2)) \(row.integer(3)) \(row.integer(4))"
    }
    let indexes = try database.all(
      """
      SELECT i.name, i.tbl_name, c.seqno, coalesce(c.name, '')
      FROM sqlite_schema AS i JOIN pragma_index_info(i.name) AS c
      WHERE i.type = 'index'
      """
    ) { row in
      "the part \(row.integer(2)), \(row.text(3)), of the index \(row.text(0)) of \(row.text(1))"
    }
    parts = Set(columns + indexes)
  }

  /// What the first `version` steps make.
  init(steps: [Migrations.Step], upTo version: Int64) throws {
    let database = try Database.scratch()
    defer { database.close() }
    for step in steps where step.version <= version { try database.script(step.sql) }
    try self.init(of: database)
  }

  /// SHA-256 of all parts in order, in hexadecimal.
  var digest: String { Hexadecimal.encode(SHA256.digest(parts.sorted().joined(separator: "\n").utf8)) }

  /// What `other` lacks of this, the first in words; nil when it lacks nothing.
  ///
  /// What else there is may be the operator's.
  func missing(in other: Shape) -> String? {
    let missing = parts.subtracting(other.parts)
    return missing.min().map { "\($0) is not there" + (missing.count > 1 ? ", nor are \(missing.count - 1) more" : "") }
  }
}
