import Basics
import TestSupport
import XCTest

@testable import Storage

/// What is kept of a site, and what is left of it when it is closed or deleted.
final class SitesTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1)

  private func template() -> SiteTemplate {
    var template = SiteTemplate(
      sourceFormat: "url",
      tasks: [
        JobTask(position: 0, conversionType: "page", targetFormat: "pdf", options: #"{"a":"\u00e9"}"#),
        JobTask(position: 1, conversionType: "page", targetFormat: "png", options: "{}"),
      ])
    template.packsOutputs = true
    template.notificationEmail = "a@example.com"
    template.passwords = [[1, 2, 255]]
    return template
  }

  private func with(_ body: @escaping @Sendable (Database, Int64, Int64) throws -> Void) throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    var site = NewSite(mode: .crawl, root: "http://a.example/", depth: 3, pages: 10, template: template())
    (site.include, site.exclude, site.heedsRobots) = (["/a*", "/b"], [], false)
    site.secrets = [JobSecret(name: "n", value: "v")]
    try store.writeBlocking { [site, now] database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: database)
      let batch = try Batches.insert(
        NewBatch(workspaceID: workspace, keyID: nil, dialect: "wonder", mode: .zip, total: 0, createdAt: now),
        in: database)
      XCTAssertNil(try Batches.load(id: batch, in: database)?.isOpen)
      try Sites.insert(site, batch: batch, first: .page, in: database)
      try body(database, workspace, batch)
    }
  }

  func testSite_IsReadAsItWasWritten() throws {
    let template = template()
    try with { database, workspace, batch in
      let site = try XCTUnwrap(Sites.find(batch: batch, in: database))
      XCTAssertEqual(site.template, template)
      XCTAssertEqual([site.include, site.exclude], [["/a*", "/b"], []])
      XCTAssertEqual([site.depth, site.pages, site.found], [3, 10, 0])
      XCTAssertFalse(site.heedsRobots)
      XCTAssertTrue(site.isOpen)
      XCTAssertEqual(try Sites.open(limit: 9, in: database), [site])
      XCTAssertEqual(try Sites.countOpen(workspace, in: database), 1)
      XCTAssertEqual(try Batches.load(id: batch, in: database)?.isOpen, true)
      XCTAssertEqual(try SitePages.waiting(batch, limit: 9, in: database).map(\.address), ["http://a.example/"])
    }
  }

  func testAddress_IsKnownOnceOfEachKind() throws {
    try with { database, _, batch in
      XCTAssertFalse(
        try SitePages.insert(batch, .page, "http://a.example/", depth: 2, .waiting, in: database))
      XCTAssertTrue(
        try SitePages.insert(batch, .sitemap, "http://a.example/", depth: 0, .found, in: database))
      XCTAssertEqual(try SitePages.count(batch, in: database), 2)
      XCTAssertEqual(try SitePages.found(batch, limit: 9, in: database).map(\.kind), [.sitemap])
    }
  }

  func testClose_ErasesWhatJobsWouldBeMadeOf_Once() throws {
    try with { database, workspace, batch in
      XCTAssertTrue(try Sites.close(batch: batch, "why", in: database))
      XCTAssertFalse(try Sites.close(batch: batch, "again", in: database))
      XCTAssertEqual(try Batches.load(id: batch, in: database)?.errorMessage, "why")
      XCTAssertEqual(try Batches.load(id: batch, in: database)?.isOpen, false)
      XCTAssertEqual(try Sites.find(batch: batch, in: database)?.isOpen, false)
      XCTAssertEqual(try Sites.secrets(batch: batch, in: database), [])
      XCTAssertEqual(try SitePages.count(batch, in: database), 0)
      XCTAssertEqual(try Sites.countOpen(workspace, in: database), 0)
      try Batches.delete(workspace, id: batch, in: database)
      XCTAssertNil(try Sites.find(batch: batch, in: database))
    }
  }

  func testDeletedBatch_TakesAllOfItsSiteAlong() throws {
    try with { database, workspace, batch in
      try Batches.delete(workspace, id: batch, in: database)
      for count in try [
        database.first("SELECT count(*) FROM sites", row: { $0.int(0) }),
        database.first("SELECT count(*) FROM site_pages", row: { $0.int(0) }),
        database.first("SELECT count(*) FROM site_secrets", row: { $0.int(0) }),
      ] { XCTAssertEqual(count, 0) }
    }
  }

  func testIdempotency_KnowsABatchWithoutJobs() throws {
    try with { database, workspace, batch in
      let now = Timestamp(milliseconds: 5)
      let print = SHA256.digest([])
      try Idempotency.insert(
        workspace, route: "r", key: "k", job: nil, batch: batch, fingerprint: print, at: now, in: database)
      let entry = try Idempotency.find(workspace, route: "r", key: "k", at: now, in: database)
      XCTAssertEqual(entry, Idempotency.Entry(jobID: nil, batchID: batch, fingerprint: print))
    }
  }
}
