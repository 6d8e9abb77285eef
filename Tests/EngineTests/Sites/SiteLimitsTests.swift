import Basics
import Formats
import Storage
import TestSupport
import XCTest

@testable import Engine

/// Sites that are canceled, cut short by a restart or by time, and those of workspaces that have used up what they may.
final class SiteLimitsTests: XCTestCase {
  private static func tree(_ request: ReceivedRequest) -> WebhookReceiver.Answer {
    switch request.path {
    case "/": SiteBed.page((0..<30).map { "link=/p\($0)" }.joined(separator: " "))
    case "/robots.txt": .status(404)
    default: SiteBed.page("link=/ link=/p1")
    }
  }

  private func bed(
    _ answer: @escaping @Sendable (ReceivedRequest) -> WebhookReceiver.Answer = tree,
    prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> SiteBed {
    let bed = try SiteBed(answer, prepare: prepare)
    addTeardownBlock { bed.close() }
    return bed
  }

  func testCancel_EndsTheSearch_AndErasesWhatItKnew() async throws {
    let gate = Gate()
    let bed = try bed { request in
      if request.path == "/p3" { gate.wait() }
      return Self.tree(request)
    }
    try bed.start()
    let id = try await bed.submit(edit: { $0.secrets = [JobSecret(name: "n", value: "v")] })
    while try bed.batch(id).total < 2 { sched_yield() }
    XCTAssertTrue(try bed.rows(of: "site_secrets") > 0)
    let isCanceled = try await bed.lifecycle.cancel(bed.workspace, batch: id)
    XCTAssertTrue(isCanceled)
    let batch = try bed.batch(id)
    XCTAssertEqual(batch.status, .canceled)
    XCTAssertEqual(batch.isOpen, false)
    XCTAssertEqual(batch.canceled, batch.total)
    gate.open()
    for table in ["site_pages", "site_secrets"] { XCTAssertEqual(try bed.rows(of: table), 0, table) }
    let other = try bed.closed(try await bed.submit())
    XCTAssertEqual(other.total, 31)
    XCTAssertEqual(try bed.batch(id).total, batch.total)
    try await bed.lifecycle.delete(bed.workspace, batch: id)
    XCTAssertEqual(try bed.rows(of: "sites"), 1)
  }

  func testRestartInTheMiddle_MakesEachPageOnce() async throws {
    let bed = try bed()
    try bed.start()
    let id = try await bed.submit(edit: { $0.secrets = [JobSecret(name: "n", value: "v")] })
    for count in stride(from: 1, through: 25, by: 6) {
      while try bed.batch(id).total < count { sched_yield() }
      bed.stop()
      try bed.start()
    }
    let batch = try bed.closed(id)
    XCTAssertEqual(batch.total, 31)
    XCTAssertEqual(Set(try bed.pages(id)).count, 31)
    XCTAssertEqual(try bed.pages(id).count, 31)
    XCTAssertEqual(try bed.rows(of: "secrets"), 31)
    XCTAssertEqual(try bed.rows(of: "site_secrets"), 0)
    let template = try bed.store.read { try Sites.find(batch: id, in: $0)?.template }
    XCTAssertNil(template)
  }

  func testTime_ClosesTheSiteWithWhatItHas() async throws {
    let bed = try bed { request in request.path == "/p3" ? .hang : Self.tree(request) }
    try bed.start(searchTime: .seconds(60))
    let id = try await bed.submit()
    // All but the one that hangs and the one that may be held up behind it.
    while try bed.batch(id).total < 30 { sched_yield() }
    bed.time.advance(by: .seconds(61))
    bed.look()
    let batch = try bed.closed(id)
    XCTAssertEqual(batch.total, 30)
    XCTAssertEqual(
      batch.errorMessage,
      "the site was searched for 60 s, which is as long as it may take; it may have more pages")
    try bed.work()
    XCTAssertEqual(try bed.batch(id).status, .completed)
    XCTAssertEqual(try bed.batch(id).errorMessage, batch.errorMessage)
  }

  func testMonthThatIsUsedUp_ClosesTheSiteInWords() async throws {
    let bed = try bed(prepare: { try $0.run("UPDATE plans SET jobs_per_month = 5 WHERE name = 'enterprise'") })
    try bed.start()
    let batch = try bed.closed(try await bed.submit())
    XCTAssertEqual(batch.total, 5)
    XCTAssertTrue(batch.errorMessage?.contains("has used the 5 jobs") ?? false, "\(batch)")
    let usage = try bed.store.read { try Usage.counter(bed.workspace, "jobs.pending", in: $0) }
    XCTAssertEqual(usage, 5)
  }

  func testJobsThatWait_HoldTheSiteUp() async throws {
    let bed = try bed(prepare: { try $0.run("UPDATE plans SET waiting_jobs = 7 WHERE name = 'enterprise'") })
    try bed.start(searchTime: .seconds(86_400 * 365))
    let id = try await bed.submit()
    while true {
      let batch = try bed.batch(id)
      XCTAssertLessThanOrEqual(batch.inProgress, 7)
      if batch.isOpen == false { break }
      try bed.work()
      bed.time.advance(by: .seconds(6))
      bed.look()
      sched_yield()
    }
    XCTAssertEqual(try bed.batch(id).total, 31)
  }

  func testKeyThatIsRevoked_AddsNothing() async throws {
    let bed = try bed()
    let id = try await bed.submit()
    let (key, now) = (bed.key, bed.time.now)
    _ = try await bed.store.write { try Keys.revoke(id: key, at: now, in: $0) }
    try bed.start()
    let batch = try bed.closed(id)
    XCTAssertEqual(batch.total, 0)
    XCTAssertEqual(batch.status, .failed)
    XCTAssertTrue(batch.errorMessage?.contains("may submit nothing any more") ?? false, "\(batch)")
  }

  func testRepetition_GivesTheSameBatch_AndWhatIsWrongIsRefused() async throws {
    let bed = try bed()
    let first = try await bed.submit(edit: { $0.idempotencyKey = "k" })
    let again = try await bed.submit(edit: { $0.idempotencyKey = "k" })
    XCTAssertEqual(first, again)
    for edit: (inout Submission) -> Void in [
      {
        $0.idempotencyKey = "k"; $0.sources = [.address(bed.root + "/other", name: nil)]
      },
      { $0.sources += $0.sources }, { $0.sources = [.address("ftp://x/", name: nil)] },
      {
        $0.from = "png"; $0.task.to = "jpg"
      }, { $0.batch = nil },
    ] {
      do {
        _ = try await bed.submit(edit: edit)
        XCTFail("taken")
      } catch is Refusal {}
    }
  }

  func testSecondSite_WaitsForNobody() async throws {
    let gate = Gate()
    let bed = try bed { request in
      if request.path.hasPrefix("/p") { gate.wait() }
      return request.path == "/alone" ? SiteBed.page("") : Self.tree(request)
    }
    try bed.start()
    let slow = try await bed.submit()
    while bed.receiver.requests.filter({ $0.path.hasPrefix("/p") }).count < 2 { sched_yield() }
    let alone = try await bed.submit("/alone")
    XCTAssertEqual(try bed.closed(alone).total, 1)
    XCTAssertEqual(bed.receiver.requests.filter { $0.path.hasPrefix("/p") }.count, 2)
    XCTAssertEqual(try bed.batch(slow).isOpen, true)
    gate.open()
    XCTAssertEqual(try bed.closed(slow).total, 31)
  }
}

extension SiteBed {
  func rows(of table: String) throws -> Int {
    let database = try Database(path: directory.path + "/data/wonder.db", mode: .reading)
    defer { database.close() }
    switch table {
    case "sites": return try count(database, "SELECT count(*) FROM sites")
    case "site_pages": return try count(database, "SELECT count(*) FROM site_pages")
    case "site_secrets": return try count(database, "SELECT count(*) FROM site_secrets")
    case "secrets": return try count(database, "SELECT count(*) FROM secrets")
    default: return -1
    }
  }

  private func count(_ database: Database, _ sql: StaticString) throws -> Int {
    try database.first(sql, row: { $0.int(0) }) ?? 0
  }
}
