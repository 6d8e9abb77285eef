import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// A stop while every call of one kind fails on the data directory, with jobs at work and webhooks whose outcomes wait to
/// be recorded.
///
/// `@unchecked Sendable`: it has no state of its own.
final class StopOnBadDiskTests: XCTestCase, @unchecked Sendable {
  private struct Fault: Sendable {
    let calls: String
    let code: Int32
  }

  /// What systemd waits for before it kills, in seconds.
  private static let budget = 45
  private static let mostLines = 60

  func testStop_WhileACallFails_EndsInTimeWithAShortLog_AndNothingIsLost() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    let faults = [
      Fault(calls: "write", code: ENOSPC), Fault(calls: "write", code: EIO), Fault(calls: "fsync", code: EIO),
      Fault(calls: "rename", code: EIO), Fault(calls: "open", code: EIO), Fault(calls: "read", code: EIO),
      Fault(calls: "write,fsync,rename,open,read", code: EIO),
    ]
    let threads = faults.map { fault in
      ServiceThread("stop") { [self] in
        do { try stop(fault, shim) } catch { XCTFail("\(fault.calls) with \(fault.code): \(error)") }
      }
    }
    for thread in threads { thread.join() }
  }

  private func stop(_ fault: Fault, _ shim: FaultShim) throws {
    let name = "\(fault.calls) with \(fault.code)"
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    let hold = Doorbell()
    let receiver = try WebhookReceiver { _ in
      // The answer comes when the disk has begun to fail.
      _ = hold.wait(timeout: .seconds(4))
      return .status(200)
    }
    defer { receiver.close() }
    let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8", "WONDER_WORKERS": "2"]
    let log = directory.path + "/log"
    let program = try ServedProgram(
      data: data,
      environment: shim.waiting(data, calls: fault.calls, code: fault.code).merging(loopback) { $1 }, log: log)
    var accepted: [String] = []
    for number in 0..<4 {
      accepted += [try submit(to: program, client, receiver, "early-\(number)")].compactMap { $0 }
    }
    XCTAssertEqual(accepted.count, 4, name)
    XCTAssertGreaterThan(receiver.wait(for: 1).count, 0, name)
    for number in 0..<8 {
      accepted += [try submit(to: program, client, receiver, "busy-\(number)")].compactMap { $0 }
    }
    try shim.strike(data)
    hold.close()
    // Whatever it answers now, it answers for good.
    accepted += [try submit(to: program, client, receiver, "late")].compactMap { $0 }
    let killer = DeadlineKiller(program.process, after: Self.budget)
    XCTAssertEqual(program.end(SIGTERM), 0, "\(name): it did not end by itself")
    killer.cancel()
    let lines = String(decoding: try FileBytes.read(log, atMost: 1 << 26), as: UTF8.self).split(separator: "\n")
    let told = lines.filter { !$0.contains(" info ") }
    XCTAssertLessThan(told.count, Self.mostLines, "\(name): \(told.suffix(5))")
    try checkAfterwards(data, accepted, client, receiver, loopback, name)
  }

  /// On a disk that is well again every job that was accepted ends, and each receiver hears of it.
  private func checkAfterwards(
    _ data: String, _ accepted: [String], _ client: Client, _ receiver: WebhookReceiver, _ settings: [String: String],
    _ name: String
  ) throws {
    let second = try ServedProgram(data: data, environment: settings)
    defer { XCTAssertEqual(second.end(SIGTERM), 0, name) }
    for id in accepted { XCTAssertEqual(try client.end(of: id, at: second).status, "completed", "\(name): \(id)") }
    var told: Set<String> = []
    var seen = 0
    while !told.isSuperset(of: accepted) {
      let requests = receiver.wait(for: seen + 1)
      if requests.count == seen { break }
      for request in requests.dropFirst(seen) {
        guard let body = try? JSONReader.parse(request.body) else { continue }
        // Other events of a job say less than its end.
        guard body.text.contains(".completed\"") else { continue }
        for id in accepted where body.text.contains(id) { told.insert(id) }
      }
      seen = requests.count
    }
    XCTAssertEqual(Set(accepted).subtracting(told), [], "\(name): nobody was told")
  }

  private func submit(
    to program: ServedProgram, _ client: Client, _ receiver: WebhookReceiver, _ key: String
  ) throws -> String? {
    let form = MultipartForm.conversion().field("webhook_url", receiver.url).file(
      "files[]", "p.png", SamplePictures.photo)
    let reply = try? program.client.send(
      "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType), ("Idempotency-Key", key)],
      body: form.body)
    return Client.accepted(reply)
  }
}

/// Kills a process that has not ended by its deadline, so that a test fails instead of waiting for ever.
private final class DeadlineKiller: Sendable {
  private let bell = Doorbell()
  private let thread: ServiceThread

  init(_ process: pid_t, after seconds: Int) {
    let bell = bell
    thread = ServiceThread("deadline") {
      if !bell.wait(timeout: .seconds(Int64(seconds))) { kill(process, SIGKILL) }
    }
  }

  func cancel() {
    bell.ring()
    thread.join()
  }
}
