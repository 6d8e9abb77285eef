package import Basics

/// The table of second steps of signing in, and of the codes for whoever has lost what makes them.
package enum SecondFactors {
  package struct Factor: Sendable, Equatable {
    package let salt: [UInt8]
    /// Nil until a first code has shown that somebody can make them.
    package let confirmedAt: Timestamp?
    /// The span of the last code that was taken.
    package let lastStep: Int64
  }

  package static func find(_ user: Int64, in database: Database) throws -> Factor? {
    try database.first("SELECT salt, confirmed_at, last_step FROM second_factors WHERE user_id = ?", user) { row in
      Factor(salt: row.blob(0), confirmedAt: row.optionalMoment(1), lastStep: row.integer(2))
    }
  }

  /// Begins one, in place of one that was never confirmed.
  package static func insert(_ user: Int64, salt: [UInt8], in database: Database) throws {
    try database.run("INSERT OR REPLACE INTO second_factors (user_id, salt) VALUES (?, ?)", user, salt)
  }

  package static func confirm(_ user: Int64, at now: Timestamp, in database: Database) throws {
    try database.run("UPDATE second_factors SET confirmed_at = ? WHERE user_id = ?", now, user)
  }

  /// Uses up a span and all before it; false when it was used up.
  package static func take(_ user: Int64, step: Int64, in database: Database) throws -> Bool {
    try database.run(
      "UPDATE second_factors SET last_step = ? WHERE user_id = ? AND last_step < ?", step, user, step)
    return database.changes == 1
  }

  /// Takes it away with its codes; false when there is none.
  package static func remove(_ user: Int64, in database: Database) throws -> Bool {
    try database.run("DELETE FROM recovery_codes WHERE user_id = ?", user)
    try database.run("DELETE FROM second_factors WHERE user_id = ?", user)
    return database.changes == 1
  }

  /// Stores codes in place of those that were left.
  package static func setCodes(_ user: Int64, hashes: [[UInt8]], in database: Database) throws {
    try database.run("DELETE FROM recovery_codes WHERE user_id = ?", user)
    for hash in hashes { try database.run("INSERT INTO recovery_codes (user_id, hash) VALUES (?, ?)", user, hash) }
  }

  /// Uses a code up; false when there is no such one.
  package static func takeCode(_ user: Int64, hash: [UInt8], in database: Database) throws -> Bool {
    try database.run("DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?", user, hash)
    return database.changes == 1
  }

  package static func countCodes(_ user: Int64, in database: Database) throws -> Int64 {
    try database.first("SELECT count(*) FROM recovery_codes WHERE user_id = ?", user, row: { $0.integer(0) }) ?? 0
  }

  /// Whose is confirmed, for lists.
  package static func users(in database: Database) throws -> Set<Int64> {
    Set(
      try database.all(
        "SELECT user_id FROM second_factors WHERE confirmed_at IS NOT NULL", row: { $0.integer(0) }))
  }
}
