import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Kills the server with SIGKILL again and again while it takes and runs jobs (fault K1).
final class KillTests: XCTestCase {
  private static let kills = 100

  /// What the clients know: the keys they sent, and the job that each accepted one got.
  private final class Ledger: Sendable {
    struct Entries {
      var accepted: [String: String] = [:]
      var unanswered: [String] = []
      var next = 0
      /// Answers until the server is killed.
      var countdown = 0
    }

    private let entries = Mutex(Entries())

    func withLock<Value>(_ body: (inout Entries) -> Value) -> Value {
      entries.withLock { entries in
        let value = body(&entries)
        return value
      }
    }
  }

  func testKilledServer_EndsEveryAcceptedJobOnce() async throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "kill", plan: "enterprise")
    let ledger = Ledger()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<Self.kills {
      let program = try ServedProgram(data: data)
      let countdown = Int.random(in: 1...12, using: &random)
      ledger.withLock { $0.countdown = countdown }
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<4 {
          group.addTask { Self.submitUntilKilled(program, key, ledger) }
        }
      }
      program.end(SIGKILL)
    }
    let program = try ServedProgram(data: data)
    let unanswered = ledger.withLock { $0.unanswered }
    for name in unanswered { XCTAssertTrue(Self.submit(name, to: program, key, ledger)) }
    let accepted = ledger.withLock { $0.accepted }
    XCTAssertGreaterThan(accepted.count, Self.kills)
    for id in accepted.values { try checkCompleted(id, program.client, key) }
    XCTAssertEqual(program.end(SIGTERM), 0)
    try checkStore(data, accepted)
  }

  /// Submits one job after the other; the one whose answer uses up the countdown kills the server.
  private static func submitUntilKilled(_ program: ServedProgram, _ key: String, _ ledger: Ledger) {
    while true {
      let name = ledger.withLock { ledger -> String in
        // What was not answered is sent again with its key, as a careful client does.
        if let earlier = ledger.unanswered.popLast() { return earlier }
        ledger.next += 1
        return "job-\(ledger.next)"
      }
      guard submit(name, to: program, key, ledger) else { return }
      let isLast = ledger.withLock { ledger in
        ledger.countdown -= 1
        return ledger.countdown == 0
      }
      if isLast { kill(program.process, SIGKILL) }
    }
  }

  private static func submit(
    _ name: String, to program: ServedProgram, _ key: String, _ ledger: Ledger
  ) -> Bool {
    let form = MultipartForm.conversion().file("files[]", "\(name).png", SamplePictures.photo)
    let reply = try? program.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType), ("Idempotency-Key", name)],
      body: form.body)
    guard let reply, [200, 202].contains(reply.status), let id = reply.json["request_id"]?.string else {
      ledger.withLock { $0.unanswered.append(name) }
      return false
    }
    ledger.withLock { ledger in
      XCTAssertTrue(ledger.accepted[name] == nil || ledger.accepted[name] == id, "\(name) became two jobs")
      ledger.accepted[name] = id
    }
    return true
  }

  private func checkCompleted(_ id: String, _ client: TestClient, _ key: String) throws {
    while true {
      let reply = try client.get("/api/v1/jobs/\(id)", key: key)
      let status = reply.json["job"]?["status"]?.string
      guard status == "pending" || status == "processing" else {
        XCTAssertEqual(status, "completed", "\(id): \(reply.text)")
        XCTAssertEqual(reply.json["outputs"]?.array?.count, 1, id)
        return
      }
      sched_yield()
    }
  }

  /// Each job is there once, ended once, and its file is the one that was recorded.
  private func checkStore(_ data: String, _ accepted: [String: String]) throws {
    let store = try Store(path: data)
    defer { store.close() }
    try store.read { database in
      XCTAssertEqual(try database.first("PRAGMA integrity_check", row: { $0.text(0) }), "ok")
      XCTAssertEqual(try database.first("SELECT count(*) FROM jobs", row: { $0.int(0) }), accepted.count)
      XCTAssertEqual(try database.first("SELECT count(*) FROM queue", row: { $0.int(0) }), 0)
      XCTAssertEqual(
        try database.first("SELECT count(*) FROM events WHERE kind = 'completed'", row: { $0.int(0) }), accepted.count)
      for id in accepted.values {
        let row = try XCTUnwrap(store.identifiers.row(.request, id))
        let output = try XCTUnwrap(Outputs.all(job: row, in: database).first)
        let bytes = try FileBytes.read(store.blobs.path(output.blob), atMost: 1 << 20)
        XCTAssertEqual(SHA256.digest(bytes), output.sha256, id)
      }
    }
  }
}
