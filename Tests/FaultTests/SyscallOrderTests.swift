import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// The order of system calls before a 202 (Q1; D-ord of the fault plan): what the client is told is on disk by then.
final class SyscallOrderTests: XCTestCase {
  private static let calls = "trace=fsync,fdatasync,rename,renameat,renameat2,sendto,sendmsg,write,writev,pwrite64"

  /// Server processes under strace, which needs the right to trace; skipped where that is missing.
  private func trace(_ path: String, _ words: [String]) throws -> [String] {
    guard access("/usr/bin/strace", X_OK) == 0 else { throw XCTSkip("strace is not installed") }
    let probe = try Shell.run("strace", "-o", "/dev/null", "true")
    guard probe.code == 0 else { throw XCTSkip("strace may not trace here: \(probe.text)") }
    return ["strace", "-D", "-f", "-y", "-s", "64", "-e", SyscallOrderTests.calls, "-o", path] + words
  }

  /// A picture of one pixel with so much behind it that the redo log does not take it; decoders stop before that.
  private static let large = Client.picture + [UInt8](repeating: 0, count: 300_000)

  func testAnswer_ComesAfterTheRedoLogAndTheRowAreOnDisk() throws {
    let seen = try calls { client, program in
      let id = try XCTUnwrap(Client.accepted(client.submit(to: program)))
      XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
    }
    let answer = try XCTUnwrap(seen.firstIndex { $0.contains("HTTP/1.1 202") }, seen.joined(separator: "\n"))
    let steps: [(name: String, matches: (String) -> Bool)] = [
      ("the file's bytes are written", { $0.contains("pwrite64(") && $0.contains("/redo-") }),
      ("the redo log is synced", { $0.contains("sync(") && $0.contains("/redo-") }),
      ("the row's log is synced", { $0.contains("sync(") && $0.contains("/wonder.db-wal") }),
    ]
    try assertOrder(Array(seen[..<answer]), steps)
    let told: (name: String, matches: (String) -> Bool) = (
      "the client hears of it", { $0.contains("HTTP/1.1 200") && $0.contains("send") }
    )
    try assertOrder(Array(seen[answer...]), steps + [told])
    XCTAssertFalse(seen[..<answer].contains { $0.contains("fsync(") && $0.contains("/files/") }, "one sync is enough")
  }

  func testAnswer_ForALargeFile_ComesAfterFileDirectoryAndRowAreOnDisk() throws {
    let seen = try calls { client, program in
      let form = MultipartForm.conversion().file("files[]", "large.png", SyscallOrderTests.large)
      let reply = try program.client.send(
        "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType)], body: form.body)
      let id = try XCTUnwrap(Client.accepted(reply), reply.text)
      XCTAssertEqual(try client.end(of: id, at: program).status, "completed")
    }
    let answer = try XCTUnwrap(seen.firstIndex { $0.contains("HTTP/1.1 202") }, seen.joined(separator: "\n"))
    let before = Array(seen[..<answer])
    try assertOrder(
      before,
      [
        ("the file is synced", { $0.contains("fsync(") && $0.contains("/spool/upload-") }),
        ("it is renamed into place", { $0.contains("rename(") && $0.contains("/spool/upload-") }),
        ("its directory is synced", { $0.contains("fsync(") && $0.contains("/files/") }),
        ("the row is written", { $0.contains("pwrite64(") && $0.contains("/wonder.db-wal") }),
        ("the log is synced", { $0.contains("sync(") && $0.contains("/wonder.db-wal") }),
      ])
  }

  func testSeveralFiles_AreSyncedBeforeTheFirstIsInPlace() throws {
    let seen = try calls { client, program in
      var form = MultipartForm.conversion()
      for number in 0..<24 { form = form.file("files[]", "\(number).png", SyscallOrderTests.large) }
      let reply = try program.client.send(
        "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType)], body: form.body)
      XCTAssertEqual(reply.status, 202, reply.text)
    }
    let renamed = try XCTUnwrap(seen.firstIndex { $0.contains("rename(") && $0.contains("/spool/upload-") })
    XCTAssertEqual(seen[..<renamed].count { $0.contains("fsync(") && $0.contains("/spool/upload-") }, 24)
    let answer = try XCTUnwrap(seen.firstIndex { $0.contains("HTTP/1.1 202") })
    XCTAssertEqual(seen[..<answer].count { $0.contains("rename(") && $0.contains("/spool/upload-") }, 24)
    XCTAssertTrue(seen[renamed..<answer].contains { $0.contains("fsync(") && $0.contains("/files/") })
  }

  /// The calls of a server on a fresh data directory, from when it listens to its end.
  private func calls(of body: (Client, ServedProgram) throws -> Void) throws -> [String] {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let client = try Client(data: data)
    let log = directory.path + "/strace"
    let program = try ServedProgram(data: data, wrapper: trace(log, []))
    let mark = try lines(log).count
    try body(client, program)
    XCTAssertEqual(program.end(SIGTERM), 0)
    return Array(try lines(log).dropFirst(mark))
  }

  /// The calls in the order in which they ended; strace cuts a call in two when another thread's comes between.
  private func lines(_ path: String) throws -> [String] {
    let text = String(decoding: try FileBytes.read(path, atMost: 1 << 24), as: UTF8.self)
    var begun: [Substring: String] = [:]
    return text.split(separator: "\n").compactMap { line in
      let thread = line.prefix { $0 != " " }
      if line.hasSuffix("<unfinished ...>") {
        begun[thread] = String(line)
        return nil
      }
      guard line.contains(" resumed>") else { return String(line) }
      return (begun.removeValue(forKey: thread) ?? "") + String(line)
    }
  }

  /// Each step is found after the one before it.
  private func assertOrder(_ lines: [String], _ steps: [(name: String, matches: (String) -> Bool)]) throws {
    var rest = lines[...]
    for step in steps {
      let place = try XCTUnwrap(rest.firstIndex(where: step.matches), "not before the answer: \(step.name)")
      rest = rest[(place + 1)...]
    }
  }
}
