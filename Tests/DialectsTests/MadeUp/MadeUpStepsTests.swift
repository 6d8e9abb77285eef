import Appliance
import Basics
import Dialects
import Glibc
import Storage
import TestSupport
import XCTest

/// Jobs that are made, given files one by one and started: nothing that was accepted is lost, and nothing stays for ever.
final class MadeUpStepsTests: XCTestCase {
  private static let photo = SamplePictures.photo

  private func served(
    _ settings: [String: String] = [:], plan: String = "enterprise", clock: Clock = .system,
    _ prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> TestServer {
    try TestServer(
      settings: settings, clock: clock, plan: plan, dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }],
      prepare: prepare)
  }

  private func post(
    _ server: TestServer, _ path: String, _ body: [UInt8] = [], _ fields: [(String, String)] = []
  ) throws -> TestReply {
    try server.client.send("POST", "/made-up/\(path)", key: server.key, fields, body: body)
  }

  private func made(_ server: TestServer, _ targets: String, _ fields: [(String, String)] = []) throws -> String {
    let reply = try post(server, "make/\(targets)", [], fields)
    XCTAssertEqual(reply.status, 202, reply.text)
    return reply.text
  }

  private func whole(_ server: TestServer, _ id: String) throws -> JSONValue {
    try server.client.get("/made-up/whole/\(id)", key: server.key).json
  }

  private func state(_ server: TestServer, _ id: String) throws -> String? {
    try whole(server, id)["status"]?["code"]?.string
  }

  private func ended(_ server: TestServer, _ id: String) throws -> JSONValue {
    while true {
      let job = try whole(server, id)
      if ["completed", "failed", "canceled"].contains(job["status"]?["code"]?.string ?? "canceled") { return job }
      sched_yield()
    }
  }

  private func stored(_ server: TestServer) throws -> Int64? {
    try server.client.get("/api/v1/usage", key: server.key).json["stored_bytes"]?.integer
  }

  func testAJobInSteps_WaitsForItsStart_AndThenMakesAllOfIt() throws {
    let server = try served()
    let id = try made(server, "jpg,pdf:1")
    for name in ["a.png", "b.png"] {
      XCTAssertEqual(try post(server, "add/\(id)", Self.photo, [("Made-Up-Name", name)]).status, 200)
    }
    let waiting = try whole(server, id)
    XCTAssertEqual(waiting["status"]?["code"]?.string, "incomplete")
    XCTAssertEqual(waiting["process"], .boolean(false))
    XCTAssertEqual(waiting["input"]?.array?.compactMap { $0["filename"]?.string }, ["a.png", "b.png"])
    XCTAssertEqual(waiting["input"]?.array?.compactMap { $0["content_type"]?.string }, ["image/png", "image/png"])
    XCTAssertEqual(waiting["history"]?.array?.count, 0)
    // To the house's clients it is one that waits.
    let house = try server.client.get("/api/v1/jobs/\(id.dropFirst(MadeUp.prefix.count))", key: server.key)
    XCTAssertEqual(house.json["job"]?["status"]?.string, "pending", house.text)
    XCTAssertEqual(try stored(server), Int64(2 * Self.photo.count))
    let started = try post(server, "start/\(id)")
    XCTAssertEqual(started.text, "started")
    let job = try ended(server, id)
    XCTAssertEqual(job["output"]?.array?.compactMap { $0["filename"]?.string }, ["a.jpg", "b.jpg", "b.pdf"])
    XCTAssertEqual(job["history"]?.array?.first?["info"]?.string, "submitted")
    let usage = try server.client.get("/api/v1/usage", key: server.key).json
    XCTAssertEqual(usage["usage"]?["api"]?["jobs"]?.integer, 1)
    XCTAssertEqual(usage["usage"]?["api"]?["files"]?.integer, 2)
    XCTAssertEqual(usage["api_jobs"]?["completed"]?.integer, 1)
  }

  func testWhatIsStartedOrEnded_TakesNothingMore() throws {
    let server = try served()
    let id = try made(server, "jpg")
    _ = try post(server, "add/\(id)", Self.photo)
    _ = try post(server, "start/\(id)")
    // It may have ended by now.
    for path in ["add/\(id)", "start/\(id)"] {
      let reply = try post(server, path, Self.photo)
      XCTAssertEqual(reply.status, 409, reply.text)
    }
    _ = try ended(server, id)
    XCTAssertEqual(try post(server, "add/\(id)", Self.photo).text, "This job has ended already.")
    XCTAssertEqual(try post(server, "start/\(id)").text, "This job has ended already.")
    for path in ["add/mu-req_nothing", "start/mu-req_nothing"] {
      XCTAssertEqual(try post(server, path, Self.photo).status, 404)
    }
    XCTAssertEqual(try whole(server, id)["input"]?.array?.count, 1)
  }

  func testAStartThatCannotBe_ChangesNothing() throws {
    let server = try served()
    let id = try made(server, "jpg,png:1")
    for (problem, hasFile) in [("at least one file is needed", false), ("(2): a task names files", true)] {
      if hasFile { XCTAssertEqual(try post(server, "add/\(id)", Self.photo).status, 200) }
      let reply = try post(server, "start/\(id)")
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.text.contains(problem), reply.text)
      XCTAssertEqual(try state(server, id), "incomplete")
    }
    let text = try post(server, "add/\(id)", Array("no picture".utf8))
    XCTAssertEqual(text.status, 422, text.text)
    XCTAssertEqual(try post(server, "add/\(id)", Self.photo).status, 200)
    XCTAssertEqual(try post(server, "start/\(id)").status, 200)
    XCTAssertEqual(try ended(server, id)["output"]?.array?.count, 3)
  }

  func testFilesByAddress_AreFetchedMeanwhile_AndTheStartWaitsForThem() throws {
    let server = try served(["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let source = try WebhookReceiver { _ in
      .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \(Self.photo.count)\r\n\r\n".utf8) + Self.photo)
    }
    defer { source.close() }
    let id = try made(server, "jpg")
    let address = "http://127.0.0.1:\(source.port)/far.png"
    XCTAssertEqual(try post(server, "add/\(id)", [], [("Made-Up-From", address)]).status, 200)
    while try whole(server, id)["input"]?[0]?["status"]?.string != "ready" { sched_yield() }
    XCTAssertEqual(try state(server, id), "incomplete")
    let late = try post(server, "add/\(id)", [], [("Made-Up-From", address)])
    XCTAssertEqual(late.status, 200)
    XCTAssertEqual(try post(server, "start/\(id)").status, 200)
    let job = try ended(server, id)
    XCTAssertEqual(job["output"]?.array?.count, 2, job.text)
    XCTAssertEqual(job["input"]?[0]?["type"]?.string, "remote")
    XCTAssertEqual(job["input"]?[0]?["source"]?.string, address)
    XCTAssertEqual(job["input"]?[0]?["content_type"]?.string, "image/png")
  }

  func testAFileThatCannotBeFetched_EndsTheJobBeforeItsStart_AndIsNamed() throws {
    let server = try served(["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let source = try WebhookReceiver { _ in .raw(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".utf8)) }
    defer { source.close() }
    let id = try made(server, "jpg")
    XCTAssertEqual(try post(server, "add/\(id)", Self.photo).status, 200)
    _ = try post(server, "add/\(id)", [], [("Made-Up-From", "http://127.0.0.1:\(source.port)/x.png")])
    let job = try ended(server, id)
    XCTAssertEqual(job["status"]?["code"]?.string, "failed")
    XCTAssertEqual(job["errors"]?[0]?["source"]?.string, "input")
    XCTAssertEqual(job["errors"]?[0]?["id_source"], job["input"]?[1]?["id"])
    XCTAssertEqual(try post(server, "start/\(id)").status, 409)
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try stored(server), 0)
  }

  func testACancel_TakesTheFilesOfAJobThatWasNotStarted() throws {
    let server = try served()
    let id = try made(server, "jpg")
    _ = try post(server, "add/\(id)", Self.photo)
    XCTAssertEqual(try server.client.send("DELETE", "/made-up/jobs/\(id)", key: server.key).text, "canceled")
    XCTAssertEqual(try state(server, id), "canceled")
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try stored(server), 0)
    XCTAssertEqual(try post(server, "start/\(id)").status, 409)
  }

  func testWhatWaitsForItsStart_CountsAsWhatWaits_AndItsFilesAsStored() throws {
    let size = Self.photo.count
    let server = try served(plan: "pro") {
      try $0.run("UPDATE plans SET waiting_jobs = 2, max_stored = ? WHERE name = 'pro'", size + 1)
    }
    let id = try made(server, "jpg")
    _ = try made(server, "jpg")
    let third = try post(server, "make/jpg")
    XCTAssertEqual(third.status, 429, third.text)
    XCTAssertEqual(try post(server, "add/\(id)", Self.photo).status, 200)
    let second = try post(server, "add/\(id)", Self.photo)
    XCTAssertEqual(second.status, 429, second.text)
    XCTAssertTrue(second.text.contains("bytes of files"), second.text)
    XCTAssertEqual(try server.files().count, 1)
    XCTAssertEqual(try whole(server, id)["input"]?.array?.count, 1)
  }

  func testTheSameKey_MakesTheSameJob() throws {
    let server = try served()
    let first = try made(server, "jpg", [("Idempotency-Key", "k")])
    XCTAssertEqual(try made(server, "jpg", [("Idempotency-Key", "k")]), first)
  }

  func testAJobThatNobodyStarts_EndsAfterADay_AndIsForgottenWithAllOthers() throws {
    let clock = FixedClock()
    let server = try served(["WONDER_RETENTION": "1h", "WONDER_HISTORY": "2h"], clock: clock.clock)
    let id = try made(server, "jpg", [("Made-Up-Secret", "hush")])
    _ = try post(server, "add/\(id)", Self.photo)
    clock.advance(by: .seconds(86_000))
    try server.serve.sweep()
    XCTAssertEqual(try state(server, id), "incomplete")
    clock.advance(by: .seconds(500))
    try server.serve.sweep()
    let job = try whole(server, id)
    XCTAssertEqual(job["status"]?["code"]?.string, "canceled")
    XCTAssertEqual(job["errors"]?[0]?["code"]?.string, "not_started")
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try stored(server), 0)
    XCTAssertEqual(try rows(server, "secrets"), 0)
    for _ in 0..<2 {
      clock.advance(by: .seconds(7300))
      try server.serve.sweep()
    }
    XCTAssertEqual(try server.client.get("/made-up/whole/\(id)", key: server.key).status, 404)
    XCTAssertEqual(try rows(server, "jobs") + rows(server, "inputs"), 0)
  }

  /// The data directory as it is after an answer is what a kill at that moment leaves.
  func testAKillAfterAnyAnswer_LosesNothingThatWasAccepted() throws {
    let first = try served()
    let id = try made(first, "jpg,png:1", [("Made-Up-Secret", "hush")])
    XCTAssertEqual(try post(first, "add/\(id)", Self.photo, [("Made-Up-Name", "a.png")]).status, 200)
    let second = try TestServer(after: first, dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
    XCTAssertEqual(try state(second, id), "incomplete")
    XCTAssertEqual(try rows(second, "secrets"), 1)
    XCTAssertEqual(try post(second, "add/\(id)", Self.photo, [("Made-Up-Name", "b.png")]).status, 200)
    // Nobody takes it before the kill.
    XCTAssertEqual(try second.admin("POST", "/queue/pause").status, 200)
    XCTAssertEqual(try post(second, "start/\(id)").status, 200)
    let third = try TestServer(after: second, dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
    XCTAssertEqual(try state(third, id), "pending")
    XCTAssertEqual(try third.admin("POST", "/queue/resume").status, 200)
    let job = try ended(third, id)
    XCTAssertEqual(job["output"]?.array?.compactMap { $0["filename"]?.string }, ["a.jpg", "b.jpg", "b.png"])
    XCTAssertEqual(try third.files().count, 5)
    XCTAssertEqual(try rows(third, "secrets"), 0)
  }

  func testASecret_IsShownNowhere_AndIsGoneFromTheDiskWithTheEnd() throws {
    let server = try served()
    let word = "hush-\(getpid())-hush"
    let id = try made(server, "jpg", [("Made-Up-Secret", word)])
    _ = try post(server, "add/\(id)", Self.photo)
    let row = id.dropFirst(MadeUp.prefix.count)
    XCTAssertTrue(try holds(server, word))
    let replies = [
      try server.client.get("/made-up/whole/\(id)", key: server.key),
      try server.client.get("/api/v1/jobs/\(row)", key: server.key),
      try server.client.get("/api/v1/jobs", key: server.key), try server.admin("GET", "/jobs/\(row)"),
      try server.admin("GET", "/jobs"),
    ]
    for reply in replies {
      XCTAssertEqual(reply.status, 200)
      XCTAssertFalse(reply.text.contains(word), reply.text)
    }
    let bundle = server.directory.path + "/bundle.tar"
    let collected = try Shell.run(BuiltProgram.path, "admin", "diagnostics", bundle, "--data", server.dataPath)
    XCTAssertEqual(collected.code, 0, collected.text)
    XCTAssertFalse(try Self.holds(bundle, word))
    XCTAssertEqual(try post(server, "start/\(id)").status, 200)
    XCTAssertEqual(try ended(server, id)["status"]?["code"]?.string, "completed")
    let backup = server.directory.path + "/backup.tar"
    let saved = try Shell.run(BuiltProgram.path, "admin", "backup", backup, "--data", server.dataPath)
    XCTAssertEqual(saved.code, 0, saved.text)
    XCTAssertFalse(try Self.holds(backup, word))
    // As little as a copy of the database from this moment has of it, when its log was written back.
    let copy = server.directory.path + "/copy.db"
    for ending in ["", "-wal"] {
      let bytes = try FileBytes.read(server.dataPath + "/wonder.db" + ending, atMost: 1 << 28)
      try FileBytes.write(bytes, to: copy + ending)
    }
    let database = try Database(path: copy, mode: .writing)
    try database.script("PRAGMA wal_checkpoint(TRUNCATE)")
    XCTAssertFalse(try Self.holds(copy, word))
  }

  private func holds(_ server: TestServer, _ word: String) throws -> Bool {
    try ["wonder.db", "wonder.db-wal"].contains { name in
      let path = server.dataPath + "/" + name
      return try access(path, F_OK) == 0 && Self.holds(path, word)
    }
  }

  private static func holds(_ path: String, _ word: String) throws -> Bool {
    String(decoding: try FileBytes.read(path, atMost: 1 << 28), as: UTF8.self).contains(word)
  }

  private func rows(_ server: TestServer, _ table: String) throws -> Int64 {
    let database = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
    switch table {
    case "jobs": return try database.first("SELECT count(*) FROM jobs", row: { $0.integer(0) }) ?? 0
    case "inputs": return try database.first("SELECT count(*) FROM inputs", row: { $0.integer(0) }) ?? 0
    default: return try database.first("SELECT count(*) FROM secrets", row: { $0.integer(0) }) ?? 0
    }
  }
}
