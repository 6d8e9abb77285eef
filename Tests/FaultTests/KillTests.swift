import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Kills the server with SIGKILL again and again while 50 clients submit (faults K1 and K2 of the fault plan).
///
/// `TEST_KILLS=10000` is the long run.
final class KillTests: XCTestCase {
  private static let clients = 50

  private static var kills: Int { getenv("TEST_KILLS").flatMap { Int(String(cString: $0)) } ?? 30 }

  /// What the clients know: the keys they sent, and the job that each accepted one got.
  private final class Ledger: Sendable {
    struct Entries {
      var accepted: [String: String] = [:]
      var unanswered: [String] = []
      var next = 0
      var twice: [String] = []
    }

    private let entries = Mutex(Entries())

    func withLock<Value>(_ body: (inout Entries) -> Value) -> Value {
      entries.withLock { entries in
        let value = body(&entries)
        return value
      }
    }

    /// What was not answered is sent again with its key, as a careful client does.
    func take() -> String {
      withLock { ledger in
        if let earlier = ledger.unanswered.popLast() { return earlier }
        ledger.next += 1
        return "job-\(ledger.next)"
      }
    }

    func settle(_ name: String, _ id: String?) {
      withLock { ledger in
        guard let id else { return ledger.unanswered.append(name) }
        if let earlier = ledger.accepted[name], earlier != id { ledger.twice.append(name) }
        ledger.accepted[name] = id
      }
    }
  }

  func testKilledServer_EndsEveryAcceptedJobOnce() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data, slug: "kill")
    let ledger = Ledger()
    for cycle in 0..<Self.kills {
      // Every tenth one dies at the boot: before, within or after the recovery of what the last one ran.
      if cycle % 10 == 9 { try killAtBoot(data, after: useconds_t.random(in: 0...40_000)) }
      let program = try start(data, log: directory.path + "/log")
      let threads = (0..<Self.clients).map { number in
        ServiceThread("client-\(number)") { Self.submitUntilKilled(program, client, ledger) }
      }
      usleep(useconds_t.random(in: 0...100_000))
      program.end(SIGKILL)
      for thread in threads { thread.join() }
      if cycle % 100 == 99 { print("\(cycle + 1) kills, \(ledger.withLock { $0.accepted.count }) jobs") }
    }
    let program = try ServedProgram(data: data, log: directory.path + "/log")
    while !ledger.withLock({ $0.unanswered.isEmpty }) {
      let name = ledger.take()
      ledger.settle(name, Client.accepted(client.submit(to: program, idempotencyKey: name)))
    }
    let (accepted, twice) = ledger.withLock { ($0.accepted, $0.twice) }
    XCTAssertEqual(twice, [])
    XCTAssertGreaterThan(accepted.count, Self.kills)
    for id in accepted.values { XCTAssertEqual(try client.end(of: id, at: program).status, "completed", id) }
    XCTAssertEqual(program.end(SIGTERM), 0)
    try Aftermath.check(data, accepted: accepted.values)
    try checkOrphans(data, live: accepted.count)
  }

  /// Starts the server, and shows what it said when it does not start.
  private func start(_ data: String, log: String) throws -> ServedProgram {
    do { return try ServedProgram(data: data, log: log) } catch {
      let lines = String(decoding: (try? FileBytes.read(log, atMost: 1 << 26)) ?? [], as: UTF8.self).split(
        separator: "\n")
      XCTFail(lines.suffix(5).joined(separator: "\n"))
      throw error
    }
  }

  /// Submits one job after the other until no answer comes.
  private static func submitUntilKilled(_ program: ServedProgram, _ client: Client, _ ledger: Ledger) {
    while true {
      let name = ledger.take()
      let id = Client.accepted(client.submit(to: program, idempotencyKey: name))
      ledger.settle(name, id)
      if id == nil { return }
    }
  }

  private func killAtBoot(_ data: String, after microseconds: useconds_t) throws {
    var ends: [Int32] = [0, 0]
    try check("pipe") { pipe(&ends) }
    defer { for end in ends { close(end) } }
    let process = try Shell.start(
      [BuiltProgram.path, "serve", "--data", data, "--listen", "127.0.0.1:0", "--engines", "none"], output: ends[1])
    usleep(microseconds)
    kill(process, SIGKILL)
    _ = Shell.wait(for: process)
  }

  /// Files without a row come of kills between placing and committing; the sweep takes those that are an hour old.
  private func checkOrphans(_ data: String, live: Int) throws {
    let orphans = try {
      let store = try Store(path: data)
      defer { store.close() }
      return try store.blobs.names().count - live * 2
    }()
    XCTAssertGreaterThanOrEqual(orphans, 0)
    // An hour passes for the files, so that the real sweep can show what it does.
    let aged = try Shell.run("find", data + "/files", "-type", "f", "-exec", "touch", "-d", "2 hours ago", "{}", "+")
    XCTAssertEqual(aged.code, 0, aged.text)
    let pruned = try Shell.run(BuiltProgram.path, "admin", "prune", "--json", "--data", data)
    XCTAssertEqual(try JSONReader.parse(pruned.text.utf8)["orphan_files"]?.integer, Int64(orphans), pruned.text)
    let checked = try Shell.run(BuiltProgram.path, "admin", "check", "--data", data)
    XCTAssertEqual(checked.code, 0, checked.text)
    print("\(live) jobs, \(orphans) files without a row, all swept")
  }

  /// A kill inside the recovery, and one between a commit and its answer (K3): the same key gets the same job.
  func testKillAtAFailpoint_LosesAndDoublesNothing() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    var accepted: Set<String> = []
    for (cycle, point) in ["before-answer:1", "after-placement:1", "after-placement:2"].enumerated() {
      let name = "key-\(cycle)"
      let doomed = try ServedProgram(data: data, environment: ["TEST_FAILPOINT": point])
      while let reply = client.submit(to: doomed, idempotencyKey: name) { XCTAssertNotNil(Client.accepted(reply)) }
      XCTAssertEqual(doomed.end(SIGKILL), 128 + SIGKILL)
      XCTAssertThrowsError(try ServedProgram(data: data, environment: ["TEST_FAILPOINT": "during-recovery:1"]))
      let program = try ServedProgram(data: data)
      let first = try XCTUnwrap(Client.accepted(client.submit(to: program, idempotencyKey: name)))
      let second = client.submit(to: program, idempotencyKey: name)
      XCTAssertEqual(second?.status, 200)
      XCTAssertEqual(Client.accepted(second), first)
      XCTAssertEqual(try client.end(of: first, at: program).status, "completed")
      XCTAssertEqual(program.end(SIGTERM), 0)
      accepted.insert(first)
    }
    XCTAssertEqual(accepted.count, 3)
    try Aftermath.check(data, accepted: accepted)
  }

  /// A new data directory whose first start is killed becomes a whole one at the next.
  func testKillDuringTheFirstMigration_LeavesADirectoryThatStarts() throws {
    for point in ["before-migration:1", "none"] {
      let directory = try TemporaryDirectory()
      let data = directory.path + "/data"
      if point == "none" {
        for _ in 0..<20 { try killAtBoot(data, after: useconds_t.random(in: 0...30_000)) }
      } else {
        XCTAssertThrowsError(try ServedProgram(data: data, environment: ["TEST_FAILPOINT": point]))
      }
      let client = try Client(data: data)
      let program = try ServedProgram(data: data)
      XCTAssertNotNil(Client.accepted(client.submit(to: program)))
      XCTAssertEqual(program.end(SIGTERM), 0)
    }
  }
}
