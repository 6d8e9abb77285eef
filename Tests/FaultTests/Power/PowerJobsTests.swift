import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// The power goes at any moment while jobs and batches are taken and done: whatever was answered is there, and is done.
final class PowerJobsTests: XCTestCase {
  private static let local = ["--allow-private-targets", "127.0.0.0/8"]

  private static var rounds: Int { PowerRun.isLong ? 3 : 1 }

  func testSubmissionsAndOutputs() throws {
    let recorder = try PowerRecorder()
    let data = recorder.root + "/data"
    let client = try Client(data: data)
    let receiver = try WebhookReceiver()
    defer { receiver.close() }
    try recorder.begin()
    var jobs: [String: String] = [:]
    // The second start opens what the first has closed.
    for start in 0..<2 {
      let program = try ServedProgram(data: data, arguments: Self.local, environment: recorder.environment)
      var doomed: (id: String, claims: [Int])?
      for round in 0..<Self.rounds {
        let key = "key-\(start)-\(round)"
        let (id, taken) = try submit(key, files: round + start + 1, receiver.url, client, program, recorder)
        jobs[key] = id
        let ended = try end(id, client, program, recorder)
        if start == 0 { doomed = (id, [taken, ended]) }
      }
      _ = receiver.wait(for: jobs.count)
      if let doomed {
        recorder.withdraw(doomed.claims)
        jobs = jobs.filter { $0.value != doomed.id }
        let gone = try program.client.send("DELETE", "/api/v1/jobs/\(doomed.id)", key: client.key)
        XCTAssertEqual(gone.status, 200, gone.text)
        recorder.answered("deleted") { try PowerJobsTests.row(doomed.id, $0) == nil ? nil : "is there again" }
      }
      XCTAssertEqual(program.end(SIGTERM), 0)
    }
    let run = try PowerRun("submissions", recorder.finish())
    run.look { try PowerLook.problems($0 + "/data", $1) }
    // Whoever looks must miss each kind of sync that there is.
    for kind in ["/files/", "/spool/", "/redo-", "/wonder.db-wal"] {
      let blind = try PowerRun("submissions without syncs of \(kind)", recorder.finish(forgotten: kind))
      blind.mustFail { try PowerLook.problems($0 + "/data", $1) }
    }
    try run.serve(PowerRun.isLong ? 20 : 1) { [jobs] place, claims in
      try PowerLook.serve(place + "/data", claims, arguments: Self.local) { program in
        for (key, id) in jobs where claims.contains(where: { $0.name == "taken \(key)" }) {
          XCTAssertEqual(try client.end(of: id, at: program).status, "completed", key)
        }
        XCTAssertNotNil(Client.accepted(client.submit(to: program)))
      }
    }
  }

