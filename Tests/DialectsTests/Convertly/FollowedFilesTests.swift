import Basics
import Storage
import TestSupport
import XCTest

@testable import Dialects
@testable import Engine

/// The files of a job of several, told one by one over a restart.
final class FollowedFilesTests: XCTestCase {
  private func lifecycle(_ store: Store, boot: String) -> Lifecycle {
    let clock = FixedClock().clock
    let links = Links(store: store, clock: clock, lifetime: .seconds(60), retention: .seconds(60))
    let webhooks = Webhooks(home: HomeAddress(configured: "https://w.example"))
    return Lifecycle(
      store: store, clock: clock, bootID: boot,
      announcing: Announcing(store: store, links: links, announcer: webhooks, ring: {}))
  }

  private func makeStore(events: [String]) throws -> Store {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    addTeardownBlock { withExtendedLifetime(directory) { store.close() } }
    let now = Timestamp(milliseconds: 0)
    try store.writeBlocking { database in
      let id = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: database)
      if !events.isEmpty {
        _ = try Endpoints.insert(
          id, url: "http://a.example/", style: .convertly, events: events, secret: "s", at: now, in: database)
      }
      let job = try Jobs.insert(
        NewJob(
          workspaceID: id, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
          createdAt: now), in: database)
      for position in 0..<2 {
        let input = NewInput(fileName: "\(position).png", .file(blob: "b\(position)", size: 1, sha256: nil))
        _ = try Inputs.insert(input, job: job, position: position, in: database)
      }
      try Queue.insert(id, job: job, at: now, in: database)
      try Usage.move(id, from: nil, to: .pending, in: database)
    }
    return store
  }

  private func told(_ store: Store) throws -> [String] {
    try store.read { try Deliveries.of(job: 1, in: $0) }.map(\.event)
  }

  func testAFileThatWasToldBeforeARestart_IsNotToldAgain() throws {
    let store = try makeStore(events: ["conversion.progress"])
    let first = lifecycle(store, boot: "a")
    let taken = try XCTUnwrap(first.claim(after: 0))
    XCTAssertTrue(taken.followsFiles)
    try first.tellDone(taken.claim, taken.job, [taken.inputs[0]], done: 1, of: 2)
    XCTAssertEqual(try told(store), ["conversion.progress"])
    let second = lifecycle(store, boot: "b")
    XCTAssertEqual(try second.recover(), 1)
    // What the earlier attempt would still say is not heard.
    try first.tellDone(taken.claim, taken.job, [taken.inputs[1]], done: 2, of: 2)
    XCTAssertEqual(try told(store).count, 1)
    let again = try XCTUnwrap(second.claim(after: 0))
    try second.tellDone(again.claim, again.job, again.inputs, done: 2, of: 2)
    XCTAssertEqual(try told(store), ["conversion.progress", "conversion.progress"])
    XCTAssertEqual(Set(try store.read { try Deliveries.of(job: 1, in: $0) }.map(\.eventID)).count, 2)
  }

  func testWhereNobodyIsTold_NothingIsWritten() throws {
    let taken = try XCTUnwrap(lifecycle(makeStore(events: []), boot: "a").claim(after: 0))
    XCTAssertFalse(taken.followsFiles)
  }
}
