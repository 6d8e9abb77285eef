import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Kills the server with SIGKILL while a file comes in parts: no part that was answered for is lost.
final class ArrivalKillTests: XCTestCase {
  private static let part = 200_000
  private static let parts = 6

  private func send(
    _ client: TestClient, _ key: String, _ path: String, _ document: String
  ) throws -> TestReply {
    try client.send(
      "POST", path, [("Authorization", "Bearer \(key)"), ("Content-Type", "application/json")],
      body: Array(document.utf8))
  }

  private func offset(_ client: TestClient, _ path: String) throws -> Int {
    let reply = try client.send("HEAD", path, [("Tus-Resumable", "1.0.0")])
    XCTAssertEqual(reply.status, 200, reply.text)
    return Int(reply.header("Upload-Offset") ?? "") ?? -1
  }

  func testAnUpload_SurvivesTwoKills_AndIsWhatWasSent() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "kill", plan: "enterprise")
    let bytes = (0..<Self.part * Self.parts).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    var program = try ServedProgram(data: data)
    let begun = try send(
      program.client, key, "/api/uploads", #"{"filename":"large.bin","sizeBytes":\#(bytes.count)}"#)
    XCTAssertEqual(begun.status, 201, begun.text)
    let address = begun.json["upload"]?["signedUrl"]?.string ?? ""
    let path = "/api/uploads/" + (address.split(separator: "/").last ?? "")
    for round in 0..<3 {
      var next = try offset(program.client, path)
      XCTAssertGreaterThanOrEqual(next, round * 2 * Self.part, "a part that was answered for is lost")
      let end = round < 2 ? (round + 1) * 2 * Self.part : bytes.count
      while next < end {
        let part = Array(bytes[next..<min(next + Self.part, bytes.count)])
        let reply = try program.client.send("PATCH", path, fields(next), body: part)
        XCTAssertEqual(reply.status, 204, reply.text)
        next += part.count
      }
      guard round < 2 else { break }
      // Half of the next part is on its way.
      let socket = try program.client.connect()
      defer { close(socket) }
      let head =
        "PATCH \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(Self.part)\r\n"
        + fields(next).map { "\($0): \($1)\r\n" }.joined() + "\r\n"
      try TestClient.write(Array(head.utf8) + bytes[next..<next + Self.part / 2], to: socket)
      program.end(SIGKILL)
      program = try ServedProgram(data: data)
    }
    let done = try send(program.client, key, "/api/uploads/complete", begun.json["complete"]?["body"]?.text ?? "")
    XCTAssertEqual(done.status, 201, done.text)
    let sum = Hexadecimal.encode(SHA256.digest(bytes))
    XCTAssertEqual(done.json["file"]?["sha256"]?.string, sum)
    program.end(SIGKILL)
    let store = try Store(path: data)
    defer { store.close() }
    XCTAssertEqual(try store.verify(), [])
    XCTAssertEqual(try store.blobs.names().count, 1)
    try store.read { database in
      XCTAssertEqual(try Usage.counter(1, Usage.storedBytes, in: database), Int64(bytes.count))
    }
  }

  func testAKill_BetweenTheSyncAndTheRecord_LosesThatPartOnly() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "kill", plan: "enterprise")
    // The second part is on disk and nobody knows.
    var program = try ServedProgram(data: data, environment: ["TEST_FAILPOINT": "after-part:2"])
    let begun = try send(program.client, key, "/api/uploads", #"{"filename":"a.txt","sizeBytes":6}"#)
    let address = begun.json["upload"]?["signedUrl"]?.string ?? ""
    let path = "/api/uploads/" + (address.split(separator: "/").last ?? "")
    XCTAssertEqual(try program.client.send("PATCH", path, fields(0), body: Array("ab".utf8)).status, 204)
    XCTAssertThrowsError(try program.client.send("PATCH", path, fields(2), body: Array("XY".utf8)))
    _ = Shell.wait(for: program.process)
    program = try ServedProgram(data: data)
    defer { program.end(SIGKILL) }
    XCTAssertEqual(try offset(program.client, path), 2)
    XCTAssertEqual(try program.client.send("PATCH", path, fields(2), body: Array("cdef".utf8)).status, 204)
    let done = try send(program.client, key, "/api/uploads/complete", begun.json["complete"]?["body"]?.text ?? "")
    XCTAssertEqual(done.json["file"]?["sha256"]?.string, Hexadecimal.encode(SHA256.digest(Array("abcdef".utf8))))
  }

  private func fields(_ offset: Int) -> [(String, String)] {
    [
      ("Tus-Resumable", "1.0.0"), ("Upload-Offset", String(offset)),
      ("Content-Type", "application/offset+octet-stream"),
    ]
  }
}
