/// Whether a database is whole, and how it is set.
extension Database {
  /// What SQLite's quick check finds wrong, in its own words; empty when nothing is.
  ///
  /// `table` nil means all of it.
  package func quickCheck(_ table: String? = nil) throws -> [String] {
    let exists = try table.map { name in
      try first("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", name, row: { _ in true }) ?? false
    }
    if exists == false { return [] }
    return try findings("PRAGMA quick_check" + (table.map { "(\($0))" } ?? "(10)"))
  }

  /// What the full check finds wrong, indexes included; empty when nothing is.
  package func integrityCheck() throws -> [String] {
    try findings("PRAGMA integrity_check(10)")
  }

  /// A check that cannot go on for the damage it meets has found it.
  private func findings(_ pragma: String) throws -> [String] {
    do {
      return try texts(pragma).filter { $0 != "ok" }
    } catch let failure as DatabaseFailure where failure.isDamage {
      return [failure.message]
    }
  }

  /// The size of the database without its log.
  func bytes() throws -> Int64 {
    let pages = try first("PRAGMA page_count", row: { $0.integer(0) }) ?? 0
    return try pages * (first("PRAGMA page_size", row: { $0.integer(0) }) ?? 0)
  }

  /// The settings that make what is written durable and what is read sound (D1), as the connection has them.
  package func pragmas() throws -> [(name: String, value: String)] {
    let names = [
      "journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema", "cell_size_check", "temp_store",
      "mmap_size", "wal_autocheckpoint", "journal_size_limit", "application_id", "user_version",
    ]
    return try names.map { ($0, try texts("PRAGMA \($0)").first ?? "") }
  }
}
