import Basics
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Engine

/// Nothing is read or worded for those who would not hear it, and all of it for those who would.
final class AnnouncingTests: XCTestCase {
  /// Hears what an endpoint's events name, and counts what was worded.
  private final class CountingAnnouncer: Announcer {
    let worded = Mutex<[EventKind]>([])

    var offers: [OfferedStyle] { [] }
    func ownStyle(of dialect: String) -> OwnStyle? { OwnStyle(name: .mail, standsForEndpoints: false) }
    func tells(_ endpoint: Endpoint, of kind: EventKind) -> Bool { endpoint.events.contains(kind.rawValue) }
    func hearers(of happening: Happening, among endpoints: [Endpoint]) -> [Endpoint] {
      guard case .batch = happening.subject else { return endpoints }
      return endpoints.filter { $0.events.contains("batch") }
    }
    func deliveries(of happening: Happening, to audience: Audience) -> [NewDelivery] {
      worded.withLock { $0.append(happening.kind) }
      return audience.endpoints.map { endpoint in
        NewDelivery(
          workspaceID: 1, endpointID: endpoint.id, eventID: happening.identifier(0), event: happening.kind.rawValue,
          style: endpoint.style, url: endpoint.url, body: [])
      }
    }
  }

  private static let now = Timestamp(milliseconds: 0)
  private let announcer = CountingAnnouncer()

  private func bed() throws -> (store: Store, announcing: Announcing) {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    addTeardownBlock { withExtendedLifetime(directory) { store.close() } }
    let announcing = Announcing(
      store: store,
      links: Links(store: store, clock: FixedClock().clock, lifetime: .seconds(60), retention: .seconds(60)),
      announcer: announcer, ring: {})
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: Self.now, in: database)
      for (events, isEnabled) in [(["completed"], true), (["completed", "started"], true), (["progress"], false)] {
        let id = try Endpoints.insert(
          workspace, url: "http://a.example/", style: .mail, events: events, secret: "s", at: Self.now, in: database)
        try Endpoints.setEnabled(id: id, isEnabled, in: database)
      }
    }
    return (store, announcing)
  }

  /// The webhooks that an event of a job has come to.
  private func write(
    _ kind: EventKind, _ bed: (store: Store, announcing: Announcing), tellsEveryChange: Bool = false
  ) throws -> Int64 {
    try bed.store.writeBlocking { database in
      var row = NewJob(
        workspaceID: 1, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "jpg",
        createdAt: Self.now)
      if tellsEveryChange { (row.webhookURL, row.tellsEveryChange) = ("http://own.example/", true) }
      let id = try Jobs.insert(row, in: database)
      let job = try XCTUnwrap(Jobs.load(id: id, in: database))
      let event = try Events.insert(1, job: id, kind, at: Self.now, in: database)
      let count = { try database.first("SELECT count(*) FROM deliveries", row: { $0.integer(0) }) ?? 0 }
      let before = try count()
      let isHeard = try bed.announcing.isHeard(
        kind, in: 1, byOwnAddress: job.tellsOwnAddress(of: kind), database)
      let isWritten = try bed.announcing.write(event, job: id, at: Self.now, in: database)
      let webhooks = try count() - before
      XCTAssertEqual(isWritten, webhooks > 0)
      XCTAssertTrue(isHeard || webhooks == 0, "what is heard is never passed over")
      return webhooks
    }
  }

  func testEvent_IsWordedForThoseWhoHearItAlone() throws {
    let bed = try bed()
    XCTAssertEqual(try write(.submitted, bed), 0)
    XCTAssertEqual(try write(.progress, bed), 0, "a disabled endpoint hears nothing")
    XCTAssertEqual(try write(.failed, bed), 0)
    XCTAssertEqual(announcer.worded.withLock { $0 }, [])
    XCTAssertEqual(try write(.started, bed), 1)
    XCTAssertEqual(try write(.completed, bed), 2)
    XCTAssertEqual(announcer.worded.withLock { $0 }, [.started, .completed])
  }

  func testEndOfABatch_IsWordedForThoseWhoHearOfBatches_NotForAllWhoHearOfEnds() throws {
    let bed = try bed()
    func end() throws -> Bool {
      try bed.store.writeBlocking { database in
        let id = try Batches.insert(
          NewBatch(
            workspaceID: 1, keyID: nil, dialect: "wonder", mode: .individual, total: 2, webhookURL: nil,
            webhookSecret: nil, notificationEmail: nil, createdAt: Self.now), in: database)
        let event = try Events.insert(1, batch: id, .completed, at: Self.now, in: database)
        return try bed.announcing.write(event, batch: id, at: Self.now, in: database)
      }
    }
    XCTAssertFalse(try end())
    XCTAssertEqual(announcer.worded.withLock { $0 }, [])
    try bed.store.writeBlocking { database in
      _ = try Endpoints.insert(
        1, url: "http://b.example/", style: .mail, events: ["completed", "batch"], secret: "s", at: Self.now,
        in: database)
    }
    XCTAssertTrue(try end())
    XCTAssertEqual(announcer.worded.withLock { $0 }, [.completed])
  }

  func testOwnAddressThatIsToldEveryChange_HearsWhatNoEndpointDoes() throws {
    let bed = try bed()
    _ = try write(.submitted, bed, tellsEveryChange: true)
    XCTAssertEqual(announcer.worded.withLock { $0 }, [.submitted])
  }

  func testEnds_CountAsHeard_ForThereMayBeMail() throws {
    let bed = try bed()
    try bed.store.read { database in
      for kind in EventKind.allCases {
        let isHeard = try bed.announcing.isHeard(kind, in: 1, byOwnAddress: false, database)
        XCTAssertEqual(isHeard, [.started, .completed, .failed].contains(kind), "\(kind)")
        XCTAssertTrue(try bed.announcing.isHeard(kind, in: 2, byOwnAddress: true, database))
      }
    }
  }
}
