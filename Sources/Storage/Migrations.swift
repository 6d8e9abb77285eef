/// Brings a database to the schema of this build, each step in one transaction, forward only.
enum Migrations {
  struct Step {
    let version: Int64
    let sql: String
  }

  /// The files `schema/NNNN-what.sql` in the order of their numbers.
  static var steps: [Step] {
    EmbeddedFile.all.compactMap { file in
      guard file.path.hasPrefix("schema/"), let version = Int64(file.path.dropFirst(7).prefix(4)) else { return nil }
      return Step(version: version, sql: String(decoding: file.bytes, as: UTF8.self))
    }.sorted { $0.version < $1.version }
  }

  /// Throws `StoreFailure` for a file of another program or of a newer wonder, and leaves both untouched.
  static func apply(to database: Database, path: String) throws {
    let application = try database.first("PRAGMA application_id") { $0.integer(0) } ?? 0
    let version = try database.first("PRAGMA user_version") { $0.integer(0) } ?? 0
    let tables = try database.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } ?? 0
    guard application == Database.applicationID || (application == 0 && tables == 0) else {
      throw StoreFailure.notOurs(path: path)
    }
    let steps = steps
    let newest = steps.last?.version ?? 0
    guard version <= newest else { throw StoreFailure.newerSchema(found: version, known: newest) }
    for step in steps where step.version > version {
      try database.transaction {
        try database.script(step.sql)
        try database.script("PRAGMA application_id = \(Database.applicationID)")
        try database.script("PRAGMA user_version = \(step.version)")
      }
    }
  }
}
