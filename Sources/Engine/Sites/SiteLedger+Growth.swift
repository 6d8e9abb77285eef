import Basics
import Formats
import Storage

/// Pages that were found become jobs, within the limits that hold for whoever asked.
extension SiteLedger {
  /// So many pages become jobs in one transaction.
  static let portion = 16
  /// How long a site waits while there is no room for more jobs.
  static let wait = Duration.seconds(5)

  enum Growth: Equatable {
    /// Nothing is left to be added, or more may be at once.
    case done
    /// More may be added after a while.
    case waits(Duration)
    /// It was closed, for a quota is used up.
    case closed
  }

  /// Adds the next pages that were found to the batch.
  func grow(_ site: Site) throws -> Growth {
    guard try store.shortage() == nil else { return .waits(SiteLedger.wait) }
    let pages = try store.read { try SitePages.found(site.batchID, limit: SiteLedger.portion, in: $0) }
    guard !pages.isEmpty else { return .done }
    var files: [Submission.File] = []
    for page in pages {
      guard case .file(let file) = try Submission.Source.page(page.address, nil, in: store.spool) else { continue }
      files.append(file)
    }
    let added: Added = try store.blobs.place(files.map(\.path)) { [files] blobs in
      do {
        let new = zip(pages, zip(files, blobs)).map { NewPage(page: $0, file: $1.0, blob: $1.1) }
        let added = try store.writeBlocking { try add(new, to: site.batchID, $0) }
        store.blobs.remove(Array(blobs.dropFirst(added.count)))
        return added
      } catch {
        if !store.hasStoppedWriting { store.blobs.remove(blobs) }
        throw error
      }
    }
    if added.count > 0 { lifecycle.bells.ring() }
    tell(added.sequel, site.workspaceID)
    return added.growth
  }

  private struct NewPage: Sendable {
    let page: SitePage
    let file: Submission.File
    let blob: String
  }

  private struct Added: Sendable {
    /// How many of the pages are jobs now, the first ones.
    var count = 0
    var growth = Growth.done
    var sequel = Lifecycle.Sequel()
  }

  private func add(_ new: [NewPage], to batch: Int64, _ database: Database) throws -> Added {
    var added = Added()
    guard let site = try open(batch, database), let template = site.template else {
      added.growth = .closed
      return added
    }
    let now = clock.now()
    var note: String?
    if let submitter = try submitter(site, now, database) {
      let secrets = try Sites.secrets(batch: batch, in: database)
      var bytes: Int64 = 0
      for page in new {
        if let wait = try refusal(of: page, bytes, added.count, submitter, now, &note, database) {
          added.growth = wait
          break
        }
        let record = record(page, site, template, secrets, now)
        let (_, isAnnounced) = try record.write(lifecycle.lanes, lifecycle.announcing, database)
        try SitePages.set(id: page.page.id, .looked, in: database)
        added.sequel.isAnnounced = added.sequel.isAnnounced || isAnnounced
        added.count += 1
        bytes += page.file.size
      }
      try count(added.count, bytes, submitter, site, now, database)
    } else {
      (added.growth, note) = (.closed, "the key that it came with, or its workspace, may submit nothing any more")
    }
    if added.growth == .closed, let end = try lifecycle.closeSite(batch: batch, note, now, database) {
      added.sequel.isAnnounced = added.sequel.isAnnounced || end.isAnnounced
      added.sequel.makesWork = end.makesWork
    }
    return added
  }

  /// What keeps one more page from becoming a job now, with the words for it in `note` where it never will.
  private func refusal(
    of page: NewPage, _ bytes: Int64, _ count: Int, _ submitter: Submitter, _ now: Timestamp, _ note: inout String?,
    _ database: Database
  ) throws -> Growth? {
    do {
      if let payer = submitter.payer, let limit = submitter.plan.filesPerMinute {
        try limiter.requireFiles(payer, limit: limit)
      }
    } catch let refusal as Refusal {
      return .waits(.seconds(refusal.retryAfter ?? 1))
    }
    do {
      try Quota.check(submitter, adding: bytes + page.file.size, jobs: count + 1, at: now, in: database)
    } catch let refusal as Refusal {
      note = refusal.message
      return .closed
    }
    let most = try store.admit(1, of: submitter.workspace.id, most: submitter.plan.waitingJobs, in: database)
    return most == nil ? nil : .waits(SiteLedger.wait)
  }

  /// Counts the jobs that were added wherever those of a submission are counted.
  private func count(
    _ count: Int, _ bytes: Int64, _ submitter: Submitter, _ site: Site, _ now: Timestamp, _ database: Database
  ) throws {
    guard count > 0 else { return }
    try Sites.grow(batch: site.batchID, by: count, in: database)
    let workspace = submitter.workspace.id
    try Usage.add(
      workspace, origin: submitter.origin, jobs: count, files: count, bytes: bytes, at: now, in: database)
    try Usage.addStored(workspace, bytes, in: database)
    try Activity.add(workspace, submitted: count, at: now, in: database)
    if let payer = submitter.payer, let limit = submitter.plan.filesPerMinute {
      limiter.takeFiles(count, payer, limit: limit)
    }
  }

  private func record(
    _ new: NewPage, _ site: Site, _ template: SiteTemplate, _ secrets: [JobSecret], _ now: Timestamp
  ) -> JobRecord {
    let first = template.tasks[0]
    var row = NewJob(
      workspaceID: site.workspaceID, keyID: site.keyID, dialect: site.dialect, conversionType: first.conversionType,
      sourceFormat: template.sourceFormat, targetFormat: first.targetFormat, options: first.options, createdAt: now)
    row.batchID = site.batchID
    row.packsOutputs = template.packsOutputs
    row.notificationEmail = template.notificationEmail
    var input = NewInput(
      fileName: FileNames.clean(new.file.name), .file(blob: new.blob, size: new.file.size, sha256: nil))
    input.page = new.file.page
    return JobRecord(
      row: row, inputs: [(input, 0)], tasks: template.tasks, secrets: secrets, passwords: template.passwords,
      mostBytes: 0)
  }

  /// For whom the jobs are taken; nil when that may submit nothing any more.
  private func submitter(_ site: Site, _ now: Timestamp, _ database: Database) throws -> Submitter? {
    if let key = site.keyID {
      guard let holder = try Keys.holder(id: key, in: database), holder.key.isActive(at: now),
        holder.workspace.state == .approved
      else { return nil }
      return Submitter(holder)
    }
    guard let facts = try Workspaces.facts(site.workspaceID, in: database),
      let workspace = try Workspaces.find(slug: facts.slug, in: database), workspace.state == .approved,
      let plan = try Plans.find(workspace.plan, in: database)
    else { return nil }
    return Submitter(memberOf: workspace, on: plan)
  }
}
