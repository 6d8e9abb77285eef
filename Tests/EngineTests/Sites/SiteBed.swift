import Basics
import Conversion
import Formats
import Glibc
import Outbound
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// A store with a key, a web site on this machine, and whoever searches it; nothing converts anything.
final class SiteBed: Sendable {
  /// What makes a text of a page's address, so that such jobs may be asked for.
  struct PageTool: Tool {
    let program = Program("sh", package: "made-up")
    let lane = Lane.page
    var name: String { "pages" }
    var offers: [Offer] { [Offer(from: [.url], to: [.txt, .pdf], cost: 10)] }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? { nil }
    func results(of task: ToolTask, _ ends: [ToolEnd]) -> [ToolResult] { [] }
  }

  /// Reads documents of words: `link=/a`, `nofollow=/b`, `canonical=/c`, `robots=noindex`, `broken`, `index`.
  final class WordReader: PageReader {
    func read(
      _ document: WebDocument, isCanceled: @escaping @Sendable () -> Bool
    ) throws(ReadingFailure) -> WebContent {
      let bytes = (try? FileBytes.read(document.path, atMost: 1 << 20)) ?? []
      let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      if words.contains("broken") { throw .document("cannot be read: it is broken") }
      func all(_ name: String) -> [String] {
        words.filter { $0.hasPrefix(name + "=") }.map { word in
          WebAddress(String(word.dropFirst(name.count + 1))).resolved(against: WebAddress(document.address)).description
        }
      }
      if document.kind == .sitemap {
        return .list(WebList(isIndex: words.contains("index"), addresses: all("link")))
      }
      var page = WebPage()
      page.canonical = all("canonical").first
      page.robots = Set(words.filter { $0.hasPrefix("robots=") }.map { String($0.dropFirst(7)) })
      page.links =
        all("link").map { WebPage.Link($0) } + all("nofollow").map { WebPage.Link($0, isForPeopleOnly: true) }
      return .page(page)
    }
  }

  let directory: TemporaryDirectory
  let store: Store
  let lifecycle: Lifecycle
  let jobs: JobService
  let workspace: Int64
  let key: Int64
  let time: FixedClock
  let receiver: WebhookReceiver
  private let blocking: Blocking
  private let addresses: AddressGuard
  private let worker = Mutex<SiteWorker?>(nil)

  var root: String { "http://127.0.0.1:\(receiver.port)" }

  /// `answer` is the site; `prepare` changes rows before anything else.
  init(
    _ answer: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer,
    prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws {
    directory = try TemporaryDirectory()
    time = FixedClock()
    let clock = time.counting
    store = try Store(path: directory.path + "/data", clock: clock)
    receiver = try WebhookReceiver(answer: answer)
    (workspace, key) = try store.writeBlocking { database in
      let id = try Workspaces.insert(slug: "w", name: "w", plan: "enterprise", at: clock.now(), in: database)
      let key = NewKeyRow(
        workspaceID: id, hash: SHA256.digest([1]), hint: "h", name: "k", webhookSecret: "s", createdAt: clock.now())
      let row = try Keys.insert(key, in: database)
      try prepare(database)
      return (id, row)
    }
    let catalogue = CatalogueSource(
      Catalogue(makers: Makers.builtIn + [PageTool()], found: Toolbox(paths: ["sh": "/bin/sh"])))
    blocking = Blocking(mostThreads: 2)
    try blocking.start()
    let ring = WakeUp()
    lifecycle = Lifecycle(
      store: store, clock: clock, bootID: "b", catalogue: catalogue, wakeSites: { ring.call() })
    addresses = AddressGuard(
      allowed: try XCTUnwrap(Network.list("127.0.0.0/8")), ports: try XCTUnwrap(PortSet("!22")))
    jobs = try JobService(
      store: store, lifecycle: lifecycle, catalogue: catalogue, blocking: blocking, clock: clock, bells: LaneBells(),
      links: Links(store: store, clock: clock, lifetime: .seconds(60), retention: .seconds(60)),
      addresses: addresses, log: .silent)
    self.ring = ring
  }

  private final class WakeUp: Sendable {
    private let body = Mutex<@Sendable () -> Void>({})
    func call() { body.withLock(\.self)() }
    func set(_ new: @escaping @Sendable () -> Void) { body.withLock { $0 = new } }
  }

  private let ring: WakeUp

  /// Begins to search, as a process that starts does.
  func start(searchTime: Duration = .seconds(600)) throws {
    let client = try Client(addresses, connections: 16)
    let worker = SiteWorker(
      store: store, ledger: jobs.sites, client: client, reader: WordReader(), searchTime: searchTime,
      agent: "wonder/test", clock: time.counting, log: .silent)
    ring.set { client.wake() }
    try worker.start()
    self.worker.withLock { $0 = worker }
  }

  /// Lets the searcher look again at what a test has changed behind its back.
  func look() { ring.call() }

  func stop() {
    let worker = worker.withLock { worker in
      defer { worker = nil }
      return worker
    }
    worker?.stop()
  }

  func close() {
    stop()
    receiver.close()
    blocking.close()
    store.close()
  }

  /// Asks for a site and gives its batch.
  func submit(
    _ path: String = "/", _ mode: Site.Mode = .crawl, archive: Bool = false,
    _ change: (inout SiteWish) -> Void = { _ in }, edit: (inout Submission) -> Void = { _ in }
  ) async throws -> Int64 {
    var submission = Submission(
      dialect: "wonder", fields: [("url", path)], route: "r", conversionType: nil, from: "url", to: "txt",
      sources: [.address(root + path, name: nil)], mostBytes: 1)
    submission.batch = Submission.BatchWish(mode: archive ? .zip : .individual)
    var wish = SiteWish(mode: mode)
    change(&wish)
    submission.site = wish
    edit(&submission)
    let holder = try XCTUnwrap(store.read { try Keys.holder(id: key, in: $0) })
    let receipt = try await jobs.intake.submit(submission, by: holder)
    return try XCTUnwrap(receipt.batchID)
  }

  func batch(_ id: Int64) throws -> Batch { try XCTUnwrap(store.read { try Batches.load(id: id, in: $0) }) }

  /// Waits until nothing more is added to a batch.
  func closed(_ id: Int64) throws -> Batch {
    while true {
      let batch = try batch(id)
      if batch.isOpen == false { return batch }
      sched_yield()
    }
  }

  /// The paths of the pages that are jobs of a batch, in order, a double one twice.
  func pages(_ id: Int64) throws -> [String] {
    try store.read { database in
      try Batches.jobs(id, in: database).map { job in
        let input = try XCTUnwrap(Inputs.all(job: job, in: database).first)
        let bytes = try FileBytes.read(store.blobs.path(XCTUnwrap(input.blob)), atMost: 4096)
        return String((PageAddress.read(bytes) ?? "").dropFirst(root.count))
      }.sorted()
    }
  }

  /// Ends every job that waits, as a converter does; those of `failing` fail.
  func work(failing: Set<Int64> = []) throws {
    while let taken = try lifecycle.claim(Turns.Choice(lane: .page, last: 0, full: [], resting: nil)) {
      if failing.contains(taken.job.id) {
        try lifecycle.fail(taken.claim, taken.job, ConversionFailure(.damagedFile, "no"), run: .zero)
      } else {
        _ = try lifecycle.complete(taken.claim, taken.job, outputs: [], blobs: [], run: .zero)
      }
    }
  }

  /// An answer with a page of these words.
  static func page(_ words: String) -> WebhookReceiver.Answer {
    .status(200, headers: [("Content-Type", "text/html; charset=utf-8")], body: "page " + words)
  }
}
