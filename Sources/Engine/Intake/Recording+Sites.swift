import Basics
import Formats
import Storage

/// A submission whose jobs are still to be found.
extension Recording {
  /// So many sites of one workspace may be open; their jobs are counted as any others when they are found.
  static let mostOpenSites = 50

  /// Writes a batch without jobs, with the site that it grows by.
  func open(_ wish: SiteWish, _ database: Database) throws -> Intake.Receipt {
    try Quota.check(submitter, adding: 0, jobs: 1, at: now, in: database)
    guard try Sites.countOpen(workspace, in: database) < Recording.mostOpenSites else {
      throw Refusal.tooManySites(Recording.mostOpenSites)
    }
    let root = WebAddress(written: address).normalised
    let batch = try Batches.insert(
      NewBatch(
        workspaceID: workspace, keyID: submitter.keyID, dialect: submission.dialect,
        mode: submission.batch?.mode ?? .individual, total: 0, webhookURL: submission.webhookURL,
        webhookSecret: webhookSecret(database), notificationEmail: isMailedAsOne ? submission.notificationEmail : nil,
        createdAt: now), in: database)
    var template = SiteTemplate(
      sourceFormat: wishes[0].from == nil ? Format.url.name : wishes[0].sourceName(submission), tasks: tasks(wishes))
    template.packsOutputs = submission.packsOutputs
    template.notificationEmail = isMailedAsOne ? nil : submission.notificationEmail
    template.passwords = passwords
    var site = NewSite(
      mode: wish.mode, root: root.description, depth: wish.depth, pages: wish.pages, template: template)
    (site.include, site.exclude, site.heedsRobots) = (wish.include, wish.exclude, wish.heedsRobots)
    site.secrets = secrets(wishes)
    try Sites.insert(site, batch: batch, first: first(wish.mode, root), in: database)
    if let key = submission.idempotencyKey, let fingerprint {
      try Idempotency.insert(
        workspace, route: submission.route, key: key, job: nil, batch: batch, fingerprint: fingerprint, at: now,
        in: database)
    }
    return Intake.Receipt(jobID: 0, batchID: batch, isReplay: false)
  }

  private var address: String {
    switch submission.sources.first {
    case .address(let address, _), .page(let address, _): address
    case .file, .cloud, .stored, nil: ""
    }
  }

  /// What the address is where that is known before anything was fetched: where sitemaps are, robots.txt tells.
  private func first(_ mode: Site.Mode, _ root: WebAddress) -> SitePage.Kind? {
    guard mode == .sitemap else { return .page }
    return [".xml", ".gz", ".txt"].contains(where: root.path.lowercased().hasSuffix) ? .sitemap : nil
  }
}
