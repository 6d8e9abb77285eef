/// The table of sites; one that is open is searched, and one that is closed only tells what it was.
package enum Sites {
  /// What `site` reads, in its order.
  private static let columns: StaticString = """
    batch_id, workspace_id, key_id, dialect, sites.mode, root, origin, depth, pages, include, exclude, heeds_robots,
      found, template
    """

  /// Adds the site of a batch that was just added, with the address where its search begins.
  package static func insert(
    _ site: NewSite, batch: Int64, first kind: SitePage.Kind?, in database: Database
  ) throws {
    try database.run(
      """
      INSERT INTO sites (batch_id, mode, root, depth, pages, include, exclude, heeds_robots, template)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, batch, site.mode.rawValue, site.root, site.depth, site.pages, site.include.joined(separator: "\n"),
      site.exclude.joined(separator: "\n"), site.heedsRobots, site.template.text)
    try database.run("UPDATE batches SET is_open = 1 WHERE id = ?", batch)
    for secret in site.secrets {
      try database.run(
        "INSERT INTO site_secrets (batch_id, name, value) VALUES (?, ?, ?)", batch, secret.name, secret.value)
    }
    if let kind { try SitePages.insert(batch, kind, site.root, depth: 0, .waiting, in: database) }
  }

  /// The site of a batch, open or closed; nil for a batch that came as a whole.
  package static func find(batch: Int64, in database: Database) throws -> Site? {
    try database.first(
      selecting: columns,
      """
      FROM sites
      JOIN batches ON batches.id = sites.batch_id
      WHERE batch_id = ?
      """, batch, row: site)
  }

  /// The sites that are open, by workspace and then the oldest first.
  package static func open(limit: Int, in database: Database) throws -> [Site] {
    try database.all(
      selecting: columns,
      """
      FROM batches
      JOIN sites ON sites.batch_id = batches.id
      WHERE is_open = 1
      ORDER BY workspace_id, id
      LIMIT ?
      """, limit, row: site)
  }

  /// How many sites of a workspace are open.
  package static func countOpen(_ workspace: Int64, in database: Database) throws -> Int {
    try database.first(
      "SELECT count(*) FROM batches WHERE is_open = 1 AND workspace_id = ?", workspace, row: { $0.int(0) }) ?? 0
  }

  /// What the jobs of a site have to know and nobody may see.
  package static func secrets(batch: Int64, in database: Database) throws -> [JobSecret] {
    try database.all(
      "SELECT name, value FROM site_secrets WHERE batch_id = ? ORDER BY name", batch,
      row: { JobSecret(name: $0.text(0), value: $0.text(1)) })
  }

  package static func setOrigin(batch: Int64, _ origin: String, in database: Database) throws {
    try database.run("UPDATE sites SET origin = ? WHERE batch_id = ?", origin, batch)
  }

  /// Counts pages that are jobs or will be.
  package static func addFound(batch: Int64, _ count: Int, in database: Database) throws {
    try database.run("UPDATE sites SET found = found + ? WHERE batch_id = ?", count, batch)
  }

  /// Counts jobs that were added to the batch.
  package static func grow(batch: Int64, by count: Int, in database: Database) throws {
    try database.run("UPDATE batches SET total = total + ? WHERE id = ?", count, batch)
  }

  /// Closes a site: no more jobs come, and what they would be made of is erased, the bytes in the file included
  /// (`secure_delete`).
  ///
  /// `note` says what whoever asked for it should know; false when it was closed before.
  package static func close(batch: Int64, _ note: String?, in database: Database) throws -> Bool {
    try database.run("UPDATE batches SET is_open = 0, error_message = ? WHERE id = ? AND is_open = 1", note, batch)
    guard database.changes == 1 else { return false }
    try database.run("UPDATE sites SET template = NULL WHERE batch_id = ?", batch)
    try database.run("DELETE FROM site_secrets WHERE batch_id = ?", batch)
    try database.run("DELETE FROM site_pages WHERE batch_id = ?", batch)
    return true
  }

  private static func site(_ row: borrowing Row) throws -> Site {
    func patterns(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
    return Site(
      batchID: row.integer(0), workspaceID: row.integer(1), keyID: row.optionalInteger(2), dialect: row.text(3),
      mode: try row.word(4), root: row.text(5), origin: row.optionalText(6), depth: row.int(7), pages: row.int(8),
      include: patterns(row.text(9)), exclude: patterns(row.text(10)), heedsRobots: row.flag(11), found: row.int(12),
      template: try row.optionalText(13).map(SiteTemplate.init(text:)))
  }
}
