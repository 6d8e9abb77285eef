package import Basics
import Formats
import Glibc
package import Outbound
package import Storage

/// Searches the sites that are open: one thread fetches, several documents at once and at most two of a site, and another
/// has them read.
///
/// Every step is on disk before the next one is made of it, so whatever was under way at a crash is done again, and once.
///
/// `@unchecked Sendable`: the state of its loop belongs to its thread; others only set a flag and wake it.
package final class SiteWorker: @unchecked Sendable {
  package static let most = 16
  /// One workspace must not hold up the others.
  static let mostOfWorkspace = 8
  static let mostOfSite = 2
  static let longestDelay = Duration.seconds(10)
  /// For one document, over all redirects.
  static let fetchTime = Duration.seconds(30)
  static let listTime = Duration.seconds(120)
  /// How long nothing new is begun after the disk or the database was in trouble.
  static let rest = Duration.seconds(5)
  private static let longestWait = Duration.seconds(60)

  let store: Store
  let ledger: SiteLedger
  let client: Client
  let reading: ReadingThread
  let searchTime: Duration
  private let agent: String
  private let mostAtOnce: Int
  let clock: Clock
  let log: Log
  private let thread: ClientThread

  var runs: [Int64: SiteRun] = [:]
  /// What is being fetched, by its tag, and what is being read.
  var fetches: [Int64: SiteFetch] = [:]
  var documents: [Int64: SiteFetch] = [:]
  private var lastTag: Int64 = 0
  private var restsUntil: Int64 = 0
  private var setback: Setback
  /// When something is to be done though nothing has come, on the monotonic clock.
  private var due: Int64?

  /// A search takes `searchTime` at most; `client` is the worker's own, and its `wake` tells that there is something new.
  package init(
    store: Store, ledger: SiteLedger, client: Client, reader: any PageReader, searchTime: Duration, agent: String,
    mostAtOnce: Int = SiteWorker.most, clock: Clock, log: Log
  ) {
    self.store = store
    self.ledger = ledger
    self.client = client
    thread = ClientThread(client)
    reading = ReadingThread(reader) { client.wake() }
    self.searchTime = searchTime
    self.agent = agent
    self.mostAtOnce = mostAtOnce
    self.clock = clock
    self.log = log
    setback = Setback("cannot search sites", log: log)
  }

  package func start() throws(SystemFailure) {
    try reading.start()
    try thread.start("sites") { [self] in serve() }
  }

  /// Leaves what is under way; the next start does it again.
  package func stop() {
    thread.end()
    reading.stop()
    thread.join()
  }

  private var stops: Bool { thread.stops }

  private func serve() {
    while !stops && !store.hasStoppedWriting {
      due = nil
      if clock.monotonic() < restsUntil {
        wake(at: restsUntil)
      } else {
        do {
          try step()
          setback.worked()
        } catch {
          rest(error)
        }
      }
      for ended in client.poll(longest: wait) { attempt { try settle(ended) } }
      // What is cut short by the end comes to nothing.
      if stops { break }
      for ended in reading.takeEnded() { attempt { try settle(ended) } }
    }
    for fetch in [fetches, documents].flatMap(\.values) { discard(fetch) }
    (fetches, documents) = ([:], [:])
  }

  private var wait: Duration {
    guard let due else { return SiteWorker.longestWait }
    return min(SiteWorker.longestWait, max(.zero, .nanoseconds(due - clock.monotonic())))
  }

  func wake(at moment: Int64) { due = min(due ?? .max, moment) }

  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch { rest(error) }
  }

  /// Begins nothing for a while, because the disk or the database is in trouble; what runs goes on.
  private func rest(_ error: any Error) {
    // The store has said why when it has stopped.
    let span = store.hasStoppedWriting ? SiteWorker.rest : setback.failed(error)
    restsUntil = clock.monotonic() + span.nanoseconds
    wake(at: restsUntil)
  }

  /// Looks after every site that is open, and begins what may be begun.
  private func step() throws {
    let sites = try ledger.open()
    let open = Set(sites.map(\.batchID))
    for gone in runs.keys where !open.contains(gone) { forget(gone) }
    for site in sites {
      if runs[site.batchID] == nil {
        runs[site.batchID] = SiteRun(site, deadline: clock.monotonic() + searchTime.nanoseconds)
      }
      runs[site.batchID]?.update(site)
    }
    var busy: Set<Int64> = []
    for site in sites where try tend(site.batchID) { busy.insert(site.batchID) }
    while fetches.count + documents.count < mostAtOnce, !stops, let next = nextSite(among: busy) {
      if try !beginPage(of: next) { busy.remove(next) }
    }
  }

  /// The site whose workspace has the fewest documents under way, so that none holds up the others.
  private func nextSite(among sites: Set<Int64>) -> Int64? {
    let underway = [fetches, documents].flatMap(\.values)
    let now = clock.monotonic()
    func ofWorkspace(_ run: SiteRun) -> Int { underway.count { $0.workspaceID == run.site.workspaceID } }
    func cost(_ run: SiteRun) -> (Int, Int, Int64) { (ofWorkspace(run), run.pages.count, run.site.batchID) }
    let open = sites.compactMap { runs[$0] }.filter { $0.hasRoom && $0.rules != nil }
    for run in open where run.asksAt > now { wake(at: run.asksAt) }
    let ready = open.filter { $0.asksAt <= now && ofWorkspace($0) < SiteWorker.mostOfWorkspace }
    return ready.min { cost($0) < cost($1) }?.site.batchID
  }

  func begin(_ purpose: SiteFetch.Purpose, _ address: String, of site: Site) throws {
    lastTag += 1
    let name = "site-\(lastTag)-" + Base32.text(Entropy.system.bytes(5))
    let (path, descriptor) = try store.spool.makeFile(name, O_RDWR | O_EXCL)
    let isList = if case .page(let page) = purpose { page.kind == .sitemap } else { false }
    let time = isList ? SiteWorker.listTime : SiteWorker.fetchTime
    let fetch = SiteFetch(
      site: site.batchID, workspaceID: site.workspaceID, purpose: purpose, path: path, descriptor: descriptor,
      room: IncomingRoom(ledger.lifecycle.room, workspace: site.workspaceID), address: address,
      deadline: clock.monotonic() + time.nanoseconds)
    if let page = fetch.page { runs[site.batchID]?.pages.insert(page.id) }
    ask(fetch, tag: lastTag)
  }

  /// Asks for a document where it is said to be.
  func ask(_ fetch: SiteFetch, tag: Int64) {
    fetches[tag] = fetch
    let room = fetch.room
    let download = Download(descriptor: fetch.descriptor, mostBytes: fetch.mostBytes) { bytes in
      if try room.take(bytes) != nil { throw StorageTrouble(description: "there is no room for it") }
    }
    client.start(
      OutboundRequest(
        url: fetch.address, headers: [("User-Agent", agent), ("Accept", fetch.accepts)], .download(download),
        timeLimit: max(.milliseconds(1), .nanoseconds(fetch.deadline - clock.monotonic()))),
      tag: tag)
  }

  struct StorageTrouble: Error, CustomStringConvertible {
    let description: String
  }

  /// Ends all that is under way for a site.
  func cancel(_ site: Int64) {
    for (tag, fetch) in fetches where fetch.site == site {
      client.cancel(tag: tag)
      fetches[tag] = nil
      discard(fetch)
    }
    for (tag, fetch) in documents where fetch.site == site {
      reading.cancel(tag: tag)
      documents[tag] = nil
      discard(fetch)
    }
    runs[site]?.pages = []
  }

  private func forget(_ site: Int64) {
    cancel(site)
    runs[site] = nil
  }

  func discard(_ fetch: SiteFetch) {
    Glibc.close(fetch.descriptor)
    store.spool.remove(fetch.path)
  }

  /// Closes a site for good, with what its batch says of it.
  func close(_ site: Int64, _ note: String?) throws {
    guard let run = runs[site] else { return }
    try ledger.close(run.site, note)
    log.info(
      "site closed",
      ["batch": store.identifiers.text(.batch, site), "pages": String(run.site.found), "note": note ?? ""])
    forget(site)
  }
}
