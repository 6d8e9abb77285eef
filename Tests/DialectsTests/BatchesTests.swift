import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// Batches from end to end: their counts, their ends, their archives, and who is told.
final class BatchesTests: XCTestCase {
  private func submit(
    _ server: TestServer, _ form: MultipartForm, _ headers: [(String, String)] = []
  ) throws -> TestReply {
    try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)] + headers, body: form.body)
  }

  private func show(_ server: TestServer, _ id: String, _ query: String = "") throws -> TestReply {
    try server.client.get("/api/v1/batches/\(id)\(query)", key: server.key)
  }

  /// Asks until the batch has ended; at every answer the counts must add up.
  private func ended(_ server: TestServer, _ id: String) throws -> TestReply {
    while true {
      let reply = try show(server, id)
      let batch = reply.json["batch"]
      let parts = ["completed", "failed", "canceled", "in_progress"].compactMap { batch?[$0]?.integer }
      XCTAssertEqual(parts.reduce(0, +), batch?["total"]?.integer, reply.text)
      XCTAssertEqual(parts.count, 4)
      if batch?["status"]?.string != "processing" { return reply }
      sched_yield()
    }
  }

  /// What another program finds in an archive, after it has checked every sum.
  private func names(inArchive path: String) throws -> [String] {
    let script =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(*z.namelist(), sep='\\n')"
    let result = try Shell.run(["python3", "-c", script, path])
    XCTAssertEqual(result.code, 0, result.text)
    return result.text.split(separator: "\n").map(String.init)
  }

  private func form(_ mode: String, good: Int, bad: Int = 0) -> MultipartForm {
    var form = MultipartForm().field("to", "jpg").field("from", "png").field("mode", mode)
    for number in 0..<good { form = form.file("files[]", "p\(number % 3).png", SamplePictures.photo) }
    for number in 0..<bad {
      form = form.file("files[]", "bad\(number).png", Array(SamplePictures.photo.prefix(200)))
    }
    return form
  }

  func testIndividual_GivesEachFileItsJobAndLink() throws {
    let server = try TestServer()
    let receipt = try submit(server, form("individual", good: 3))
    XCTAssertEqual(receipt.status, 202, receipt.text)
    let id = receipt.json["batch_id"]?.string ?? ""
    XCTAssertTrue(id.hasPrefix("bat_"))
    XCTAssertEqual(
      receipt.text,
      #"{"status":202,"message":"Your files are being processed.","batch_id":"\#(id)","total":3,"#
        + #""batch_status_url":"http://127.0.0.1:\#(server.client.port)/api/v1/batches/\#(id)"}"#)
    let reply = try ended(server, id)
    XCTAssertEqual(reply.json["batch"]?["status"]?.string, "completed")
    XCTAssertEqual(reply.json["batch"]?["download_url"], .null)
    let jobs = reply.json["jobs"]?.array ?? []
    XCTAssertEqual(jobs.map { $0["file_name"]?.string }, ["p0.png", "p1.png", "p2.png"])
    for job in jobs {
      XCTAssertEqual(job["status"]?.string, "completed")
      let link = job["outputs"]?[0]?["download_url"]?.string
      XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200)
    }
    let list = try server.client.get("/api/v1/batches", key: server.key)
    XCTAssertEqual(list.json["batches"]?[0]?["batch_id"]?.string, id)
    let usage = try server.client.get("/api/v1/usage", key: server.key).json
    XCTAssertEqual(usage["api_jobs"]?["submitted"]?.integer, 3)
    XCTAssertEqual(usage["usage"]?["api"]?["jobs"]?.integer, 3)
  }

  func testZip_HoldsEveryOutputOnceUnderItsOwnName() throws {
    let server = try TestServer()
    let id = try submit(server, form("zip", good: 7, bad: 1)).json["batch_id"]?.string ?? ""
    let reply = try ended(server, id)
    XCTAssertEqual(reply.json["batch"]?["status"]?.string, "partial", reply.text)
    XCTAssertEqual(reply.json["batch"]?["completed"]?.integer, 7)
    XCTAssertEqual(reply.json["batch"]?["failed"]?.integer, 1)
    let link = try XCTUnwrap(reply.json["batch"]?["download_url"]?.string)
    let archive = try server.client.get(server.path(of: link))
    XCTAssertEqual(archive.header("Content-Type"), "application/zip")
    let path = server.directory.path + "/archive.zip"
    try Data(archive.body).write(to: URL(filePath: path))
    let names = try names(inArchive: path)
    XCTAssertEqual(names.sorted(), ["p0-2.jpg", "p0-3.jpg", "p0.jpg", "p1-2.jpg", "p1.jpg", "p2-2.jpg", "p2.jpg"])
    // The outputs are in the archive now, and nowhere else.
    for job in reply.json["jobs"]?.array ?? [] { XCTAssertEqual(job["outputs"]?.array?.count, 0) }
    let failed = reply.json["jobs"]?.array?.first { $0["status"]?.string == "failed" }
    XCTAssertEqual(failed?["file_name"]?.string, "bad0.png")
    XCTAssertEqual(failed?["error_code"]?.string, "damaged_file")
    let removed = try server.client.send("DELETE", "/api/v1/batches/\(id)", key: server.key)
    XCTAssertEqual(removed.status, 200)
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try show(server, id).json["code"]?.string, "batch_not_found")
  }

  func testAllFilesBad_FailsTheBatch() throws {
    let server = try TestServer()
    let id = try submit(server, form("zip", good: 0, bad: 2)).json["batch_id"]?.string ?? ""
    let reply = try ended(server, id)
    XCTAssertEqual(reply.json["batch"]?["status"]?.string, "failed")
    XCTAssertEqual(reply.json["batch"]?["download_url"], .null)
  }

  func testCancel_StopsWhatIsLeft() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let source = try WebhookReceiver { _ in .hang }
    defer { source.close() }
    let inputs = (0..<20).map { _ in #"{"url":"\#(source.url)"}"# }.joined(separator: ",")
    let body = #"{"to":"jpg","mode":"zip","inputs":[\#(inputs)]}"#
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", "application/json")], body: Array(body.utf8))
    let id = reply.json["batch_id"]?.string ?? ""
    _ = source.wait(for: 8)
    XCTAssertEqual(try show(server, id).json["batch"]?["in_progress"]?.integer, 20)
    XCTAssertEqual(try server.client.send("DELETE", "/api/v1/batches/\(id)", key: server.key).status, 200)
    let shown = try show(server, id)
    XCTAssertEqual(shown.json["batch"]?["status"]?.string, "canceled")
    XCTAssertEqual(shown.json["batch"]?["canceled"]?.integer, 20)
    while try !server.files().isEmpty { sched_yield() }
    // A workspace's files come eight at a time.
    XCTAssertEqual(source.requests.count, 8)
  }

  func testRepetition_GivesTheSameBatch() throws {
    let server = try TestServer()
    let first = try submit(server, form("individual", good: 2), [("Idempotency-Key", "b")])
    let second = try submit(server, form("individual", good: 2), [("Idempotency-Key", "b")])
    XCTAssertEqual(second.status, 200)
    XCTAssertEqual(second.json["batch_id"], first.json["batch_id"])
    let other = try submit(server, form("zip", good: 2), [("Idempotency-Key", "b")])
    XCTAssertEqual(other.json["code"]?.string, "idempotency_mismatch")
  }

  func testPages_ShowEveryJobOnce() throws {
    let server = try TestServer()
    let id = try submit(server, form("individual", good: 5)).json["batch_id"]?.string ?? ""
    var seen: [String] = []
    var cursor = ""
    while true {
      let page = try show(server, id, "?limit=2\(cursor)").json
      seen += page["jobs"]?.array?.compactMap { $0["request_id"]?.string } ?? []
      guard let next = page["next_cursor"]?.string else { break }
      cursor = "&cursor=\(next)"
    }
    XCTAssertEqual(Set(seen).count, 5)
    XCTAssertEqual(seen.count, 5)
    XCTAssertEqual(try show(server, id, "?limit=0").json["jobs"]?.array?.count, 0)
    XCTAssertEqual(try show(server, id, "?limit=101").status, 422)
  }

  func testPlanAndFields_AreChecked() throws {
    let server = try TestServer()
    let mode = try submit(server, form("tar", good: 1))
    XCTAssertEqual(mode.json["errors"]?["mode"]?[0]?.string, "\"tar\" is no mode; valid: individual, zip")
    let watermark = try submit(server, form("zip", good: 1).file("watermark", "w.png", SamplePictures.photo))
    XCTAssertTrue(watermark.json["errors"]?["watermark"]?[0]?.string?.contains("takes none") ?? false, watermark.text)
    let empty = try submit(server, MultipartForm().field("to", "jpg"))
    XCTAssertEqual(empty.json["errors"]?["files[]"]?[0]?.string, "at least one file is required")
    let other = try TestServer(settings: [:], plan: "pro")
    XCTAssertEqual(try show(other, "bat_0000000000000").status, 404)
    let plain = try TestServer(prepare: { try $0.run("UPDATE plans SET allows_batches = 0 WHERE name = 'enterprise'") })
    XCTAssertEqual(try submit(plain, form("zip", good: 1)).json["code"]?.string, "plan_required")
    let small = try TestServer(prepare: { try $0.run("UPDATE plans SET jobs_per_month = 2 WHERE name = 'enterprise'") })
    XCTAssertEqual(try submit(small, form("zip", good: 3)).json["code"]?.string, "quota_exceeded")
    XCTAssertEqual(try submit(small, form("zip", good: 2)).status, 202)
    XCTAssertEqual(try server.files(), [])
  }

  func testWebhooks_TellTheEndOnceAndProgressForEachFile() throws {
    let receiver = try WebhookReceiver { _ in .status(200) }
    defer { receiver.close() }
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let events = #""conversion.progress,job.completed""#
    let endpoint = try server.admin(
      "POST", "/endpoints",
      #"{"workspace":"api-workspace","url":"http://127.0.0.1:\#(receiver.port)/end","style":"standard","events":\#(events)}"#
    )
    XCTAssertEqual(endpoint.status, 201, endpoint.text)
    let form = form("zip", good: 4).field("webhook_url", "http://127.0.0.1:\(receiver.port)/own")
      .field("webhook_secret", "s3cret")
    let id = try submit(server, form).json["batch_id"]?.string ?? ""
    let requests = receiver.wait(for: 6)
    XCTAssertEqual(requests.count, 6)
    let own = requests.filter { $0.path == "/own" }
    XCTAssertEqual(own.count, 1)
    let body = try JSONReader.parse(own[0].body)
    XCTAssertEqual(body["event"]?.string, "conversion.batch.completed")
    XCTAssertEqual(body["batch"]?["batch_id"]?.string, id)
    XCTAssertEqual(body["batch"]?["completed"]?.integer, 4)
    XCTAssertEqual(own[0]["x-wonderconvert-event"], "conversion.batch.completed")
    let link = body["batch"]?["download_url"]?.string
    XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200)
    let told = try requests.filter { $0.path == "/end" }.map { try JSONReader.parse($0.body) }
    XCTAssertEqual(told.filter { $0["type"]?.string == "job.completed" }.count, 1)
    let percents = told.compactMap { $0["data"]?["percent"]?.integer }.sorted()
    XCTAssertEqual(percents, [25, 50, 75, 100])
  }

  func testRestartInTheMiddle_FinishesOnce() throws {
    let directory = try TemporaryDirectory()
    let key = try TestServer.issueKey(data: directory.path + "/data", workspace: "w", plan: "enterprise")
    let first = try ServedProgram(data: directory.path + "/data")
    let form = form("zip", good: 40)
    let receipt = try first.client.send(
      "POST", "/api/v1/batches", key: key, [("Content-Type", form.contentType)], body: form.body)
    let id = receipt.json["batch_id"]?.string ?? ""
    first.end(SIGKILL)
    let second = try ServedProgram(data: directory.path + "/data")
    defer { second.end(SIGKILL) }
    var reply = try second.client.get("/api/v1/batches/\(id)?limit=0", key: key)
    while reply.json["batch"]?["status"]?.string == "processing" {
      sched_yield()
      reply = try second.client.get("/api/v1/batches/\(id)?limit=0", key: key)
    }
    XCTAssertEqual(reply.json["batch"]?["completed"]?.integer, 40, reply.text)
    let link = reply.json["batch"]?["download_url"]?.string ?? ""
    let target = "/" + link.split(separator: "/").dropFirst(2).joined(separator: "/")
    let path = directory.path + "/a.zip"
    try Data(try second.client.get(target).body).write(to: URL(filePath: path))
    let names = try names(inArchive: path)
    XCTAssertEqual(names.count, 40)
    XCTAssertEqual(Set(names).count, 40)
  }
}
