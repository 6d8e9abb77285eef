import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// The steps of a search, each done again as after a crash: what is on disk is neither lost nor doubled.
final class SiteLedgerTests: XCTestCase {
  private func bed() throws -> SiteBed {
    let bed = try SiteBed { _ in .hang }
    addTeardownBlock { bed.close() }
    return bed
  }

  private func look(_ bed: SiteBed, _ path: String, counts: Bool = true, _ links: [String] = []) -> SiteLedger.Look {
    SiteLedger.Look(identity: bed.root + path, counts: counts, links: links.map { bed.root + $0 })
  }

  private func waiting(_ bed: SiteBed, _ batch: Int64) throws -> [SitePage] {
    try bed.jobs.sites.left(batch, limit: 100).waiting
  }

  private func site(_ bed: SiteBed, _ batch: Int64) throws -> Site {
    try XCTUnwrap(bed.store.read { try Sites.find(batch: batch, in: $0) })
  }

  func testStepThatIsDoneAgain_ChangesNothing() async throws {
    let bed = try bed()
    let ledger = bed.jobs.sites
    let id = try await bed.submit()
    let root = try XCTUnwrap(waiting(bed, id).first)
    for _ in 0..<2 { try ledger.record(look(bed, "/", counts: true, ["/a", "/b", "/a"]), of: root, on: id) }
    XCTAssertEqual(try site(bed, id).found, 1)
    XCTAssertEqual(try waiting(bed, id).map(\.address), ["/a", "/b"].map { bed.root + $0 })
    for _ in 0..<2 { XCTAssertEqual(try ledger.grow(site(bed, id)), .done) }
    XCTAssertEqual(try bed.pages(id), ["/"])
    XCTAssertEqual(try bed.batch(id).total, 1)
    // Files were made ready the second time, too, and none stays.
    XCTAssertEqual(try FileTree.names(in: bed.store.spool.path), [])
    for _ in 0..<2 { try ledger.close(site(bed, id), nil) }
    XCTAssertEqual(try bed.batch(id).isOpen, false)
    XCTAssertEqual(try ledger.grow(site(bed, id)), .done)
  }

  func testPagesOfOneIdentity_AreOne() async throws {
    let bed = try bed()
    let ledger = bed.jobs.sites
    let id = try await bed.submit()
    try ledger.record(look(bed, "/", counts: true, ["/a", "/b", "/c", "/d"]), of: try waiting(bed, id)[0], on: id)
    let pages = try waiting(bed, id)
    // A counts as B, which waits; then B itself comes, C calls itself B, and D calls itself A.
    try ledger.record(look(bed, "/b"), of: pages[0], on: id)
    try ledger.record(look(bed, "/b"), of: pages[1], on: id)
    try ledger.record(look(bed, "/b"), of: pages[2], on: id)
    try ledger.record(look(bed, "/a"), of: pages[3], on: id)
    XCTAssertEqual(try ledger.grow(site(bed, id)), .done)
    XCTAssertEqual(try bed.pages(id), ["/", "/b"])
  }

  func testPageWhoseOtherNameCannotBeHad_CountsAsItself() async throws {
    let bed = try bed()
    let ledger = bed.jobs.sites
    let id = try await bed.submit()
    try ledger.record(look(bed, "/", counts: true, ["/a", "/gone"]), of: try waiting(bed, id)[0], on: id)
    let pages = try waiting(bed, id)
    try ledger.record(failed: pages[1])
    try ledger.record(look(bed, "/gone"), of: pages[0], on: id)
    _ = try ledger.grow(site(bed, id))
    XCTAssertEqual(try bed.pages(id), ["/", "/a"])
  }

  func testCanceledBatch_TakesNothingMore() async throws {
    let bed = try bed()
    let ledger = bed.jobs.sites
    let id = try await bed.submit()
    let root = try waiting(bed, id)[0]
    let open = try site(bed, id)
    let isCanceled = try await bed.lifecycle.cancel(bed.workspace, batch: id)
    XCTAssertTrue(isCanceled)
    try ledger.record(look(bed, "/", counts: true, ["/a"]), of: root, on: id)
    try ledger.begin(id, with: [bed.root + "/sitemap.xml"])
    try ledger.close(open, "why")
    XCTAssertEqual(try ledger.grow(open), .done)
    XCTAssertEqual(try bed.batch(id).status, .canceled)
    XCTAssertNil(try bed.batch(id).errorMessage)
    XCTAssertEqual(try bed.rows(of: "site_pages"), 0)
  }

  func testMembersSite_IsCountedAmongTheirs() async throws {
    let bed = try bed()
    let ledger = bed.jobs.sites
    let id = try await bed.submit()
    _ = try await bed.store.write { try $0.run("UPDATE batches SET key_id = NULL WHERE id = ?", id) }
    try ledger.record(look(bed, "/"), of: try waiting(bed, id)[0], on: id)
    XCTAssertEqual(try ledger.grow(site(bed, id)), .done)
    XCTAssertEqual(try bed.batch(id).total, 1)
  }
}
