/// The table of whom a provider of identities knows by which name.
package enum Identities {
  package static func user(issuer: String, subject: String, in database: Database) throws -> Int64? {
    try database.first(
      "SELECT user_id FROM identities WHERE issuer = ? AND subject = ?", issuer, subject, row: { $0.integer(0) })
  }

  package static func insert(issuer: String, subject: String, user: Int64, in database: Database) throws {
    try database.run("INSERT INTO identities (issuer, subject, user_id) VALUES (?, ?, ?)", issuer, subject, user)
  }

  /// True when the issuer knows somebody else by another name who is this user.
  package static func hasAny(issuer: String, user: Int64, in database: Database) throws -> Bool {
    try database.first(
      "SELECT 1 FROM identities WHERE user_id = ? AND issuer = ?", user, issuer, row: { _ in true }) ?? false
  }
}
