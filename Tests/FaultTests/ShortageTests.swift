import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// The real program where the system gives it few descriptors, processes and threads: it says no in a sentence, or serves.
final class ShortageTests: XCTestCase {
  private let form = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)

  func testFewDescriptors_AreRefusedInASentence_OrServeWhileIdleConnectionsFillThem() throws {
    let served = try [8, 16, 32, 48, 64, 96, 128, 256].filter { try serves(openFiles: $0) }
    XCTAssertTrue(Set([96, 128, 256]).isSubset(of: served), "\(served)")
  }

  func testFilesThatTheStarterLeftOpen_AreNotTakenForRoom() throws {
    let leaving = ["bash", "-c", (10..<90).map { "exec \($0)</dev/null; " }.joined() + "exec \"$@\"", "bash"]
    let served = try [136, 144, 152, 160, 168, 200].filter { try serves(openFiles: $0, wrapper: leaving) }
    XCTAssertTrue(served.contains(200), "\(served)")
  }

  /// Whether it serves with this limit, filled up by connections that say nothing; it is refused in a sentence otherwise.
  private func serves(openFiles limit: Int, wrapper: [String] = []) throws -> Bool {
    let directory = try TemporaryDirectory()
    let key = try TestServer.issueKey(data: directory.path + "/data", workspace: "w", plan: "enterprise")
    let log = directory.path + "/log"
    let server: ServedProgram
    do {
      server = try ServedProgram(
        data: directory.path + "/data", wrapper: ["prlimit", "--nofile=\(limit):\(limit)"] + wrapper, log: log)
    } catch let failure as ServedProgram.NeverReady {
      assertRefused(failure, "\(limit) open files")
      return false
    }
    defer { server.end(SIGKILL) }
    let idle = try (0..<2 * limit).map { _ in try connect(server.client.port) }
    defer { for socket in idle { close(socket) } }
    for _ in 0..<3 {
      XCTAssertEqual(try convert(server, key), "completed", "\(limit) open files")
      XCTAssertEqual(try server.client.get("/readyz").status, 200, "\(limit) open files")
    }
    XCTAssertLessThanOrEqual(try descriptors(of: server.process), limit)
    let lines = String(decoding: try FileBytes.read(log, atMost: 1 << 20), as: UTF8.self)
    XCTAssertFalse(lines.contains("Too many open files"), lines)
    XCTAssertEqual(server.end(SIGTERM), 0, "\(limit) open files")
    return true
  }

  func testFewProcesses_AreRefusedInASentence_OrServe() throws {
    try XCTSkipUnless(geteuid() == 0, "only root can become somebody with a limit of their own")
    var served = 0
    var refused = 0
    for most in [0, 1, 2, 3, 5, 8, 10, 12, 13, 14, 15, 16, 18, 20, 24, 30, 31, 32, 60] {
      let directory = try TemporaryDirectory()
      let data = directory.path + "/data"
      let key = try TestServer.issueKey(data: data, workspace: "w", plan: "enterprise")
      // Somebody who has no other process, so that the limit is this server's own.
      let user = UInt32(2_000_000 + 100 * Int(getpid()) + most)
      for name in [""] + (try FileManager.default.subpathsOfDirectory(atPath: data)) {
        _ = try check("chown", name) { chown(data + "/" + name, user, user) }
      }
      _ = chmod(directory.path, 0o755)
      let server: ServedProgram
      do {
        server = try ServedProgram(
          data: data, environment: ["WONDER_WORKERS": "2"],
          wrapper: [
            "prlimit", "--nproc=\(most):1000", "setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups",
          ], log: directory.path + "/log")
      } catch let failure as ServedProgram.NeverReady {
        assertRefused(failure, "\(most) processes")
        refused += 1
        continue
      }
      served += 1
      defer { server.end(SIGKILL) }
      XCTAssertEqual(try server.client.get("/healthz").status, 200, "\(most) processes")
      // A server without a worker says so, and the job waits; it ends well when there is room again.
      let isReady = try server.client.get("/readyz").status == 200
      let job = try submit(server, key)
      if !isReady {
        // Unless there was room for a worker the moment after.
        XCTAssertTrue(["processing", "completed"].contains(try status(of: job, server, key)), "\(most) processes")
        // As the server's own user, for root in a container may not change another's limits.
        let raised = try Shell.run(
          "setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "prlimit", "--pid=\(server.process)",
          "--nproc=1000:1000")
        XCTAssertEqual(raised.code, 0, raised.text)
      }
      XCTAssertEqual(try end(of: job, server, key), "completed", "\(most) processes")
      XCTAssertEqual(try server.client.get("/readyz").status, 200, "\(most) processes")
      XCTAssertEqual(server.end(SIGTERM), 0, "\(most) processes")
    }
    XCTAssertGreaterThan(served, 0)
    XCTAssertGreaterThan(refused, 0)
  }

  /// It ended by itself with a sentence, not by a signal.
  private func assertRefused(_ failure: ServedProgram.NeverReady, _ what: String) {
    XCTAssertEqual(failure.code, 1, "\(what): \(failure.lastWords)")
    XCTAssertTrue(failure.lastWords.contains("wonder serve: "), "\(what): \(failure.lastWords)")
    XCTAssertTrue(
      failure.lastWords.contains("raise the limit"), "\(what): \(failure.lastWords)")
  }

  private func submit(_ server: ServedProgram, _ key: String) throws -> String {
    let reply = try server.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)], body: form.body)
    return try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
  }

  private func status(of job: String, _ server: ServedProgram, _ key: String) throws -> String {
    // Pending until a runner has taken it, which none waits long for.
    while true {
      let status = try server.client.get("/api/v1/jobs/\(job)", key: key).json["job"]?["status"]?.string ?? ""
      if status != "pending" { return status }
      sched_yield()
    }
  }

  private func end(of job: String, _ server: ServedProgram, _ key: String) throws -> String {
    while true {
      let status = try status(of: job, server, key)
      if status != "processing" { return status }
      sched_yield()
    }
  }

  private func convert(_ server: ServedProgram, _ key: String) throws -> String {
    try end(of: submit(server, key), server, key)
  }

  private func connect(_ port: UInt16) throws -> Int32 {
    let socket = try check("socket") { Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try withUnsafePointer(to: &name) { pointer in
      try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = try check("connect") { Glibc.connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) }
      }
    }
    return socket
  }

  private func descriptors(of process: pid_t) throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
  }
}
