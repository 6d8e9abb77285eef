import Appliance
import Basics
import Glibc
import Storage
import Synchronization
import TestSupport
import XCTest

/// A wall clock that is set while no time passes: what is in use stays, nothing goes for its age, nothing waits longer.
final class ClockSetTests: XCTestCase {
  private let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)

  /// Sends all of an upload but its last bytes, and returns when its file is in the spool.
  private func beginUpload(_ server: TestServer) throws -> Int32 {
    let socket = try server.client.connect()
    let head =
      "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nX-API-Key: \(server.key)\r\nConnection: close\r\n"
      + "Content-Type: \(form.contentType)\r\nContent-Length: \(form.body.count)\r\n\r\n"
    try TestClient.write(Array(head.utf8) + form.body.dropLast(100), to: socket)
    while try FileTree.names(in: server.dataPath + "/spool").isEmpty { sched_yield() }
    return socket
  }

  private func endUpload(_ socket: Int32) throws -> TestReply {
    defer { close(socket) }
    try TestClient.write(Array(form.body.suffix(100)), to: socket)
    return try TestClient.reply(from: TestClient.readAll(socket))
  }

  func testSetAhead_TakesNothingAway_UntilTheClockHasKeptItsPace() throws {
    let lines = Mutex<[String]>([])
    let log = Log { bytes in lines.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) } }
    let clock = FixedClock(Clock.system.now())
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h"], clock: clock.clock, log: log)
    let early = try server.ended(server.submit(form).json["request_id"]?.string ?? "")
    XCTAssertEqual(early.json["job"]?["status"]?.string, "completed")
    let upload = try beginUpload(server)
    clock.set(by: .seconds(3 * 86_400))
    try server.serve.sweep()
    XCTAssertEqual(try server.files().count, 3, "a file that was in use or young went")
    let reply = try endUpload(upload)
    XCTAssertEqual(reply.status, 202, reply.text)
    let job = try server.ended(reply.json["request_id"]?.string ?? "")
    XCTAssertEqual(job.json["job"]?["status"]?.string, "completed")
    clock.advance(by: .seconds(14 * 60 + 59))
    try server.serve.sweep()
    XCTAssertEqual(try server.files().count, 4)
    clock.advance(by: .seconds(2))
    try server.serve.sweep()
    XCTAssertEqual(
      try server.files().count, 2, "the clock is believed now, and the first job is older than an hour by it")
    // Lines are written by a thread of their own.
    var said = 0
    while said == 0 {
      sched_yield()
      said = lines.withLock { $0 }.filter { $0.contains("the clock was set") }.count
    }
    XCTAssertEqual(said, 1)
  }

  func testSetBackAgain_BeforeItWasBelieved_HasTakenNothing() throws {
    let clock = FixedClock(Clock.system.now())
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h"], clock: clock.clock)
    _ = try server.ended(server.submit(form).json["request_id"]?.string ?? "")
    for span in [86_400, -86_400, -400 * 86_400, 400 * 86_400] as [Int64] {
      clock.set(by: .seconds(span))
      clock.advance(by: .seconds(60))
      try server.serve.sweep()
    }
    clock.advance(by: .seconds(16 * 60))
    try server.serve.sweep()
    XCTAssertEqual(try server.files().count, 2)
  }

  func testUploadThatIsOlderThanAnyMayBe_IsNotSweptWhileItIsInUse() throws {
    let clock = FixedClock(Clock.system.now())
    let server = try TestServer(clock: clock.clock)
    let upload = try beginUpload(server)
    clock.advance(by: .seconds(3 * 86_400))
    try FileBytes.write([1], to: server.dataPath + "/spool/left-over")
    var times = [timespec(tv_sec: 0, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
    XCTAssertEqual(utimensat(AT_FDCWD, server.dataPath + "/spool/left-over", &times, 0), 0)
    try server.serve.sweep()
    XCTAssertEqual(try FileTree.names(in: server.dataPath + "/spool").filter { !$0.hasPrefix("upload-") }, [])
    XCTAssertEqual(try endUpload(upload).status, 202)
  }

  func testSmallCorrections_AreNoReasonToWait() throws {
    let clock = FixedClock(Clock.system.now())
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h"], clock: clock.clock)
    _ = try server.ended(server.submit(form).json["request_id"]?.string ?? "")
    clock.set(by: .seconds(100))
    clock.advance(by: .seconds(3700))
    try server.serve.sweep()
    XCTAssertEqual(try server.files(), [])
  }

  func testSetBack_LetsADelayedJobWaitNoLongerThanItsOwnDelay() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock) { database in
      let workspace = try XCTUnwrap(Workspaces.all(in: database).first).id
      let job = NewJob(
        workspaceID: workspace, dialect: "wonder", conversionType: "image", sourceFormat: "png", targetFormat: "none",
        createdAt: clock.now)
      let id = try Jobs.insert(job, in: database)
      try Inputs.insert(
        NewInput(fileName: "a.png", .file(blob: "00a", size: 5, sha256: nil)), job: id, position: 0, in: database)
      try Queue.insert(workspace, job: id, at: clock.now, in: database)
      try database.run("UPDATE queue SET state = 'delayed', ready_at = ?", clock.now + .seconds(50))
    }
    func waiting() throws -> Int64? { try server.admin("GET", "/stats").json["stats"]?["waiting"]?.integer }
    clock.set(by: .seconds(-200))
    // Whoever asks has the server look at its clock.
    _ = try server.client.get("/readyz")
    clock.advance(by: .seconds(49))
    XCTAssertEqual(try server.admin("POST", "/queue/resume").status, 200)
    XCTAssertEqual(try waiting(), 1)
    clock.advance(by: .seconds(2))
    for _ in 0..<3000 {
      if try waiting() == 0 { break }
      _ = try server.admin("POST", "/queue/resume")
    }
    XCTAssertEqual(try waiting(), 0)
  }
}
