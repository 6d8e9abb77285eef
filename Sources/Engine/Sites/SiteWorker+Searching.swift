import Basics
import Formats
import Outbound
import Storage

/// What is to be done next for a site.
extension SiteWorker {
  /// Has found pages become jobs, asks for the rules of the site, and closes it when nothing is left to be done; true
  /// when more of it may be fetched.
  func tend(_ id: Int64) throws -> Bool {
    guard let run = runs[id] else { return false }
    let now = clock.monotonic()
    let isLate = now >= run.deadline
    if !run.isOver, isLate || run.site.found >= run.site.pages { try endSearch(id, isLate: isLate) }
    if try ledger.left(id, limit: 1).hasFound, try !grow(id, now) { return false }
    guard let run = runs[id] else { return false }
    if !run.isOver {
      wake(at: run.deadline)
      if case .unknown = run.robots { try askRobots(id) }
      guard runs[id]?.rules != nil else { return false }
      if run.site.mode == .sitemap, try ledger.lists(id, limit: 1).isEmpty { try beginLists(id) }
    }
    let left = try ledger.left(id, limit: 1)
    if left.waiting.isEmpty, !left.hasFound, run.pages.isEmpty { try close(id, note(of: id)) }
    return !left.waiting.isEmpty
  }

  private func endSearch(_ id: Int64, isLate: Bool) throws {
    guard let run = runs[id] else { return }
    if isLate {
      runs[id]?.note =
        "the site was searched for \(searchTime.milliseconds / 1000) s, which is as long as it may take; it may have more pages"
    }
    try ledger.endSearch(id)
    cancel(id)
    runs[id]?.isOver = true
    log.debug("site searched", ["batch": store.identifiers.text(.batch, id), "pages": String(run.site.found)])
  }

  /// Makes jobs of what was found; false when the site was closed with that.
  private func grow(_ id: Int64, _ now: Int64) throws -> Bool {
    guard let run = runs[id] else { return false }
    guard now >= run.growsAt else {
      wake(at: run.growsAt)
      return true
    }
    switch try ledger.grow(run.site) {
    case .done: wake(at: now)
    case .waits(let span):
      runs[id]?.growsAt = now + span.nanoseconds
      wake(at: now + span.nanoseconds)
    case .closed:
      cancel(id)
      runs[id] = nil
      return false
    }
    return true
  }

  private func askRobots(_ id: Int64) throws {
    guard let run = runs[id] else { return }
    runs[id]?.robotsOrigin = run.scope.origin
    let hasList = run.site.mode == .crawl ? true : try !ledger.lists(id, limit: 1).isEmpty
    guard run.site.heedsRobots || !hasList else {
      runs[id]?.robots = .known(.allowing)
      return
    }
    runs[id]?.robots = .asked
    do { try begin(.robots, run.scope.origin + "/robots.txt", of: run.site) } catch {
      runs[id]?.robots = .unknown
      throw error
    }
  }

  /// The lists that the site names, or else the one that it usually has.
  private func beginLists(_ id: Int64) throws {
    guard let run = runs[id] else { return }
    let named = (run.rules?.sitemaps ?? []).map { WebAddress(written: $0).normalised.description }
      .filter { WebhookAddress.problem(of: $0) == nil }
    try ledger.begin(id, with: named.isEmpty ? [run.scope.origin + "/sitemap.xml"] : named)
  }

  /// Begins to fetch the next page of a site; false when there is none.
  func beginPage(of id: Int64) throws -> Bool {
    guard let run = runs[id], run.hasRoom else { return false }
    let waiting = try ledger.left(id, limit: run.pages.count + 1).waiting
    guard let page = waiting.first(where: { !run.pages.contains($0.id) }) else { return false }
    guard page.kind == .sitemap || run.allows(page.address) else {
      try refuse(page, id, "may not be fetched: the site's robots.txt does not allow it")
      wake(at: clock.monotonic())
      return runs[id] != nil
    }
    try begin(.page(page), page.address, of: run.site)
    runs[id]?.asksAt = clock.monotonic() + run.delay.nanoseconds
    return true
  }

  /// Passes a page by that cannot be had, or is none; a site whose first page cannot be had is closed.
  func refuse(_ page: SitePage, _ id: Int64, _ words: String, isOther: Bool = false) throws {
    if page.kind == .page, page.depth == 0 { return try close(id, "\(page.address) \(words)") }
    try ledger.record(failed: page, isOther: isOther)
    if page.kind == .sitemap, runs[id]?.troubles.count ?? 0 < 3 {
      runs[id]?.troubles.append("\(page.address) \(words)")
    }
  }

  /// What the batch says when the search is over.
  private func note(of id: Int64) throws -> String? {
    guard let run = runs[id], run.site.found == 0 else { return runs[id]?.note }
    guard run.site.mode == .sitemap else {
      return run.note ?? "no page was found: \(run.site.root) is not to be one, and leads to none that is"
    }
    let lists = try ledger.lists(id, limit: 5)
    let reasons = run.troubles.isEmpty ? "" : "; " + run.troubles.joined(separator: "; ")
    return run.note ?? "no page of the site was found; looked at \(lists.joined(separator: ", "))\(reasons)"
  }
}
