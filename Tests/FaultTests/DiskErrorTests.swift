import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// Every system call on the data directory fails once, each in a run of its own (D-eio of the fault plan).
///
/// `@unchecked Sendable`: it has no state of its own.
final class DiskErrorTests: XCTestCase, @unchecked Sendable {
  private struct Fault: Sendable {
    let calls: String
    let code: Int32
    /// How many of the calls are tried, from the first after the start; a long run tries all.
    let most: Int
  }

  private static let isLong = getenv("TEST_FAULTS") != nil

  /// Takes two jobs through a server whose disk fails once, and gives the ids of those that were accepted.
  ///
  /// The server may refuse (503), but must neither end by itself nor answer anything else.
  private func run(_ program: ServedProgram, _ client: Client, _ fault: String) throws -> [String: String] {
    var accepted: [String: String] = [:]
    for name in ["first", "second"] {
      let reply = try XCTUnwrap(client.submit(to: program, idempotencyKey: name), "\(fault): no answer")
      guard let id = Client.accepted(reply) else {
        XCTAssertEqual(reply.status, 503, "\(fault): \(reply.text)")
        XCTAssertEqual(reply.json["code"]?.string, "storage_unavailable", fault)
        XCTAssertNotNil(reply.header("Retry-After"), fault)
        continue
      }
      accepted[name] = id
      try waitUntilSettled(id, program, client, fault)
    }
    let status = try program.client.get("/api/v1/usage", key: client.key).status
    XCTAssertTrue([200, 503].contains(status), "\(fault): usage gave \(status)")
    XCTAssertTrue(program.isRunning, "\(fault): the server ended by itself")
    return accepted
  }

  /// Until the job has ended, or the server has stopped writing, so that it will not.
  private func waitUntilSettled(_ id: String, _ program: ServedProgram, _ client: Client, _ fault: String) throws {
    while true {
      let reply = try program.client.get("/api/v1/jobs/\(id)", key: client.key)
      XCTAssertTrue([200, 503].contains(reply.status), "\(fault): \(reply.text)")
      let status = reply.json["job"]?["status"]?.string ?? ""
      if status == "completed" { return }
      XCTAssertTrue(["pending", "processing", ""].contains(status), "\(fault): \(reply.text)")
      let form = MultipartForm()
      let probe = try program.client.send(
        "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType)], body: form.body)
      if probe.status == 503 { return }
      usleep(5000)
    }
  }

  func testEveryCallThatFailsOnce_EndsInNoAbortAndNoWrongState() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    let faults = [
      Fault(calls: "read", code: EIO, most: 5), Fault(calls: "fsync", code: EIO, most: 10),
      Fault(calls: "write", code: EIO, most: 5),
      Fault(calls: "rename", code: EIO, most: 4), Fault(calls: "open", code: EIO, most: 5),
      Fault(calls: "write", code: ENOSPC, most: 5),
    ]
    for fault in faults {
      let (start, end) = try countCalls(fault, shim)
      XCTAssertGreaterThan(end, start, "the shim sees no \(fault.calls)")
      let chosen = Self.isLong ? Array(start + 1...end) : spread(start + 1...end, fault.most)
      strike(fault, chosen, shim)
      print("\(fault.calls) with \(fault.code): \(chosen.count) of \(end - start) calls failed once")
    }
  }

  /// Several at once, for a job that met a bad disk waits five seconds for it.
  private func strike(_ fault: Fault, _ chosen: [Int], _ shim: FaultShim) {
    let rest = Mutex(chosen)
    let threads = (0..<6).map { number in
      ServiceThread("strike-\(number)") { [self] in
        while let at = rest.withLock({ $0.popLast() }) {
          do { try strike(fault, at, shim) } catch { XCTFail("\(fault.calls) \(at) with \(fault.code): \(error)") }
        }
      }
    }
    for thread in threads { thread.join() }
  }

  /// The calls that were made when the server was ready, and when both jobs had ended.
  private func countCalls(_ fault: Fault, _ shim: FaultShim) throws -> (start: Int, end: Int) {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    let program = try ServedProgram(
      data: data, environment: shim.environment(data, calls: fault.calls, code: fault.code, at: 0))
    let start = shim.count(data)
    XCTAssertEqual(try run(program, client, "counting").count, 2)
    let end = shim.count(data)
    XCTAssertEqual(program.end(SIGTERM), 0)
    return (start, end)
  }

  private func spread(_ range: ClosedRange<Int>, _ most: Int) -> [Int] {
    let step = max(1, range.count / most)
    return Array(stride(from: range.lowerBound, through: range.upperBound, by: step))
  }

  private func strike(_ fault: Fault, _ at: Int, _ shim: FaultShim) throws {
    let name = "\(fault.calls) \(at) with \(fault.code)"
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    var accepted: [String: String] = [:]
    do {
      let program = try ServedProgram(
        data: data, environment: shim.environment(data, calls: fault.calls, code: fault.code, at: at),
        log: directory.path + "/log")
      accepted = try run(program, client, name)
      XCTAssertEqual(program.end(SIGTERM), 0, name)
    } catch let refusal as ServedProgram.NeverReady {
      // How many calls a start makes varies a little, so the failing one may be the start's own.
      XCTAssertEqual(refusal.code, 1, name)
    }
    let log = String(decoding: try FileBytes.read(directory.path + "/log", atMost: 1 << 20), as: UTF8.self)
    // What fails on the disk is known as that, and never called a fault without a name (500).
    let unknown = log.split(separator: "\n").filter { line in
      line.contains("request failed") && !["Input/output error", "malformed"].contains { line.contains($0) }
    }
    if fault.code == EIO { XCTAssertEqual(unknown, [], name) }
    // The disk is well again: what was accepted is there under its key, and what was not can be sent anew.
    let second = try ServedProgram(data: data)
    var ids: Set<String> = []
    for key in ["first", "second"] {
      let id = try XCTUnwrap(Client.accepted(client.submit(to: second, idempotencyKey: key)), name)
      if let earlier = accepted[key] { XCTAssertEqual(id, earlier, name) }
      XCTAssertEqual(try client.end(of: id, at: second).status, "completed", name)
      ids.insert(id)
    }
    XCTAssertEqual(ids.count, 2, name)
    XCTAssertEqual(second.end(SIGTERM), 0, name)
    try Aftermath.check(data, accepted: ids)
  }

  func testFailedSync_EndsWritingAndIsLoggedOnce() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    let counter = try ServedProgram(data: data, environment: shim.environment(data, calls: "fsync", code: EIO, at: 0))
    let start = shim.count(data)
    XCTAssertEqual(counter.end(SIGTERM), 0)
    let log = directory.path + "/log"
    let program = try ServedProgram(
      data: data, environment: shim.environment(data, calls: "fsync", code: EIO, at: start + 1), log: log)
    for _ in 0..<5 { XCTAssertEqual(client.submit(to: program)?.status, 503) }
    XCTAssertEqual(try program.client.get("/api/v1/jobs", key: client.key).status, 200)
    XCTAssertEqual(program.end(SIGTERM), 0)
    let lines = String(decoding: try FileBytes.read(log, atMost: 1 << 20), as: UTF8.self).split(separator: "\n")
    XCTAssertEqual(
      lines.filter { $0.contains(" error nothing is written any more") }.count, 1, lines.joined(separator: "\n"))
    XCTAssertEqual(lines.filter { $0.contains("request failed") }.count, 0, lines.joined(separator: "\n"))
  }
}
