import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// A customer of a server under test: submits the smallest picture and knows what was accepted.
struct Client {
  let key: String

  /// A PNG of one pixel, so that a thousand jobs cost little besides their bookkeeping.
  static let picture: [UInt8] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2,
    0, 0, 0, 0x90, 0x77, 0x53, 0xDE, 0, 0, 0, 0x0C, 0x49, 0x44, 0x41, 0x54, 0x08, 0xD7, 0x63, 0xF8, 0xCF, 0xC0, 0, 0, 3,
    1, 1, 0, 0x18, 0xDD, 0x8D, 0xB0, 0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
  ]

  /// Makes a workspace with a key in a data directory that nobody serves.
  init(data: String, slug: String = "fault") throws {
    key = try TestServer.issueKey(data: data, workspace: slug, plan: "enterprise")
  }

  /// Uses a key that was made elsewhere.
  init(key: String) {
    self.key = key
  }

  /// Submits one job; nil when no answer came.
  func submit(to program: ServedProgram, idempotencyKey: String? = nil, _ picture: [UInt8] = picture) -> TestReply? {
    let form = MultipartForm.conversion().file("files[]", "p.png", picture)
    let headers = [("Content-Type", form.contentType)] + (idempotencyKey.map { [("Idempotency-Key", $0)] } ?? [])
    return try? program.client.send("POST", "/api/v1/jobs", key: key, headers, body: form.body)
  }

  /// Asks until the job has ended, and gives its status and its answer.
  func end(of id: String, at program: ServedProgram) throws -> (status: String, reply: TestReply) {
    while true {
      let reply = try program.client.get("/api/v1/jobs/\(id)", key: key)
      guard reply.status == 200 else { return ("HTTP \(reply.status)", reply) }
      let status = reply.json["job"]?["status"]?.string ?? "?"
      if status != "pending" && status != "processing" { return (status, reply) }
      usleep(2000)
    }
  }

  /// The request id of an accepted job.
  static func accepted(_ reply: TestReply?) -> String? {
    guard let reply, [200, 202].contains(reply.status) else { return nil }
    return reply.json["request_id"]?.string
  }
}

/// Checks a data directory that nobody serves against what clients were told.
enum Aftermath {
  /// Integrity, exactly the accepted jobs (and at most `unknown` more), each ended once with its file on disk.
  static func check(
    _ data: String, accepted: some Collection<String>, unknown: Int = 0, file: StaticString = #filePath,
    line: UInt = #line
  ) throws {
    let store = try Store(path: data)
    defer { store.close() }
    XCTAssertEqual(try store.verify(), [], file: file, line: line)
    try store.read { database in
      let jobs = try database.first("SELECT count(*) FROM jobs", row: { $0.int(0) }) ?? 0
      let completed = try database.first(
        "SELECT count(*) FROM (SELECT job_id FROM events WHERE kind = 'completed' GROUP BY job_id HAVING count(*) = 1)",
        row: { $0.int(0) })
      XCTAssertTrue((accepted.count...accepted.count + unknown).contains(jobs), "\(jobs) jobs", file: file, line: line)
      XCTAssertEqual(completed, jobs, file: file, line: line)
      XCTAssertEqual(
        try database.first("SELECT count(*) FROM queue", row: { $0.int(0) }), 0, file: file, line: line)
      for id in accepted {
        let row = try XCTUnwrap(store.identifiers.row(.request, id), id)
        XCTAssertEqual(try Outputs.all(job: row, in: database).count, 1, id, file: file, line: line)
      }
    }
  }
}
