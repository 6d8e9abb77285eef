import Basics
import Formats
import Storage

/// What is decided about a site, each step one transaction, so that a crash loses no page and makes none twice.
package struct SiteLedger: Sendable {
  /// So many sites are open at once in the whole; more wait until one is closed.
  static let mostOpen = 1000
  /// Lists of pages that one site has at most.
  static let mostLists = 1000

  let store: Store
  let lifecycle: Lifecycle
  let limiter: RateLimiter
  let clock: Clock

  init(store: Store, lifecycle: Lifecycle, limiter: RateLimiter, clock: Clock) {
    self.store = store
    self.lifecycle = lifecycle
    self.limiter = limiter
    self.clock = clock
  }

  func open() throws -> [Site] { try store.read { try Sites.open(limit: SiteLedger.mostOpen, in: $0) } }

  /// What is to be done for a site: addresses to be fetched, and whether pages are to become jobs.
  func left(_ site: Int64, limit: Int) throws -> (waiting: [SitePage], hasFound: Bool) {
    try store.read { database in
      let waiting = try SitePages.waiting(site, limit: limit, in: database)
      return (waiting, try !SitePages.found(site, limit: 1, in: database).isEmpty)
    }
  }

  /// What a page has turned out to be.
  struct Look {
    /// The address by which it counts, of this site and in its one spelling.
    var identity: String
    /// False for what is to be no job, though it may lead to pages.
    var counts: Bool
    /// Addresses of this site that it leads to.
    var links: [String]
  }

  /// Records a page that was read, with what it leads to.
  func record(_ look: Look, of page: SitePage, on site: Int64) throws {
    try store.writeBlocking { database in
      guard let site = try open(site, database), try isWaiting(page, database) else { return }
      try SitePages.set(id: page.id, .looked, in: database)
      if look.counts, site.found < site.pages, try count(look.identity, for: page, site.batchID, database) {
        try Sites.addFound(batch: site.batchID, 1, in: database)
      }
      guard page.depth < site.depth else { return }
      var known = try SitePages.count(site.batchID, in: database)
      for link in look.links where known < SitePages.mostKnown {
        if try SitePages.insert(site.batchID, .page, link, depth: page.depth + 1, .waiting, in: database) { known += 1 }
      }
    }
  }

  /// Has a page become a job under the address by which it counts; false when another one has that.
  private func count(
    _ identity: String, for page: SitePage, _ site: Int64, _ database: Database
  ) throws -> Bool {
    if identity != page.address {
      switch try SitePages.find(site, .page, identity, in: database) {
      case nil: return try SitePages.insert(site, .page, identity, depth: page.depth, .found, in: database)
      case let other? where other.state == .waiting:
        try SitePages.set(id: other.id, .found, in: database)
        return true
      case let other? where other.state != .failed: return false
      // What it calls itself cannot be had, and it can.
      case _?: break
      }
    }
    try SitePages.set(id: page.id, .found, in: database)
    return true
  }

  /// Records a list that was read: its addresses become jobs, or are further lists.
  func record(_ list: WebList, of page: SitePage, on site: Int64, own: (String) -> String?) throws {
    let addresses =
      list.isIndex ? list.addresses.filter { WebhookAddress.problem(of: $0) == nil } : list.addresses.compactMap(own)
    try store.writeBlocking { database in
      guard let site = try open(site, database), try isWaiting(page, database) else { return }
      try SitePages.set(id: page.id, .looked, in: database)
      if list.isIndex {
        // One level deep, as the protocol has it.
        guard page.depth == 0 else { return }
        for address in addresses.prefix(SiteLedger.mostLists) {
          try SitePages.insert(site.batchID, .sitemap, address, depth: 1, .waiting, in: database)
        }
      } else {
        var left = site.pages - site.found
        for address in addresses where left > 0 {
          if try SitePages.insert(site.batchID, .page, address, depth: 0, .found, in: database) { left -= 1 }
        }
        try Sites.addFound(batch: site.batchID, site.pages - site.found - left, in: database)
      }
    }
  }

  /// Records that an address is none that can be had, or not of this site when `isOther`.
  func record(failed page: SitePage, isOther: Bool = false) throws {
    try store.writeBlocking { database in
      guard try isWaiting(page, database) else { return }
      try SitePages.set(id: page.id, isOther ? .looked : .failed, in: database)
    }
  }

  /// Lets the site be where its first address has led.
  func move(_ site: Int64, _ page: SitePage, to address: String) throws {
    try store.writeBlocking { database in
      guard try open(site, database) != nil, try isWaiting(page, database) else { return }
      try Sites.setOrigin(batch: site, SiteScope.origin(of: address), in: database)
      try SitePages.move(id: page.id, to: address, in: database)
    }
  }

  /// Adds the lists with which the search of a site begins.
  func begin(_ site: Int64, with lists: [String]) throws {
    try store.writeBlocking { database in
      guard try open(site, database) != nil else { return }
      for address in lists.prefix(SiteLedger.mostLists) {
        try SitePages.insert(site, .sitemap, address, depth: 0, .waiting, in: database)
      }
    }
  }

  /// The lists that are known of a site.
  func lists(_ site: Int64, limit: Int) throws -> [String] {
    try store.read { try SitePages.sitemaps(site, limit: limit, in: $0) }
  }

  /// Looks for no more pages; those that were found become jobs all the same.
  func endSearch(_ site: Int64) throws {
    try store.writeBlocking { try SitePages.dropWaiting(site, in: $0) }
  }

  /// Closes a site; its batch ends when none of its jobs is under way.
  func close(_ site: Site, _ note: String?) throws {
    let now = clock.now()
    let sequel = try store.writeBlocking { try lifecycle.closeSite(batch: site.batchID, note, now, $0) }
    guard let sequel else { return }
    tell(sequel, site.workspaceID)
  }

  /// What is left to do when it is on disk.
  func tell(_ sequel: Lifecycle.Sequel, _ workspace: Int64) {
    if sequel.makesWork { lifecycle.bells[.quick].ring() }
    if sequel.isAnnounced { lifecycle.announcing?.ring() }
    store.changes.note(workspace)
  }

  func open(_ site: Int64, _ database: Database) throws -> Site? {
    try Sites.find(batch: site, in: database).flatMap { $0.isOpen ? $0 : nil }
  }

  /// A page that was counted under another name meanwhile waits no more.
  private func isWaiting(_ page: SitePage, _ database: Database) throws -> Bool {
    try SitePages.load(id: page.id, in: database)?.state == .waiting
  }
}
