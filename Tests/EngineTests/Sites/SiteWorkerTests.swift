import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// The search of a site: which pages are jobs, each once, and how the batch ends.
final class SiteWorkerTests: XCTestCase {
  private func bed(
    _ pages: [String: WebhookReceiver.Answer], prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> SiteBed {
    let bed = try SiteBed({ pages[$0.path] ?? .status(404) }, prepare: prepare)
    addTeardownBlock { bed.close() }
    return bed
  }

  private func search(
    _ pages: [String: WebhookReceiver.Answer], _ change: (inout SiteWish) -> Void = { _ in }
  ) async throws -> (bed: SiteBed, batch: Batch) {
    let bed = try bed(pages)
    try bed.start()
    return (bed, try bed.closed(try await bed.submit("/", .crawl, change)))
  }

  func testCrawl_MakesAJobOfEachPageOnce() async throws {
    let (bed, batch) = try await search([
      "/": SiteBed.page("link=/a link=/b#part link=/a?x=1 link=http://other.example/ link=/p.pdf link=mailto:a@b"),
      "/a": SiteBed.page("link=/ link=/b link=/a link=/./a link=/c"),
      "/b": SiteBed.page("link=/gone link=/text link=/moved"),
      "/a?x=1": SiteBed.page("canonical=/a"),
      "/c": SiteBed.page("canonical=/canon"),
      "/moved": .status(301, headers: [("Location", "/b")]),
      "/text": .status(200, headers: [("Content-Type", "text/plain")], body: "link=/never"),
    ])
    XCTAssertEqual(try bed.pages(batch.id), ["/", "/a", "/b", "/canon"])
    XCTAssertEqual(batch.total, 4)
    XCTAssertEqual(batch.status, .processing)
    XCTAssertEqual(bed.receiver.requests.filter { $0.path == "/robots.txt" }.count, 1)
    // The page that was moved leads to one that is asked for by its own name, too.
    XCTAssertEqual(bed.receiver.requests.map(\.path).filter { $0 != "/b" }.count, 8)
    XCTAssertEqual(bed.receiver.requests.first?["user-agent"], "wonder/test")
    try bed.work()
    let end = try bed.batch(batch.id)
    XCTAssertEqual(end.status, .completed)
    XCTAssertEqual([end.completed, end.total], [4, 4])
  }

  func testRobots_AreHeeded_UnlessNobodyWantsThat() async throws {
    let pages = [
      "/robots.txt": WebhookReceiver.Answer.status(200, body: "User-agent: wonder\nDisallow: /private\n"),
      "/": SiteBed.page("link=/private/x nofollow=/only link=/quiet link=/end"),
      "/private/x": SiteBed.page(""), "/only": SiteBed.page(""), "/end": SiteBed.page("link=/deep robots=nofollow"),
      "/quiet": SiteBed.page("robots=noindex link=/behind"), "/behind": SiteBed.page(""), "/deep": SiteBed.page(""),
    ]
    let (heeding, first) = try await search(pages)
    XCTAssertEqual(try heeding.pages(first.id), ["/", "/behind", "/end"])
    let (other, second) = try await search(pages) { $0.heedsRobots = false }
    XCTAssertEqual(
      try other.pages(second.id), ["/", "/behind", "/deep", "/end", "/only", "/private/x", "/quiet"])
  }

  func testRobotsField_IsHeeded() async throws {
    func tagged(_ tag: String) -> WebhookReceiver.Answer {
      .status(
        200, headers: [("Content-Type", "text/html"), ("X-Robots-Tag", tag)], body: "page link=/deep\(tag.count)")
    }
    let tags = ["noindex", "googlebot: none", "unavailable_after: 1 Jan 2020, NoFollow", "other: x, wonder: none"]
    var pages = ["/": SiteBed.page(tags.indices.map { "link=/\($0)" }.joined(separator: " "))]
    for (index, tag) in tags.enumerated() {
      pages["/\(index)"] = tagged(tag)
      pages["/deep\(tag.count)"] = SiteBed.page("")
    }
    let (bed, batch) = try await search(pages)
    XCTAssertEqual(try bed.pages(batch.id), ["/", "/1", "/2", "/deep15", "/deep7"])
  }

  func testRobotsThatNobodyCanRead_CloseTheSite() async throws {
    let (_, batch) = try await search(["/robots.txt": .status(503), "/": SiteBed.page("")])
    XCTAssertEqual(batch.status, .failed)
    XCTAssertTrue(batch.errorMessage?.contains("/robots.txt could not be fetched") ?? false, "\(batch)")
    let (_, forbidden) = try await search([
      "/robots.txt": .status(200, body: "User-agent: *\nDisallow: /\n"), "/": SiteBed.page(""),
    ])
    XCTAssertEqual(forbidden.status, .failed)
    XCTAssertTrue(forbidden.errorMessage?.contains("robots.txt does not allow it") ?? false, "\(forbidden)")
  }

  func testRootThatIsNotThere_FailsTheBatchInWords() async throws {
    for (answer, words) in [
      (WebhookReceiver.Answer.status(404), "status 404"), (.reset, "lost"),
      (.status(200, headers: [("Content-Type", "image/png")], body: "x"), "is no web page"),
      (.status(302, headers: [("Location", "/")]), "more than 5 redirects"),
      (.status(302, headers: [("Location", "http://10.0.0.1/")]), "could not connect"),
    ] {
      let (_, batch) = try await search(["/": answer])
      XCTAssertEqual(batch.status, .failed)
      XCTAssertTrue(batch.errorMessage?.contains(words) ?? false, "\(batch.errorMessage ?? "") \(words)")
    }
  }

  func testDepthPatternsAndNumber_Bound() async throws {
    var pages = ["/": SiteBed.page("link=/1 link=/doc/a link=/doc/b")]
    for number in 1...9 { pages["/\(number)"] = SiteBed.page("link=/\(number + 1)") }
    for name in ["a", "b"] { pages["/doc/\(name)"] = SiteBed.page("") }
    let (shallow, first) = try await search(pages) { $0.depth = 2 }
    XCTAssertEqual(try shallow.pages(first.id), ["/", "/1", "/2", "/doc/a", "/doc/b"])
    let (alone, second) = try await search(pages) { $0.depth = 0 }
    XCTAssertEqual(try alone.pages(second.id), ["/"])
    let (few, third) = try await search(pages) { $0.pages = 3 }
    XCTAssertEqual(try few.pages(third.id).count, 3)
    let (some, fourth) = try await search(pages) { ($0.include, $0.exclude) = (["/doc/*"], ["*/b"]) }
    XCTAssertEqual(try some.pages(fourth.id), ["/doc/a"])
    let (none, fifth) = try await search(pages) { $0.include = ["/nothing"] }
    XCTAssertEqual(fifth.status, .failed)
    XCTAssertTrue(fifth.errorMessage?.hasPrefix("no page was found: \(none.root)/") ?? false, "\(fifth)")
  }

  func testSitemaps_NamePages() async throws {
    let pages = [
      "/robots.txt": WebhookReceiver.Answer.status(
        200, body: "Sitemap: /not-whole\nDisallow: /x\nSitemap: HOST/all.xml\n"),
      "/all.xml": .status(200, body: "index link=/one.xml link=/two.xml link=/gone.xml"),
      "/one.xml": .status(200, body: "link=/a link=/b link=/p.zip link=http://other.example/c"),
      "/two.xml": .status(200, body: "link=/b link=/c link=/a#b"),
    ]
    let bed = try SiteBed { request in
      guard case .status(let status, let fields, let body)? = pages[request.path] else { return .status(404) }
      return .status(status, headers: fields, body: body.replacing("HOST", with: "http://" + (request["host"] ?? "")))
    }
    addTeardownBlock { bed.close() }
    try bed.start()
    let batch = try bed.closed(try await bed.submit("/", .sitemap))
    XCTAssertEqual(try bed.pages(batch.id), ["/a", "/b", "/c"])
    let few = try bed.closed(try await bed.submit("/", .sitemap) { $0.pages = 2 })
    XCTAssertEqual(few.total, 2)
    let direct = try bed.closed(try await bed.submit("/two.xml", .sitemap))
    XCTAssertEqual(try bed.pages(direct.id), ["/a", "/b", "/c"])
    XCTAssertEqual(bed.receiver.requests.filter { ["/a", "/b", "/c"].contains($0.path) }.count, 0)
  }

  func testSiteWithoutSitemap_SaysWhereWasLooked() async throws {
    let bed = try bed([:])
    try bed.start()
    let batch = try bed.closed(
      try await bed.submit("/", .sitemap, edit: { $0.notificationEmail = "a@example.com" }))
    XCTAssertEqual(batch.status, .failed)
    XCTAssertEqual(batch.notificationEmail, "a@example.com")
    XCTAssertEqual(
      batch.errorMessage,
      "no page of the site was found; looked at \(bed.root)/sitemap.xml; \(bed.root)/sitemap.xml could not be fetched: its server answered with status 404"
    )
  }

  func testBatch_EndsNotWhileItsSiteIsOpen() async throws {
    let gate = Gate()
    let bed = try SiteBed { request in
      switch request.path {
      case "/": return SiteBed.page("link=/slow")
      case "/slow":
        gate.wait()
        return SiteBed.page("")
      default: return .status(404)
      }
    }
    addTeardownBlock { bed.close() }
    try bed.start()
    let id = try await bed.submit(archive: true)
    while try bed.batch(id).total < 1 { sched_yield() }
    try bed.work()
    XCTAssertEqual(try bed.batch(id).inProgress, 0)
    XCTAssertEqual(try bed.batch(id).status, .processing)
    gate.open()
    XCTAssertEqual(try bed.closed(id).total, 2)
    try bed.work()
    // Nothing was made, but both were done, so that there is an archive to pack.
    XCTAssertNotNil(try bed.batch(id).archiveJobID)
    XCTAssertEqual(try bed.batch(id).status, .processing)
  }

  func testPageThatFails_FailsAlone() async throws {
    let (bed, batch) = try await search([
      "/": SiteBed.page("link=/a link=/b"), "/a": SiteBed.page("broken"), "/b": SiteBed.page(""),
    ])
    let jobs = try bed.store.read { try Batches.jobs(batch.id, in: $0) }
    XCTAssertEqual(jobs.count, 3)
    try bed.work(failing: [jobs[1]])
    let end = try bed.batch(batch.id)
    XCTAssertEqual([end.status.rawValue, "\(end.completed)", "\(end.failed)"], ["partial", "2", "1"])
  }
}
