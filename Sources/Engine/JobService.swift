package import Basics
package import Conversion
import Formats
package import Outbound
package import Storage

/// What the dialects ask the engine for: permission, taking a job, looking at one, and the file of a link.
package final class JobService: Sendable {
  package let store: Store
  package let access: Access
  package let desk: JobDesk
  package let links: Links
  package let lifecycle: Lifecycle
  package let reports: Reports
  package let recorder: RateRecorder
  package let batches: BatchDesk
  package let presets: PresetDesk
  package let storages: StorageDesk
  package let exchanges: ExchangeDesk
  /// Nil where nobody is told by webhook.
  package let deliveries: DeliveryDesk?
  /// Files that stay until they are deleted.
  package let files: FileStore
  /// For whoever searches sites.
  package let sites: SiteLedger
  private let catalogue: CatalogueSource
  private let anyIntake: Intake
  package let blocking: Blocking
  private let lock: DownloadLock
  /// How long a client that asked for the result at once is kept waiting.
  package let patience: Duration

  /// A bell is rung when a job has been taken; `addresses` are asked before a place elsewhere is tried, and `agent` names
  /// this server to it.
  package init(
    store: Store, lifecycle: Lifecycle, catalogue: CatalogueSource, blocking: Blocking, clock: Clock, bells: LaneBells,
    links: Links, announcing: Announcing? = nil, addresses: AddressGuard, agent: String = "wonder", log: Log,
    patience: Duration = .seconds(30)
  ) throws {
    self.store = store
    self.lifecycle = lifecycle
    self.blocking = blocking
    self.patience = patience
    self.catalogue = catalogue
    let records = Doorbell()
    let limiter = RateLimiter(clock: clock, bell: records)
    let uses = KeyUses(bell: records)
    recorder = RateRecorder(store: store, clock: clock, log: log, limiter: limiter, uses: uses, bell: records)
    try recorder.restore()
    access = Access(store: store, clock: clock, limiter: limiter, uses: uses)
    anyIntake = Intake(
      store: store, catalogue: catalogue.now, blocking: blocking, clock: clock, bells: bells,
      wakeFetcher: lifecycle.wakeFetcher, wakeSites: lifecycle.wakeSites, announcing: announcing, limiter: limiter,
      hub: lifecycle.hub)
    batches = BatchDesk(store: store, links: links, blocking: blocking)
    sites = SiteLedger(store: store, lifecycle: lifecycle, limiter: limiter, clock: clock)
    presets = PresetDesk(store: store, catalogue: catalogue, clock: clock)
    storages = StorageDesk(store: store, clock: clock, addresses: addresses, agent: agent)
    exchanges = ExchangeDesk(store: store, announcing: announcing, clock: clock)
    deliveries = announcing.map { announcing in
      DeliveryDesk(
        store: store, replays: Replays(store: store, announcing: announcing, clock: clock, entropy: .system))
    }
    files = FileStore(
      store: store, links: links, announcing: announcing, blocking: blocking, clock: clock, room: lifecycle.room)
    self.links = links
    lock = DownloadLock(store: store, clock: clock)
    desk = JobDesk(store: store, links: links)
    reports = Reports(store: store, blocking: blocking, clock: clock)
  }

  package var now: Timestamp { lifecycle.clock.now() }

  /// Takes what one request submits, by what can be done when it is asked for.
  package var intake: Intake { anyIntake.seeing(catalogue.now) }

  /// What can be done at the moment, for one answer.
  package var formats: FormatList { FormatList(catalogue: catalogue.now) }

  /// Returns when the job has ended, or when the patience is over, which is `longest` where that is given; whoever asked
  /// looks at the job to know which.
  package func waitForEnd(row: Int64, longest: Duration? = nil) async throws {
    let end = OneShot()
    let hub = lifecycle.hub
    let subscription = hub.subscribe(job: row) { event in
      if event.kind.isFinal { end.come() }
    }
    defer { hub.unsubscribe(job: row, subscription) }
    // It may have ended before anybody listened.
    guard let job = try store.read({ try Jobs.load(id: row, in: $0) }), !job.status.isFinal else { return }
    await end.wait(longest: longest ?? patience)
  }

  /// Returns when the site of a batch is closed, so that all its jobs are known, or when `longest` is over.
  package func waitForSite(batch row: Int64, of workspace: Workspace, longest: Duration) async throws {
    let clock = ContinuousClock()
    let end = clock.now + longest
    while clock.now < end {
      let bell = OneShot()
      let subscription = store.changes.subscribe(to: { $0 == workspace.id }) { bell.come() }
      defer { store.changes.unsubscribe(subscription) }
      // It may have been closed before anybody listened.
      guard try store.read({ try Batches.find(workspace.id, id: row, in: $0) })?.isOpen == true else { return }
      await bell.wait(longest: end - clock.now)
      // One note stands for all that changes for so long.
      try await Task.sleep(for: Changes.span)
    }
  }

  /// The job or the batch that a workspace has made with an idempotency key on a route, by their rows; a batch of several
  /// jobs has no job.
  package func made(
    _ workspace: Workspace, route: String, key: String
  ) throws -> (job: Int64?, batch: Int64?)? {
    let now = now
    return try store.read { database in
      guard let entry = try Idempotency.find(workspace.id, route: route, key: key, at: now, in: database) else {
        return nil
      }
      let batch =
        try entry.batchID ?? entry.jobID.flatMap { try Jobs.find(workspace.id, id: $0, in: database)?.batchID }
      let isOne = try batch.flatMap { try Batches.find(workspace.id, id: $0, in: database) }.map { $0.total == 1 }
      return (isOne ?? true ? entry.jobID : nil, batch)
    }
  }

  /// Who asked for a workspace, as an address that mail can go to; nil when nobody has said.
  package func owner(of workspace: Workspace) throws -> String? {
    let owner = try store.read { try Workspaces.find(slug: workspace.slug, in: $0) }?.owner
    return owner.flatMap { MailAddress.problem(of: $0) == nil ? $0 : nil }
  }

  /// A workspace's output by what it is known by, open for reading; the caller closes the descriptor.
  ///
  /// Throws `Refusal.unknownFile`.
  package func open(_ workspace: Workspace, file: String) throws -> (output: Output, descriptor: Int32) {
    guard let row = store.identifiers.row(.file, file), let linked = try linked(row),
      try store.read({ try Jobs.find(workspace.id, id: linked.job, in: $0) }) != nil
    else { throw Refusal.unknownFile }
    return (linked.output, try open(linked.output))
  }

  /// The output that a link's token stands for, open for reading; whoever gives it away asks for its `use` first.
  ///
  /// `password` is asked, with the dialect of the job, for what the request shows where the job has passwords.
  package func open(token: String, from address: String, password: (String) -> String?) throws -> OpenedLink {
    if let row = try links.storedFile(of: token) {
      let (output, descriptor) = try openStored(row)
      return OpenedLink(output, descriptor)
    }
    let grant = try links.grant(of: token)
    guard let linked = try linked(grant.output) else { throw Refusal.expiredLink }
    if linked.extras.contains(.downloadPasswords) {
      let codes = try store.read { try DownloadPasswords.all(job: linked.job, in: $0) }
      try lock.open(job: linked.job, to: password(linked.dialect), codes, from: address)
    }
    return OpenedLink(
      linked.output, try open(linked.output), grant, isCounted: links.countsDownloads(of: linked.dialect))
  }

  /// Counts one use of a link; what is no download needs one that is left, and takes none.
  ///
  /// Throws `Refusal.usedLink` when it was used as often as it may be.
  package func use(_ link: OpenedLink, isDownload: Bool) async throws {
    guard let grant = link.grant else { return }
    if let most = grant.most {
      let isLeft: Bool
      if isDownload {
        isLeft = try await store.write {
          try LinkUses.take(grant.code, most: most, expiresAt: grant.expiresAt, in: $0)
        }
      } else {
        isLeft = try store.read { try LinkUses.isLeft(grant.code, most: most, in: $0) }
      }
      guard isLeft else { throw Refusal.usedLink(most) }
    }
    guard isDownload, link.isCounted else { return }
    // What cannot be counted is given all the same.
    _ = try? await store.write { try Outputs.countDownload(id: grant.output, in: $0) }
  }

  /// A stored file, as if it were an output.
  private func openStored(_ row: Int64) throws -> (output: Output, descriptor: Int32) {
    func find() throws -> StoredFile {
      guard let file = try store.read({ try StoredFiles.linked(id: row, in: $0) }) else { throw Refusal.expiredLink }
      return file
    }
    let file = try find()
    do {
      let output = Output(
        id: 0, fileName: file.name, blob: file.blob, mediaType: file.mediaType, size: file.size, sha256: file.sha256)
      return (output, try store.blobs.open(file.blob))
    } catch {
      // Deleted after the row was read, it is as gone as if it had been before.
      _ = try find()
      throw error
    }
  }

  private func linked(_ id: Int64) throws -> LinkedOutput? { try store.read { try Outputs.linked(id: id, in: $0) } }

  private func open(_ output: Output) throws -> Int32 {
    do {
      return try store.blobs.open(output.blob)
    } catch {
      // Deleted after the row was read, it is as gone as if it had been before.
      if try linked(output.id) == nil { throw Refusal.expiredLink }
      throw error
    }
  }
}
