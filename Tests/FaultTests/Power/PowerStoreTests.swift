import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// The power goes at any moment while files are stored, whole, in parts and again: every byte that was answered for is there.
final class PowerStoreTests: XCTestCase {
  private static let part = 3000

  private static let bytes = (0..<part * 3).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
  /// Another content of the same length.
  private static let others = (0..<part * 3).map { UInt8(truncatingIfNeeded: $0 &* 17 >> 2 | 1) }

  func testTheFileStore() throws {
    let recorder = try PowerRecorder()
    let data = recorder.root + "/data"
    let client = try Client(data: data)
    try recorder.begin()
    let program = try ServedProgram(data: data, environment: recorder.environment)
    let stored = try store(program, client, recorder)
    try sendInParts(program, client, recorder)
    try beginAnew(program, client, recorder)
    recorder.withdraw([stored.claim])
    XCTAssertEqual(try send("DELETE", "/api/files/\(stored.id)", nil, program, client).status, 200)
    XCTAssertEqual(program.end(SIGTERM), 0)
    let run = try PowerRun("the file store", recorder.finish())
    run.look { try PowerLook.problems($0 + "/data", $1) }
    try run.serve(PowerRun.isLong ? 20 : 1) { place, claims in try PowerLook.serve(place + "/data", claims) }
  }

  private func send(
    _ method: String, _ path: String, _ document: String?, _ program: ServedProgram, _ client: Client
  ) throws -> TestReply {
    let type = document == nil ? [] : [("Content-Type", "application/json")]
    return try program.client.send(
      method, path, [("Authorization", "Bearer \(client.key)")] + type, body: document.map { Array($0.utf8) })
  }

  /// Stores a file in one piece.
  private func store(_ program: ServedProgram, _ client: Client, _ recorder: PowerRecorder) throws -> (
    id: String, claim: Int
  ) {
    let form = MultipartForm().file("file", "a.bin", PowerStoreTests.bytes)
    let reply = try program.client.send(
      "POST", "/api/files", [("Authorization", "Bearer \(client.key)"), ("Content-Type", form.contentType)],
      body: form.body)
    XCTAssertEqual(reply.status, 201, reply.text)
    let id = reply.json["file"]?["id"]?.string ?? ""
    return (
      id, recorder.answered("stored") { try PowerStoreTests.problem("a.bin", SHA256.digest(PowerStoreTests.bytes), $0) }
    )
  }

  private func begin(_ name: String, _ program: ServedProgram, _ client: Client) throws -> (
    resumable: String, whole: String, complete: String
  ) {
    let reply = try send(
      "POST", "/api/uploads", #"{"filename":"\#(name)","sizeBytes":\#(PowerStoreTests.bytes.count)}"#, program, client)
    XCTAssertEqual(reply.status, 201, reply.text)
    func path(_ link: JSONValue?) -> String {
      "/" + (link?.string ?? "").split(separator: "/", maxSplits: 2).dropFirst(2).joined()
    }
    return (
      path(reply.json["resumable"]?["url"]), path(reply.json["upload"]?["signedUrl"]),
      reply.json["complete"]?["body"]?.text ?? ""
    )
  }

  private func sendPart(_ path: String, at offset: Int, _ program: ServedProgram, to end: Int? = nil) throws {
    let reply = try program.client.send(
      "PATCH", path,
      [
        ("Tus-Resumable", "1.0.0"), ("Upload-Offset", String(offset)),
        ("Content-Type", "application/offset+octet-stream"),
      ], body: Array(PowerStoreTests.bytes[offset..<(end ?? offset + Self.part)]))
    XCTAssertEqual(reply.status, 204, reply.text)
  }

  private func sendInParts(_ program: ServedProgram, _ client: Client, _ recorder: PowerRecorder) throws {
    let places = try begin("parts.bin", program, client)
    for number in 0..<3 {
      let end = (number + 1) * Self.part
      try sendPart(places.resumable, at: number * Self.part, program)
      recorder.answered("\(end) bytes of parts.bin") { store in
        try PowerStoreTests.shortage("parts.bin", Array(PowerStoreTests.bytes[..<end]), store)
      }
    }
    let done = try send("POST", "/api/uploads/complete", places.complete, program, client)
    XCTAssertEqual(done.status, 201, done.text)
    recorder.answered("parts.bin") {
      try PowerStoreTests.problem("parts.bin", SHA256.digest(PowerStoreTests.bytes), $0)
    }
  }

  /// A part comes, and then the whole of another content instead.
  private func beginAnew(_ program: ServedProgram, _ client: Client, _ recorder: PowerRecorder) throws {
    let places = try begin("anew.bin", program, client)
    try sendPart(places.resumable, at: 0, program, to: 2 * Self.part)
    let claim = recorder.answered("a part of anew.bin") { store in
      try PowerStoreTests.shortage("anew.bin", Array(PowerStoreTests.bytes[..<(2 * Self.part)]), store)
    }
    recorder.withdraw([claim])
    // What counts of it is one content or the other, and never a mixture.
    let either = recorder.ended("either content of anew.bin") { try PowerStoreTests.mixture("anew.bin", $0) }
    let put = try program.client.send("PUT", places.whole, body: PowerStoreTests.others)
    XCTAssertEqual(put.status, 200, put.text)
    recorder.withdraw([either])
    recorder.answered("anew.bin is sent") { try PowerStoreTests.shortage("anew.bin", PowerStoreTests.others, $0) }
    let done = try send("POST", "/api/uploads/complete", places.complete, program, client)
    XCTAssertEqual(done.status, 201, done.text)
    recorder.answered("anew.bin") { try PowerStoreTests.problem("anew.bin", SHA256.digest(PowerStoreTests.others), $0) }
  }

  /// What is wrong with a stored file.
  private static func problem(_ name: String, _ sum: [UInt8], _ store: Store) throws -> String? {
    try store.read { database in
      let found = try database.first("SELECT sha256 FROM stored_files WHERE name = ?", name, row: { $0.blob(0) })
      return found == sum ? nil : found == nil ? "is gone" : "is another one"
    }
  }

  /// The bytes that count of a file that comes in parts, or nil when it is stored.
  private static func counted(_ name: String, _ store: Store) throws -> [UInt8]? {
    let found = try store.read { database in
      try database.first(
        "SELECT blob, received FROM arrivals WHERE name = ?", name, row: { ($0.optionalText(0), $0.int(1)) })
    }
    guard let found else { return [] }
    guard let blob = found.0 else { return nil }
    return try FileBytes.read(store.blobs.path(blob), atMost: found.1)
  }

  /// Nil when at least these bytes of a file have come.
  private static func shortage(_ name: String, _ bytes: [UInt8], _ store: Store) throws -> String? {
    guard let found = try counted(name, store) else { return nil }
    return found.starts(with: bytes) ? nil : "\(found.count) bytes count, and they are not those that were sent"
  }

  private static func mixture(_ name: String, _ store: Store) throws -> String? {
    guard let found = try PowerStoreTests.counted(name, store) else { return nil }
    return PowerStoreTests.bytes.starts(with: found) || PowerStoreTests.others.starts(with: found)
      ? nil : "\(found.count) bytes count, which are a mixture"
  }
}
