import Basics
import Formats
import Conversion
import Glibc
import Storage
import TestSupport
import XCTest

/// Work waits in the lane of its heaviest step: a document that hangs keeps no picture waiting, nor the other way round.
final class LanesTests: XCTestCase {
  /// A program that makes nothing of a text for as long as it may.
  private struct Sleeper: Tool {
    let program = Program("sh", package: "made-up")
    var lane = Lane.office
    var name: String { "sleeper" }
    var offers: [Offer] { [Offer(from: [.txt], to: [.md], cost: 10)] }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      ends.isEmpty ? ToolCall(arguments: ["./script"], files: ["script": Array("sleep 1000".utf8)]) : nil
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) -> [ToolResult] { [] }
  }

  private func server(
    _ settings: [String: String] = [:], lane: Lane = .office,
    prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> TestServer {
    let few = ["WONDER_OFFICE_WORKERS": "1", "WONDER_MEDIA_WORKERS": "1", "WONDER_WORKERS": "1"]
    return try TestServer(
      settings: few.merging(settings) { $1 }, makers: Makers.builtIn + [Sleeper(lane: lane)],
      toolbox: Toolbox(paths: ["sh": "/bin/sh"]), prepare: prepare)
  }

  private func submit(_ server: TestServer, from: String, to: String, _ bytes: [UInt8]) throws -> String {
    let type = from == "png" ? "image" : "document"
    let form = MultipartForm.conversion(from: from, to: to, type: type).file("files[]", "a.\(from)", bytes)
    let reply = try server.submit(form)
    return try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
  }

  private func status(_ server: TestServer, _ id: String) throws -> String? {
    try server.client.get("/api/v1/jobs/\(id)", key: server.key).json["job"]?["status"]?.string
  }

  private func lanes(_ server: TestServer) throws -> [Int64] {
    let database = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
    return try database.all("SELECT lane FROM queue ORDER BY job_id", row: { $0.integer(0) })
  }

  func testDocumentsThatHang_KeepNoPictureWaiting() throws {
    let server = try server()
    let text = Array("hello there, this is text\n".utf8)
    let sleepers = try (0..<3).map { _ in try submit(server, from: "txt", to: "md", text) }
    while try status(server, sleepers[0]) != "processing" { sched_yield() }
    for _ in 0..<5 {
      let picture = try submit(server, from: "png", to: "jpg", SamplePictures.photo)
      XCTAssertEqual(try server.ended(picture).json["job"]?["status"]?.string, "completed")
    }
    XCTAssertEqual(try lanes(server), [1, 1, 1])
    XCTAssertEqual(try sleepers.map { try status(server, $0) }, ["processing", "pending", "pending"])
    for id in sleepers.reversed() {
      _ = try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key)
    }
    for id in sleepers {
      let job = try server.ended(id)
      XCTAssertTrue([nil, "canceled"].contains(job.json["job"]?["status"]?.string), job.text)
    }
  }

  func testDocumentThatTakesTooLong_FailsByItsLanesOwnTime() throws {
    let server = try server(["WONDER_OFFICE_JOB_TIME": "1s", "WONDER_JOB_TIME": "1h"])
    let id = try submit(server, from: "txt", to: "md", Array("hello there, this is text\n".utf8))
    // It is tried again as often as a converter may die, each time for a second.
    XCTAssertEqual(try server.ended(id).json["job"]?["error_code"]?.string, "time_limit")
  }

  func testFilms_KeepNoPictureWaiting_AndOnlyThoseAtWorkCountAsRunning() throws {
    let server = try server(lane: .media)
    let text = Array("hello there, this is text\n".utf8)
    let sleepers = try (0..<20).map { _ in try submit(server, from: "txt", to: "md", text) }
    while try status(server, sleepers[0]) != "processing" { sched_yield() }
    for _ in 0..<3 {
      let picture = try submit(server, from: "png", to: "jpg", SamplePictures.photo)
      XCTAssertEqual(try server.ended(picture).json["job"]?["status"]?.string, "completed")
    }
    XCTAssertEqual(try lanes(server), Array(repeating: 2, count: 20))
    let statuses = try sleepers.map { try status(server, $0) }
    XCTAssertEqual(statuses, ["processing"] + Array(repeating: "pending", count: 19))
    XCTAssertEqual(try running(server), 1)
    for id in sleepers.reversed() { _ = try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key) }
    for id in sleepers { _ = try server.ended(id) }
  }

  func testFilmThatTakesTooLong_FailsByItsLanesOwnTime() throws {
    let server = try server(
      ["WONDER_MEDIA_JOB_TIME": "1s", "WONDER_CONVERSION_TIME": "1h", "WONDER_JOB_TIME": "1h"], lane: .media)
    let id = try submit(server, from: "txt", to: "md", Array("hello there, this is text\n".utf8))
    XCTAssertEqual(try server.ended(id).json["job"]?["error_code"]?.string, "time_limit")
  }

  /// Rows of the queue that some thread has taken.
  private func running(_ server: TestServer) throws -> Int {
    let database = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
    return try Queue.countRunning(in: database)
  }

  func testJobsOfALaneThatIsNoMore_WaitInTheFirst() throws {
    let first = try server()
    XCTAssertEqual(try first.admin("POST", "/queue/pause").status, 200)
    let id = try submit(first, from: "txt", to: "md", Array("hello there, this is text\n".utf8))
    let picture = try submit(first, from: "png", to: "jpg", SamplePictures.photo)
    XCTAssertEqual(try lanes(first), [1, 0])
    let second = try TestServer(after: first)
    XCTAssertEqual(try second.admin("POST", "/queue/resume").status, 200)
    XCTAssertEqual(try second.ended(picture).json["job"]?["status"]?.string, "completed")
    XCTAssertEqual(try second.ended(id).json["job"]?["error_code"]?.string, "unsupported_conversion")
  }

  func testJobThatItsPlanKeptWaiting_IsTakenWhenOneOfAnotherLaneEnds() throws {
    let server = try server { try $0.run("UPDATE plans SET concurrent_jobs = 1") }
    let sleeper = try submit(server, from: "txt", to: "md", Array("hello there, this is text\n".utf8))
    while try status(server, sleeper) != "processing" { sched_yield() }
    let picture = try submit(server, from: "png", to: "jpg", SamplePictures.photo)
    XCTAssertEqual(try status(server, picture), "pending")
    _ = try server.client.send("DELETE", "/api/v1/jobs/\(sleeper)", key: server.key)
    XCTAssertEqual(try server.ended(picture).json["job"]?["status"]?.string, "completed")
  }

  func testJobsThatComeTogether_AreTakenByAsManyThreadsAsThereAre() throws {
    let server = try server(["WONDER_OFFICE_WORKERS": "3"])
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let text = Array("hello there, this is text\n".utf8)
    let sleepers = try (0..<3).map { _ in try submit(server, from: "txt", to: "md", text) }
    XCTAssertEqual(try server.admin("POST", "/queue/resume").status, 200)
    while try running(server) < 3 { sched_yield() }
    for id in sleepers { _ = try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key) }
    for id in sleepers { _ = try server.ended(id) }
  }
}
