import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// A running server whose program is replaced, as every upgrade does: what it starts is what it was started as.
final class ReplacedProgramTests: XCTestCase {
  private let form = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)

  func testProgramThatIsReplaced_UnderLoadWithWorkersKilled_GoesOnAsTheOldOne() throws {
    let directory = try TemporaryDirectory()
    let program = directory.path + "/wonder"
    try FileManager.default.copyItem(atPath: BuiltProgram.path, toPath: program)
    let key = try TestServer.issueKey(data: directory.path + "/data", workspace: "w", plan: "enterprise")
    let server = try ServedProgram(
      data: directory.path + "/data", environment: ["WONDER_WORKERS": "1"], program: program)
    defer { server.end(SIGKILL) }
    let own = try file("/proc/\(server.process)/exe")
    let hanging = "#!/bin/sh\nexec sleep 1000\n"
    let others: [(name: String, bytes: [UInt8])] = [
      ("a script", Array(hanging.utf8)),
      ("another program", [UInt8](try Data(contentsOf: URL(filePath: "/usr/bin/yes")))),
      ("a program that ends", [UInt8](try Data(contentsOf: URL(filePath: "/bin/true")))), ("nothing", []),
    ]
    for (name, bytes) in others {
      try replace(program, bytes)
      var jobs = try submit(10, server, key)
      // One for the setting, and one more.
      let workers = self.workers(of: server.process)
      XCTAssertEqual(workers.count, 2, name)
      for worker in workers { kill(worker, SIGKILL) }
      jobs += try submit(10, server, key)
      for job in jobs { XCTAssertEqual(try end(of: job, server, key), "completed", name) }
      // A look finds one that is dead and has it replaced.
      var now = self.workers(of: server.process)
      while now.count < 2 || now.contains(where: workers.contains) {
        _ = try server.client.get("/readyz")
        now = self.workers(of: server.process)
      }
      XCTAssertEqual(try server.client.get("/readyz").status, 200, name)
      for worker in now {
        XCTAssertEqual(try file("/proc/\(worker)/exe"), own, name)
        let words = try FileBytes.read("/proc/\(worker)/cmdline", atMost: 100)
        XCTAssertEqual(String(decoding: words, as: UTF8.self), "wonder\0worker\0", name)
        XCTAssertEqual(
          String(decoding: try FileBytes.read("/proc/\(worker)/comm", atMost: 100), as: UTF8.self), "wonder\n", name)
      }
    }
  }

  func testProgramWithoutProc_StartsItsWorkersAllTheSame() throws {
    try XCTSkipUnless(geteuid() == 0, "only root has file systems of its own")
    let directory = try TemporaryDirectory()
    let program = directory.path + "/wonder"
    try FileManager.default.copyItem(atPath: BuiltProgram.path, toPath: program)
    let key = try TestServer.issueKey(data: directory.path + "/data", workspace: "w", plan: "enterprise")
    let server = try ServedProgram(
      data: directory.path + "/data", environment: ["WONDER_WORKERS": "1"],
      wrapper: ["unshare", "--mount", "sh", "-c", "umount -l /proc && exec \"$@\"", "sh"], program: program)
    defer { server.end(SIGKILL) }
    try replace(program, [])
    for worker in children(of: server.process) { kill(worker, SIGKILL) }
    for job in try submit(3, server, key) { XCTAssertEqual(try end(of: job, server, key), "completed") }
  }

  /// Puts another file in its place, as a package manager does; without bytes only takes it away.
  private func replace(_ path: String, _ bytes: [UInt8]) throws {
    if bytes.isEmpty { return try FileManager.default.removeItem(atPath: path) }
    let aside = path + ".new"
    try Data(bytes).write(to: URL(filePath: aside))
    _ = try check("chmod", aside) { chmod(aside, 0o755) }
    _ = try check("rename", aside) { rename(aside, path) }
  }

  private func submit(_ count: Int, _ server: ServedProgram, _ key: String) throws -> [String] {
    try (0..<count).map { _ in
      let reply = try server.client.send(
        "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)], body: form.body)
      return try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
    }
  }

  private func end(of job: String, _ server: ServedProgram, _ key: String) throws -> String {
    while true {
      let status = try server.client.get("/api/v1/jobs/\(job)", key: key).json["job"]?["status"]?.string ?? ""
      if ["completed", "failed", "canceled"].contains(status) { return status }
      sched_yield()
    }
  }

  /// The processes that any thread of this one has started.
  private func children(of process: pid_t) -> [pid_t] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    return threads.flatMap { thread in
      let list = (try? FileBytes.read("/proc/\(process)/task/\(thread)/children", atMost: 4096)) ?? []
      return String(decoding: list, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
  }

  /// Those of them that are workers: programs of others may be tried at any time.
  private func workers(of process: pid_t) -> [pid_t] {
    children(of: process).filter { child in
      let words = (try? FileBytes.read("/proc/\(child)/cmdline", atMost: 100)) ?? []
      return String(decoding: words, as: UTF8.self).split(separator: "\0").last != "tool"
    }
  }

  private func file(_ path: String) throws -> [UInt64] {
    var facts = stat()
    _ = try check("stat", path) { stat(path, &facts) }
    return [UInt64(facts.st_dev), UInt64(facts.st_ino)]
  }
}
