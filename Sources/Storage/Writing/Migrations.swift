import Basics

/// Brings a database to the schema of this build: forward only, each step in one transaction, after a copy was taken; a new one
/// in one for all.
struct Migrations {
  struct Step {
    let version: Int64
    let sql: String
  }

  let steps: [Step]
  /// Where the copy of an older database goes before it is changed.
  let backups: String
  /// Called inside the transaction of a step, when its statements have run and nothing is committed yet.
  var beforeCommit: (Int64) throws -> Void = { _ in Failpoint.pass(.beforeMigration) }

  /// The files `schema/NNNN-what.sql` in the order of their numbers.
  static var embedded: [Step] {
    EmbeddedFile.all.compactMap { file in
      guard file.path.hasPrefix("schema/"), let version = Int64(file.path.dropFirst(7).prefix(4)) else { return nil }
      return Step(version: version, sql: String(decoding: file.bytes, as: UTF8.self))
    }.sorted { $0.version < $1.version }
  }

  /// Throws `StoreFailure` for a file of another program, of a newer wonder, or one that lacks parts, and leaves each
  /// untouched.
  func apply(to database: Database, path: String) throws {
    let application = try database.first("PRAGMA application_id") { $0.integer(0) } ?? 0
    let version = try Migrations.version(of: database)
    let tables = try database.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } ?? 0
    guard application == Database.applicationID || (application == 0 && tables == 0) else {
      throw StoreFailure.notOurs(path: path)
    }
    let newest = steps.last?.version ?? 0
    guard version <= newest else { throw StoreFailure.newerSchema(found: version, known: newest) }
    try checkShape(of: database, version, path: path)
    let missing = steps.filter { $0.version > version }
    guard !missing.isEmpty else { return }
    guard version > 0 else {
      // There is nothing to keep of a database that does not exist yet, so one commit makes it whole.
      return try database.transaction { for step in missing { try run(step, on: database) } }
    }
    try copy(database, version: version)
    for step in missing { try database.transaction { try run(step, on: database) } }
  }

  private func checkShape(of database: Database, _ version: Int64, path: String) throws {
    let found = try Shape(of: database)
    guard (version, found.digest) != Shape.newest else { return }
    guard let problem = try Shape(steps: steps, upTo: version).missing(in: found) else { return }
    throw StoreFailure.damaged(path: path, problem: problem)
  }

  static func version(of database: Database) throws -> Int64 {
    try database.first("PRAGMA user_version") { $0.integer(0) } ?? 0
  }

  private func run(_ step: Step, on database: Database) throws {
    try database.script(step.sql)
    try database.script("PRAGMA application_id = \(Database.applicationID)")
    try database.script("PRAGMA user_version = \(step.version)")
    try beforeCommit(step.version)
  }

  /// Keeps the database as it was under a name that says which schema it has; a copy in the making has another name.
  private func copy(_ database: Database, version: Int64) throws {
    try DataDirectory.make(backups)
    let path = "\(backups)/wonder-schema-\(Int(version).padded(4)).db"
    try DatabaseCopy.make(of: database, at: path)
  }
}
