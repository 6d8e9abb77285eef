import Basics
import Dialects
import Outbound
import Storage
import Synchronization
import TestSupport
import XCTest

@testable import Outbox

/// A store with a workspace, and a courier that may call this machine.
final class Outbox: Sendable {
  let directory: TemporaryDirectory
  let store: Store
  let clock: FixedClock
  let workspace: Int64
  let rests = DeliveryRests()
  private let addresses: AddressGuard
  private let courier: Courier
  private let second = Mutex<Courier?>(nil)

  init(at moment: Timestamp? = nil, allowed: String = "127.0.0.0/8") throws {
    directory = try TemporaryDirectory()
    clock = moment.map(FixedClock.init) ?? FixedClock()
    let now = clock.now
    store = try Store(path: directory.path, clock: clock.clock)
    workspace = try store.writeBlocking {
      try Workspaces.insert(slug: "w", name: "w", plan: "pro", at: now, in: $0)
    }
    addresses = AddressGuard(
      allowed: try XCTUnwrap(Network.list(allowed)), ports: try XCTUnwrap(PortSet("!22")))
    courier = try Courier(
      store: store, addresses: addresses, policies: .all, clock: clock.clock, log: .silent, rests: rests)
  }

  deinit {
    second.withLock { $0 }?.stop(grace: .zero)
    courier.stop(grace: .zero)
    store.close()
  }

  func start() { XCTAssertNoThrow(try courier.start()) }

  func stop(grace: Duration = .seconds(20)) { courier.stop(grace: grace) }

  /// Serves the same store anew after a stop.
  func startAgain() throws {
    let courier = try Courier(
      store: store, addresses: addresses, policies: .all, clock: clock.clock, log: .silent, rests: rests)
    second.withLock { $0 = courier }
    try courier.start()
  }

  func addWorkspace(_ slug: String) throws -> Int64 {
    let now = clock.now
    return try store.writeBlocking { try Workspaces.insert(slug: slug, name: slug, plan: "pro", at: now, in: $0) }
  }

  /// Adds deliveries in one transaction and tells the courier.
  @discardableResult
  func add(
    _ urls: [String], style: DeliveryStyle = .wonder, endpoint: Int64? = nil, secret: String? = "s",
    body: String = "{}", workspace other: Int64? = nil
  ) throws -> [Int64] {
    let now = clock.now
    let ids = try store.writeBlocking { [workspace] database in
      try urls.enumerated().map { number, url in
        try Deliveries.insert(
          NewDelivery(
            workspaceID: other ?? workspace, requestID: "req_\(number)", endpointID: endpoint, eventID: "evt_\(number)",
            event: "conversion.job.completed", style: style, url: url,
            restsByHost: DeliveryPolicy.of(style).restsByHost, secret: secret, body: Array(body.utf8)), at: now,
          in: database)
      }
    }
    courier.wake()
    return ids
  }

  func addEndpoint(_ url: String, style: DeliveryStyle = .standard) throws -> Int64 {
    let now = clock.now
    return try store.writeBlocking { [workspace] in
      try Endpoints.insert(
        workspace, url: url, style: style, events: ["conversion.completed"],
        secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", at: now, in: $0)
    }
  }

  /// Moves the clock and lets the courier see it.
  func advance(by span: Duration) {
    clock.advance(by: span)
    courier.wake()
  }

  func delivery(_ id: Int64) throws -> ListedDelivery {
    try XCTUnwrap(store.read { try Deliveries.find(id: id, in: $0) })
  }

  func attempts(_ id: Int64) throws -> [Attempt] { try store.read { try Deliveries.attempts(id, in: $0) } }

  /// Looks until so many attempts at a delivery are recorded, or it has ended.
  func recorded(_ id: Int64, attempts: Int) throws -> ListedDelivery {
    while true {
      let found = try delivery(id)
      if found.attempts >= attempts || found.state != .waiting { return found }
      sched_yield()
    }
  }

  func ended(_ id: Int64) throws -> ListedDelivery { try recorded(id, attempts: .max) }
}
