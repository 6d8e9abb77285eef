import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A disk that is full, nearly full or read-only (D-full and D-ro), as a small tmpfs in a mount namespace of its own.
final class FullDiskTests: XCTestCase {
  func testFullDisk_Refuses_AndRecoversWithoutARestart() throws {
    let tools = try TemporaryDirectory()
    let shim = try FaultShim(in: tools)
    let disk = try SmallDisk("64m")
    let client = try disk.makeClient()
    let program = try ServedProgram(
      data: disk.path + "/data", environment: shim.boastful.merging(["WONDER_ENGINES": "all"]) { $1 },
      wrapper: disk.wrapper)
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
    // What the server writes by itself may have been given the ballast above, and the filler has taken that room since.
    if access(disk.outside + "/data/ballast", F_OK) != 0 { try disk.fill(leaving: 16 << 20) }
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
    let unit = try Shell.run(
      disk.wrapper + [BuiltProgram.path, "serve", "--data", disk.path + "/data", "--listen", "127.0.0.1:0"],
      environment: ["INVOCATION_ID": "0123"])
    XCTAssertTrue(unit.text.contains("mounted read-only; mount it for writing"), unit.text)
  }

  /// What ProtectSystem=strict of a unit makes of it, and `-v …:ro` of a container: the mount is read-only here, the file
  /// system is not.
  func testReadOnlyMountOfAWritableDisk_IsTheUnitsWhereOneRunsIt() throws {
    let disk = try SmallDisk("64m")
    _ = try disk.makeClient()
    let bound = try Shell.run(
      disk.wrapper + ["sh", "-c", "mount --bind \(disk.path) \(disk.path) && mount -o remount,bind,ro \(disk.path)"])
    XCTAssertEqual(bound.code, 0, bound.text)
    for folder in ["/data", "/new"] {
      let words = [BuiltProgram.path, "serve", "--data", disk.path + folder, "--listen", "127.0.0.1:0"]
      let alone = try Shell.run(disk.wrapper + ["env", "-u", "INVOCATION_ID"] + words)
      XCTAssertEqual(alone.code, 1)
      XCTAssertTrue(alone.text.contains("mounted read-only; mount it for writing"), alone.text)
      let unit = try Shell.run(disk.wrapper + words, environment: ["INVOCATION_ID": "0123"])
      XCTAssertEqual(unit.code, 1)
      XCTAssertFalse(unit.text.contains("mounted read-only"), unit.text)
      XCTAssertTrue(unit.text.contains("(ProtectSystem=)"), unit.text)
      XCTAssertTrue(
        unit.text.contains("write [Service] and below it ReadWritePaths=\(disk.path)\(folder)"), unit.text)
    }
  }
}
