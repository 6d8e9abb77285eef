import Basics
import Dialects
import Outbound
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Outbox

/// The end of a courier whose database takes nothing.
final class StopTests: XCTestCase {
  func testStop_WhenNothingCanBeRecorded_EndsAndSaysSoOnce() throws {
    let lines = Mutex<[String]>([])
    let log = Log(write: { line in lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path)
    defer { store.close() }
    let receiver = try WebhookReceiver { _ in .status(200) }
    defer { receiver.close() }
    try store.writeBlocking { database in
      let workspace = try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: Clock.system.now(), in: database)
      for number in 0..<300 {
        try Deliveries.insert(
          NewDelivery(
            workspaceID: workspace, eventID: "evt_\(number)", event: "e", style: .wonder, url: receiver.url, body: []),
          at: Clock.system.now(), in: database)
      }
      try database.run(
        "CREATE TRIGGER full BEFORE UPDATE ON deliveries BEGIN SELECT RAISE(ABORT, 'no room'); END")
    }
    let courier = try Courier(
      store: store,
      addresses: AddressGuard(
        allowed: XCTUnwrap(Network.list("127.0.0.0/8")), ports: XCTUnwrap(PortSet("!22"))),
      policies: .all, clock: .system, log: log)
    try courier.start()
    XCTAssertEqual(receiver.wait(for: 300).count, 300)
    courier.stop(grace: .seconds(20))
    let said = lines.withLock { $0 }
    XCTAssertEqual(said.filter { $0.contains("cannot record webhooks") }.count, 1, "\(said)")
    XCTAssertEqual(said.filter { $0.contains("stopped without recording webhooks") }.count, 1, "\(said)")
    XCTAssertLessThan(said.count, 5)
    XCTAssertEqual(try store.read { try Deliveries.countWaiting(in: $0) }, 300)
  }
}
