package import Basics

/// The table of machines that work for this server; the token of each is nowhere in it.
package enum Nodes {
  package struct Node: Sendable, Equatable {
    package let id: Int64
    package let name: String
    package let createdAt: Timestamp
  }

  /// Throws `DatabaseFailure` where the name is taken.
  package static func insert(_ name: String, hash: [UInt8], at now: Timestamp, in database: Database) throws {
    try database.run("INSERT INTO nodes (name, hash, created_at) VALUES (?, ?, ?)", name, hash, now)
  }

  package static func find(hash: [UInt8], in database: Database) throws -> Node? {
    try database.first("SELECT id, name, created_at FROM nodes WHERE hash = ?", hash, row: node)
  }

  package static func find(name: String, in database: Database) throws -> Node? {
    try database.first("SELECT id, name, created_at FROM nodes WHERE name = ?", name, row: node)
  }

  /// All of them, by their names.
  package static func all(in database: Database) throws -> [Node] {
    try database.all("SELECT id, name, created_at FROM nodes ORDER BY name", row: node)
  }

  package static func delete(_ name: String, in database: Database) throws -> Bool {
    try database.run("DELETE FROM nodes WHERE name = ?", name)
    return database.changes == 1
  }

  private static func node(_ row: borrowing Row) -> Node {
    Node(id: row.integer(0), name: row.text(1), createdAt: row.moment(2))
  }
}
