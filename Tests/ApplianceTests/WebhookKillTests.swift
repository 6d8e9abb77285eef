import Basics
import Dialects
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Kills the server with SIGKILL again and again while it sends to a receiver that fails now and then (W2, K1).
///
/// TEST_WEBHOOKS sets how many deliveries there are; 20000 is the figure that the project promises.
final class WebhookKillTests: XCTestCase {
  private var count: Int { getenv("TEST_WEBHOOKS").flatMap { Int(String(cString: $0)) } ?? 250 }

  func testEveryDelivery_ArrivesAtLeastOnce_WithTheSameEvent() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    _ = try TestServer.issueKey(data: data, workspace: "kill", plan: "enterprise")
    let number = Atomic(0)
    let losses = Mutex<[String: Int]>([:])
    // Every seventh request gets no answer at all: the sender cannot know whether it arrived. None is lost so often that
    // its attempts are used up.
    let receiver = try WebhookReceiver { request in
      guard number.wrappingAdd(1, ordering: .relaxed).newValue.isMultiple(of: 7) else { return .status(200) }
      let lost = losses.withLock { losses in
        losses[request["X-WonderConvert-Delivery"] ?? "", default: 0] += 1
        return losses[request["X-WonderConvert-Delivery"] ?? "", default: 0]
      }
      return lost < 4 ? .reset : .status(200)
    }
    defer { receiver.close() }
    try fill(data, receiver.url)
    var random = SystemRandomNumberGenerator()
    var left = count
    while left > 0 {
      // The server sends before it says that it is ready.
      let seen = receiver.requests.count
      let program = try ServedProgram(data: data, arguments: ["--allow-private-targets", "127.0.0.0/8"])
      // All that is left is due, so as many requests will come.
      _ = receiver.wait(for: seen + min(left, Int.random(in: 1...max(60, count / 50), using: &random)))
      program.end(SIGKILL)
      left = try waiting(data)
      try makeDue(data)
    }
    try check(data, receiver.requests)
  }

  private func fill(_ data: String, _ url: String) throws {
    let store = try Store(path: data)
    defer { store.close() }
    let count = count
    try store.writeBlocking { database in
      for number in 0..<count {
        try Deliveries.insert(
          NewDelivery(
            workspaceID: 1, requestID: "req_\(number)", eventID: "evt_\(number)", event: "conversion.job.completed",
            style: .wonder, url: url, secret: "s", body: Array("{\"number\":\(number)}".utf8)),
          at: Timestamp(milliseconds: 0), in: database)
      }
    }
  }

  private func waiting(_ data: String) throws -> Int {
    let store = try Store(path: data)
    defer { store.close() }
    return try store.read {
      try $0.first("SELECT count(*) FROM deliveries WHERE state = 'waiting'", row: { $0.int(0) }) ?? 0
    }
  }

  /// Lets the delays pass that failed attempts asked for; what is due later must not have been sent.
  private func makeDue(_ data: String) throws {
    let store = try Store(path: data)
    defer { store.close() }
    try store.writeBlocking { try $0.run("UPDATE deliveries SET next_attempt_at = 0 WHERE state = 'waiting'") }
  }

  private func check(_ data: String, _ requests: [ReceivedRequest]) throws {
    var arrivals: [String: Int] = [:]
    for request in requests {
      let event = request["X-WonderConvert-Delivery"] ?? ""
      XCTAssertEqual(event, "evt_\(request.json["number"]?.integer ?? -1)")
      arrivals[event, default: 0] += 1
    }
    XCTAssertEqual(arrivals.count, count)
    let store = try Store(path: data)
    defer { store.close() }
    try store.read { database in
      XCTAssertEqual(try database.first("PRAGMA integrity_check", row: { $0.text(0) }), "ok")
      let states = try database.all("SELECT DISTINCT state FROM deliveries", row: { $0.text(0) })
      XCTAssertEqual(states, ["delivered"])
      let wrong = try database.first(
        """
        SELECT count(*)
        FROM deliveries
        WHERE attempts <> (SELECT count(*) FROM attempts WHERE delivery_id = deliveries.id)
          OR attempts > 6
        """, row: { $0.int(0) })
      XCTAssertEqual(wrong, 0, "an attempt was spent that is not recorded")
      let recorded = try database.first("SELECT count(*) FROM attempts", row: { $0.int(0) }) ?? 0
      XCTAssertGreaterThanOrEqual(requests.count, recorded)
    }
  }
}
