import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// Kills the server with SIGKILL while it sends outputs elsewhere: each arrives, and no job ends before its own has.
final class UploadKillTests: XCTestCase {
  private static let jobs = 12

  func testEveryOutput_Arrives_HoweverOftenTheServerIsKilled() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "kill", plan: "enterprise")
    // The first two calls of each output get no answer, so whoever is killed meanwhile cannot know whether it arrived.
    let tally = Tally<String>()
    let store = try ObjectStore { request in
      guard request.method == "PUT" else { return nil }
      tally.count(request.path)
      return (tally.counts[request.path] ?? 0) < 3 ? .hang : nil
    }
    defer { store.receiver.close() }
    store.put("/pictures/photo.png", SamplePictures.photo)
    var ids: [String] = []
    for round in 0..<3 {
      let seen = store.receiver.requests.count
      let program = try ServedProgram(data: data, arguments: ["--allow-private-targets", "127.0.0.0/8"])
      if round == 0 { ids = try (0..<Self.jobs).map { try submit(program.client, key, store, $0) } }
      if round < 2 {
        // Eight of one workspace are sent at once.
        _ = store.receiver.wait(for: seen + (round == 0 ? Self.jobs + 4 : 4))
        for id in ids { XCTAssertNotEqual(try state(program.client, key, id), "completed") }
        program.end(SIGKILL)
      } else {
        // What was not killed often enough hangs until its server is, too.
        try finish(program, data, key, ids)
      }
    }
    for number in 0..<Self.jobs { XCTAssertNotNil(store.objects["/pictures/out-\(number).jpg"], "\(number)") }
  }

  /// Kills and starts again until all jobs have ended.
  private func finish(_ first: ServedProgram, _ data: String, _ key: String, _ ids: [String]) throws {
    var program = first
    for round in 0..<40 {
      let end = Clock.readMonotonic() + 1_000_000_000
      var left = ids
      while !left.isEmpty, Clock.readMonotonic() < end {
        left = try left.filter { try state(program.client, key, $0) != "completed" }
      }
      program.end(SIGKILL)
      if left.isEmpty { break }
      XCTAssertLessThan(round, 39, "\(left.count) jobs have not ended")
      program = try ServedProgram(data: data, arguments: ["--allow-private-targets", "127.0.0.0/8"])
    }
    let store = try Store(path: data)
    defer { store.close() }
    try store.read { database in
      XCTAssertEqual(try database.first("PRAGMA integrity_check", row: { $0.text(0) }), "ok")
      XCTAssertEqual(try database.first("SELECT count(*) FROM uploads", row: { $0.int(0) }), 0)
      XCTAssertEqual(try database.first("SELECT count(*) FROM secrets", row: { $0.int(0) }), 0)
      XCTAssertEqual(try database.all("SELECT DISTINCT status FROM targets", row: { $0.text(0) }), ["completed"])
    }
  }

  private func submit(_ client: TestClient, _ key: String, _ store: ObjectStore, _ number: Int) throws -> String {
    func place(_ name: String) -> String {
      #"{"s3":{"endpoint":"\#(store.endpoint)","bucket":"pictures","key":"\#(name)","access_key_id":"\#(ObjectStore.user)","#
        + #""secret_access_key":"\#(ObjectStore.password)"}}"#
    }
    let text =
      #"{"conversion_type":"image","from":"png","to":"jpg","inputs":[\#(place("photo.png"))],"#
      + #""outputs":[\#(place("out-\(number).jpg"))]}"#
    let reply = try client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", "application/json")], body: Array(text.utf8))
    return try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
  }

  private func state(_ client: TestClient, _ key: String, _ id: String) throws -> String {
    try client.get("/api/v1/jobs/\(id)", key: key).json["job"]?["status"]?.string ?? ""
  }
}
