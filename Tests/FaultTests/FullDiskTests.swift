import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A disk that is full, nearly full or read-only (D-full and D-ro), as a small tmpfs in a mount namespace of its own.
final class FullDiskTests: XCTestCase {
  /// A namespace with a small file system, kept by a sleeping process; for root only.
  private final class SmallDisk {
    let keeper: pid_t
    /// The mount point inside the namespace.
    let path: String
    /// The same, seen from the test.
    var outside: String { "/proc/\(keeper)/root\(path)" }
    private let directory: TemporaryDirectory

    init(_ size: String) throws {
      guard geteuid() == 0 else { throw XCTSkip("a mount needs root") }
      let probe = try Shell.run("unshare", "-m", "true")
      guard probe.code == 0 else { throw XCTSkip("no mount namespaces here: \(probe.text)") }
      directory = try TemporaryDirectory()
      path = directory.path
      var ends: [Int32] = [0, 0]
      try check("pipe") { pipe(&ends) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      defer { close(ends[0]) }
      let script = "mount -t tmpfs -o size=\(size) none \(path) && echo && exec sleep 1000"
      keeper = try Shell.start(["unshare", "-m", "sh", "-c", script], output: ends[1])
      close(ends[1])
      var byte: UInt8 = 0
      guard read(ends[0], &byte, 1) == 1 else { throw XCTSkip("tmpfs cannot be mounted here") }
    }

    deinit {
      kill(keeper, SIGKILL)
      _ = Shell.wait(for: keeper)
    }

    /// Words in front of a program that let it run inside.
    var wrapper: [String] { ["nsenter", "-t", String(keeper), "-m", "--"] }

    /// Writes a file until nothing more fits.
    func fill() throws {
      let filler = outside + "/filler"
      let descriptor = try check("open", filler) { open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600) }
      defer { close(descriptor) }
      for size in [1 << 20, 4096, 1] {
        let bytes = [UInt8](repeating: 1, count: size)
        while bytes.withUnsafeBytes({ write(descriptor, $0.baseAddress, size) }) == size {}
      }
    }

    /// A customer of a fresh data directory; SQLite cannot be led into the namespace from outside.
    func makeClient() throws -> Client {
      let words = ["quickstart", "--plan", "enterprise", "--key-only", "--data", path + "/data"]
      let result = try Shell.run(wrapper + [BuiltProgram.path] + words)
      XCTAssertEqual(result.code, 0, result.text)
      return Client(key: String(result.text.dropLast()))
    }

    /// A copy of the data directory outside, for a look at it.
    func copy() throws -> (directory: TemporaryDirectory, path: String) {
      let target = try TemporaryDirectory()
      let result = try Shell.run("cp", "-a", outside + "/data", target.path + "/data")
      XCTAssertEqual(result.code, 0, result.text)
      return (target, target.path + "/data")
    }

    func empty() { unlink(outside + "/filler") }
  }

  func testFullDisk_Refuses_AndRecoversWithoutARestart() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    let disk = try SmallDisk("64m")
    let client = try disk.makeClient()
    let program = try ServedProgram(
      data: disk.path + "/data", environment: shim.boastful, wrapper: disk.wrapper)
    var accepted = (0..<5).compactMap { _ in Client.accepted(client.submit(to: program)) }
    XCTAssertEqual(accepted.count, 5)
    for id in accepted { XCTAssertEqual(try client.end(of: id, at: program).status, "completed") }
    var refused = 0
    for _ in 0..<200 where refused < 20 {
      try disk.fill()
      let reply = try XCTUnwrap(client.submit(to: program))
      if let id = Client.accepted(reply) { accepted.append(id) } else { refused += 1 }
      XCTAssertTrue([202, 503].contains(reply.status), reply.text)
    }
    XCTAssertEqual(refused, 20)
    // The ballast is there for this: what has ended can be deleted on a full disk, at the second try at the latest.
    let path = "/api/v1/jobs/\(accepted.removeFirst())"
    let first = try program.client.send("DELETE", path, key: client.key).status
    if first == 503 {
      XCTAssertNotEqual(access(disk.outside + "/data/ballast", F_OK), 0, "the ballast was not given back")
      XCTAssertEqual(try program.client.send("DELETE", path, key: client.key).status, 200)
    } else {
      XCTAssertEqual(first, 200)
    }
    XCTAssertEqual(try program.client.get("/api/v1/jobs", key: client.key).status, 200)
    disk.empty()
    while true {
      // The writer needs no sign that there is room again; a statement that fails for the last time may still be under way.
      let reply = try XCTUnwrap(client.submit(to: program))
      guard let id = Client.accepted(reply) else { continue }
      accepted.append(id)
      break
    }
    for id in accepted { XCTAssertEqual(try client.end(of: id, at: program).status, "completed") }
    XCTAssertEqual(program.end(SIGTERM), 0)
    let copy = try disk.copy()
    try Aftermath.check(copy.path, accepted: accepted)
  }

  func testNearlyFullDisk_RefusesBeforeTheBody() throws {
    let disk = try SmallDisk("64m")
    let client = try disk.makeClient()
    let program = try ServedProgram(data: disk.path + "/data", wrapper: disk.wrapper)
    defer { program.end(SIGTERM) }
    let head = [
      "POST /api/v1/jobs HTTP/1.1", "Host: x", "X-API-Key: \(client.key)", "Content-Length: 1000000",
      "Content-Type: multipart/form-data; boundary=x", "Expect: 100-continue", "", "",
    ].joined(separator: "\r\n")
    let reply = try program.client.exchange(Array(head.utf8))
    XCTAssertEqual(reply.status, 503)
    XCTAssertEqual(reply.json["code"]?.string, "storage_full")
    XCTAssertEqual(reply.header("Retry-After"), "60")
  }

  func testFullDisk_AtTheStart_IsNoReasonNotToStart() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    let disk = try SmallDisk("64m")
    let client = try disk.makeClient()
    let first = try ServedProgram(data: disk.path + "/data", environment: shim.boastful, wrapper: disk.wrapper)
    let id = try XCTUnwrap(Client.accepted(client.submit(to: first)))
    first.end(SIGKILL)
    try disk.fill()
    let second = try ServedProgram(data: disk.path + "/data", wrapper: disk.wrapper)
    XCTAssertEqual(try client.end(of: id, at: second).status, "completed")
    XCTAssertEqual(second.end(SIGTERM), 0)
  }

  func testReadOnlyDisk_StopsTheStartWithASentence() throws {
    let disk = try SmallDisk("64m")
    _ = try disk.makeClient()
    let remount = try Shell.run(disk.wrapper + ["mount", "-o", "remount,ro", disk.path])
    XCTAssertEqual(remount.code, 0, remount.text)
    let started = try Shell.run(
      disk.wrapper + [BuiltProgram.path, "serve", "--data", disk.path + "/data", "--listen", "127.0.0.1:0"])
    XCTAssertEqual(started.code, 1)
    XCTAssertTrue(started.text.contains("mounted read-only; mount it for writing"), started.text)
  }
}
