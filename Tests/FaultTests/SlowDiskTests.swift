import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// A disk whose syncs take long keeps no worker from its work.
final class SlowDiskTests: XCTestCase {
  /// Names of the threads that a server has now.
  private func threads(of program: ServedProgram) throws -> [String] {
    let tasks = "/proc/\(program.process)/task"
    return try FileTree.names(in: tasks).compactMap { task in
      (try? FileBytes.read("\(tasks)/\(task)/comm", atMost: 64)).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  func testJobsThatWaitForTheDisk_HoldNoTurn_AndTheirThreadsAreBounded() throws {
    let directory = try TemporaryDirectory()
    let shim = try FaultShim(in: directory, from: FaultShim.slow)
    let data = directory.path + "/data"
    let client = try Client(data: data)
    let environment = shim.slow(60).merging(["WONDER_WORKERS": "1"]) { $1 }
    let program = try ServedProgram(data: data, environment: environment)
    // Each takes its name when it first runs.
    while try threads(of: program).count(where: { $0.hasPrefix("runner-") }) < 2 { sched_yield() }
    XCTAssertEqual(try threads(of: program).count { $0.hasPrefix("runner-") }, 2)
    let accepted = Mutex<[String]>([])
    let senders = (0..<8).map { _ in
      ServiceThread("sender") {
        for _ in 0..<3 {
          guard let id = Client.accepted(client.submit(to: program)) else { continue }
          accepted.withLock { $0.append(id) }
        }
      }
    }
    for sender in senders { sender.join() }
    let ids = accepted.withLock { $0 }
    XCTAssertEqual(ids.count, 24)
    for id in ids { XCTAssertEqual(try client.end(of: id, at: program).status, "completed") }
    let runners = try threads(of: program).count { $0.hasPrefix("runner-") }
    XCTAssertGreaterThan(runners, 2, "some waited for the disk while others worked")
    XCTAssertLessThanOrEqual(runners, 8)
    XCTAssertEqual(program.end(SIGTERM), 0)
    try Aftermath.check(data, accepted: ids)
  }
}