  func testBatches() throws {
    let recorder = try PowerRecorder()
    let data = recorder.root + "/data"
    let client = try Client(data: data)
    try recorder.begin()
    let program = try ServedProgram(data: data, environment: recorder.environment)
    var form = MultipartForm().field("to", "jpg").field("from", "png").field("mode", "zip")
    for number in 0..<3 * Self.rounds { form = form.file("files[]", "p\(number).png", Client.picture) }
    let reply = try program.client.send(
      "POST", "/api/v1/batches", key: client.key, [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(reply.status, 202, reply.text)
    let id = try XCTUnwrap(reply.json["batch_id"]?.string)
    recorder.answered("taken") { try PowerJobsTests.batch(id, $0) == nil ? "is gone" : nil }
    let done = try end(batch: id, client, program)
    recorder.answered("ended") { store in
      let status = try PowerJobsTests.batch(id, store)?.status
      return status == .completed ? nil : "is \(status?.rawValue ?? "gone")"
    }
    XCTAssertEqual(program.end(SIGTERM), 0)
    let path = Self.path(done.json["batch"]?["download_url"])
    let run = try PowerRun("a batch", recorder.finish())
    run.look { try PowerLook.problems($0 + "/data", $1) }
    try run.serve(PowerRun.isLong ? 20 : 1) { [self] place, claims in
      try PowerLook.serve(place + "/data", claims) { program in
        guard claims.contains(where: { $0.name == "taken" }) else { return }
        let reply = try end(batch: id, client, program)
        XCTAssertEqual(reply.json["batch"]?["status"]?.string, "completed", reply.text)
        // The same outputs make the same link, whoever packed them.
        if claims.contains(where: { $0.name == "ended" }) {
          XCTAssertEqual(try program.client.get(path).status, 200, path)
        }
      }
    }
  }

  /// Submits a job of so many files and notes that it was taken, with its inputs.
  private func submit(
    _ key: String, files: Int, _ url: String, _ client: Client, _ program: ServedProgram, _ recorder: PowerRecorder
  ) throws -> (id: String, claim: Int) {
    var form = MultipartForm.conversion().field("webhook_url", url)
    // A file behind the first is too large for the redo log.
    let pictures = (0..<files).map { Client.picture + [UInt8](repeating: 0, count: $0 == 0 ? 0 : 300_000) }
    for number in 0..<files { form = form.file("files[]", "\(number).png", pictures[number]) }
    let reply = try program.client.send(
      "POST", "/api/v1/jobs", key: client.key, [("Content-Type", form.contentType), ("Idempotency-Key", key)],
      body: form.body)
    let id = try XCTUnwrap(Client.accepted(reply), reply.text)
    let claim = recorder.answered("taken \(key)") { store in
      guard let row = try PowerJobsTests.row(id, store) else { return "is gone" }
      return try store.read { database in
        let inputs = try Inputs.all(job: row, in: database)
        let isWhole = try zip(inputs, pictures).allSatisfy { input, picture in
          try input.blob.map { try FileBytes.read(store.blobs.path($0), atMost: 1 << 20) == picture } ?? true
        }
        return inputs.count == files && isWhole ? nil : "its files are not what was sent"
      }
    }
    return (id, claim)
  }

  /// Waits for a job and notes that it has ended, with the sums of its outputs as they were downloaded.
  private func end(_ id: String, _ client: Client, _ program: ServedProgram, _ recorder: PowerRecorder) throws -> Int {
    let (status, reply) = try client.end(of: id, at: program)
    XCTAssertEqual(status, "completed", reply.text)
    let sums = try (reply.json["outputs"]?.array ?? []).map { output in
      SHA256.digest(try program.client.get(PowerJobsTests.path(output["download_url"])).body)
    }
    return recorder.answered("ended \(id)") { store in
      guard let row = try PowerJobsTests.row(id, store) else { return "is gone" }
      return try store.read { database in
        let found = try Outputs.all(job: row, in: database).map { $0.sha256 }
        let status = try Jobs.load(id: row, in: database)?.status
        return found == sums && status == .completed ? nil : "is \(status?.rawValue ?? ""), its outputs are others"
      }
    }
  }

  private func end(batch id: String, _ client: Client, _ program: ServedProgram) throws -> TestReply {
    while true {
      let reply = try program.client.get("/api/v1/batches/\(id)", key: client.key)
      if reply.status != 200 || reply.json["batch"]?["status"]?.string != "processing" { return reply }
      usleep(5000)
    }
  }

  /// The path of a link without its address.
  private static func path(_ link: JSONValue?) -> String {
    "/" + (link?.string ?? "").split(separator: "/", maxSplits: 2).dropFirst(2).joined()
  }

  /// The row of a job that is there.
  private static func row(_ id: String, _ store: Store) throws -> Int64? {
    guard let row = store.identifiers.row(.request, id) else { return nil }
    return try store.read { try Jobs.load(id: row, in: $0) }.map(\.id)
  }

  private static func batch(_ id: String, _ store: Store) throws -> Batch? {
    guard let row = store.identifiers.row(.batch, id) else { return nil }
    return try store.read { try Batches.load(id: row, in: $0) }
  }
}
