import Formats
import Storage

/// What one thread remembers of a site while it searches it; all else is in the tables.
struct SiteRun {
  enum Robots {
    case unknown
    case asked
    case known(RobotsRules)
  }

  var site: Site
  var scope: SiteScope
  /// What the site's robots.txt says, and whose it is.
  var robots = Robots.unknown
  var robotsOrigin = ""
  /// When the search ends, on the monotonic clock; it begins anew with the process.
  let deadline: Int64
  /// The rows that are being fetched or read.
  var pages: Set<Int64> = []
  /// Before then no page is asked for, on the monotonic clock.
  var asksAt: Int64 = 0
  /// Before then no page becomes a job.
  var growsAt: Int64 = 0
  /// How often its first address has led to another server.
  var moves = 0
  /// True when no more pages are looked for.
  var isOver = false
  /// What the batch says of how the search went.
  var note: String?
  /// Why lists of pages were not had, for the words of a failure.
  var troubles: [String] = []

  init(_ site: Site, deadline: Int64) {
    self.site = site
    scope = SiteScope(site)
    self.deadline = deadline
  }

  /// Takes over what the tables say now.
  mutating func update(_ site: Site) {
    if site.origin != self.site.origin { scope = SiteScope(site) }
    self.site = site
    // Each host has rules of its own.
    if robotsOrigin != scope.origin, case .known = robots { robots = .unknown }
  }

  var rules: RobotsRules? { if case .known(let rules) = robots { rules } else { nil } }

  /// Whether the site lets crawlers have an address.
  func allows(_ address: String) -> Bool {
    !site.heedsRobots || rules?.allows(WebAddress(address).pathAndQuery) ?? false
  }

  /// How many of its pages may be fetched beside each other.
  var mostAtOnce: Int { delay > .zero ? 1 : SiteWorker.mostOfSite }

  /// How long to wait between two of them.
  var delay: Duration {
    guard site.heedsRobots, let seconds = rules?.crawlDelay, seconds > 0 else { return .zero }
    return min(SiteWorker.longestDelay, .milliseconds(Int64(min(seconds, 3600) * 1000)))
  }

  /// Whether another page may be asked for that could still become a job.
  var hasRoom: Bool { !isOver && pages.count < mostAtOnce && site.found + pages.count < site.pages }
}
