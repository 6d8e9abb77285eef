/// The table of what is known of the sites that are open.
package enum SitePages {
  /// So many addresses are known of one site at most; others are passed by.
  package static let mostKnown = 20_000

  /// Adds an address; false when it is known already.
  @discardableResult
  package static func insert(
    _ batch: Int64, _ kind: SitePage.Kind, _ address: String, depth: Int, _ state: SitePage.State,
    in database: Database
  ) throws -> Bool {
    try database.run(
      "INSERT OR IGNORE INTO site_pages (batch_id, kind, address, depth, state) VALUES (?, ?, ?, ?, ?)", batch,
      kind.rawValue, address, depth, state.rawValue)
    return database.changes == 1
  }

  package static func load(id: Int64, in database: Database) throws -> SitePage? {
    try database.first(
      "SELECT id, kind, address, depth, state FROM site_pages WHERE id = ?", id, row: page)
  }

  package static func find(
    _ batch: Int64, _ kind: SitePage.Kind, _ address: String, in database: Database
  ) throws -> SitePage? {
    try database.first(
      "SELECT id, kind, address, depth, state FROM site_pages WHERE batch_id = ? AND kind = ? AND address = ?", batch,
      kind.rawValue, address, row: page)
  }

  /// What is to be fetched next, in the order in which it was found.
  package static func waiting(_ batch: Int64, limit: Int, in database: Database) throws -> [SitePage] {
    try database.all(
      """
      SELECT id, kind, address, depth, state
      FROM site_pages
      WHERE batch_id = ? AND state = 'waiting'
      ORDER BY id
      LIMIT ?
      """, batch, limit, row: page)
  }

  /// What is to become a job next.
  package static func found(_ batch: Int64, limit: Int, in database: Database) throws -> [SitePage] {
    try database.all(
      """
      SELECT id, kind, address, depth, state
      FROM site_pages
      WHERE batch_id = ? AND state = 'found'
      ORDER BY id
      LIMIT ?
      """, batch, limit, row: page)
  }

  package static func set(id: Int64, _ state: SitePage.State, in database: Database) throws {
    try database.run("UPDATE site_pages SET state = ? WHERE id = ?", state.rawValue, id)
  }

  /// Gives a page that was not fetched yet another address, to which it has led.
  package static func move(id: Int64, to address: String, in database: Database) throws {
    try database.run("UPDATE site_pages SET address = ? WHERE id = ?", address, id)
  }

  /// Lets nothing wait any more.
  package static func dropWaiting(_ batch: Int64, in database: Database) throws {
    try database.run("UPDATE site_pages SET state = 'looked' WHERE batch_id = ? AND state = 'waiting'", batch)
  }

  /// How many addresses are known of a site.
  package static func count(_ batch: Int64, in database: Database) throws -> Int {
    try database.first("SELECT count(*) FROM site_pages WHERE batch_id = ?", batch, row: { $0.int(0) }) ?? 0
  }

  /// The sitemaps that were looked for, for the words of a failure.
  package static func sitemaps(_ batch: Int64, limit: Int, in database: Database) throws -> [String] {
    try database.all(
      """
      SELECT address
      FROM site_pages
      WHERE batch_id = ? AND kind = 'sitemap'
      ORDER BY address
      LIMIT ?
      """, batch, limit, row: { $0.text(0) })
  }

  private static func page(_ row: borrowing Row) throws -> SitePage {
    SitePage(
      id: row.integer(0), kind: try row.word(1), address: row.text(2), depth: row.int(3), state: try row.word(4))
  }
}
