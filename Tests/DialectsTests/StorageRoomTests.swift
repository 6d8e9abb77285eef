import Basics
import Storage
import TestSupport
import XCTest

/// What a workspace may store, met by archives, by uploads and by files that are fetched.
final class StorageRoomTests: XCTestCase {
  private func makeServer(mostStored: Int, _ settings: [String: String] = [:]) throws -> TestServer {
    try TestServer(
      settings: settings,
      prepare: { try $0.run("UPDATE plans SET max_stored = ? WHERE name = 'enterprise'", mostStored) })
  }

  private let archive = MultipartForm.conversion(from: "auto", to: "zip", type: "archive")
  private let sum = MultipartForm.conversion(from: "auto", to: "md5", type: "other")

  /// Bytes that no archive makes fewer.
  private func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 9
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
  }

  private func end(_ server: TestServer, _ reply: TestReply) throws -> (status: String?, code: String?, text: String) {
    let ended = try server.ended(try XCTUnwrap(reply.json["request_id"]?.string, reply.text))
    return (ended.json["job"]?["status"]?.string, ended.json["job"]?["error_code"]?.string, ended.text)
  }

  func testArchive_BeyondTheRoom_FailsForThat_AndCanBeMadeLater() throws {
    let server = try makeServer(mostStored: 250_000)
    let form = archive.file("files[]", "a.bin", noise(60_000)).file("files[]", "b.bin", noise(70_000))
    let first = try end(server, try server.submit(form))
    XCTAssertEqual(first.status, "failed", first.text)
    XCTAssertEqual(first.code, "storage_quota_exceeded", first.text)
    XCTAssertTrue(first.text.contains("250000 bytes of files"), first.text)
    // The inputs are kept, and count.
    let files = try server.files()
    XCTAssertEqual(files.count, 2)
    let small = try end(server, try server.submit(archive.file("files[]", "c.bin", noise(40_000))))
    XCTAssertEqual(small.status, "completed", small.text)
  }

  func testArchiveOfABatch_TakesThePlaceOfWhatItHolds() throws {
    // Three pictures of 120 KB each, and an archive of them that there is no room for beside them.
    let server = try makeServer(mostStored: 420_000)
    var form = MultipartForm().field("to", "bmp").field("mode", "zip")
    let picture = Array("P6\n200 200\n255\n".utf8) + noise(120_000)
    form = form.file("files[]", "0.ppm", picture).file("files[]", "1.ppm", picture)
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    let id = try XCTUnwrap(reply.json["batch_id"]?.string, reply.text)
    while true {
      let batch = try server.client.get("/api/v1/batches/\(id)", key: server.key)
      guard batch.json["batch"]?["status"]?.string != "processing" else { continue }
      // One of the two pictures fits beside both inputs.
      XCTAssertEqual(batch.json["batch"]?["status"]?.string, "partial", batch.text)
      return
    }
  }

  func testJobBudget_HoldsForAllItsFiles() throws {
    let server = try TestServer(settings: ["WONDER_MAX_JOB_OUTPUT": "100KB", "WONDER_MAX_OUTPUT": "80KB"])
    func submit(_ side: Int, _ count: Int) throws -> (status: String?, code: String?, text: String) {
      let picture = Array("P6\n\(side) \(side)\n255\n".utf8) + noise(side * side * 3)
      var form = MultipartForm.conversion(from: "ppm", to: "bmp")
      for number in 0..<count { form = form.file("files[]", "\(number).ppm", picture) }
      return try end(server, try server.submit(form))
    }
    XCTAssertEqual(try submit(120, 2).status, "completed")
    let job = try submit(120, 3)
    XCTAssertEqual(job.code, "output_too_large", job.text)
    XCTAssertTrue(job.text.contains("all files of a job may have 102400 together"), job.text)
    let file = try submit(170, 1)
    XCTAssertEqual(file.code, "output_too_large", file.text)
    XCTAssertTrue(file.text.contains("would have 87094 bytes"), file.text)
    XCTAssertTrue(file.text.contains("one file may have 81920"), file.text)
  }

  func testUpload_BeyondTheRoom_IsRefusedWhileItComes() throws {
    let server = try makeServer(mostStored: 3 << 20)
    let form = sum.file("files[]", "a.bin", noise(8 << 20))
    let body = form.body
    // The end never comes: what is refused at the end would wait for it.
    let head =
      "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nX-API-Key: \(server.key)\r\nContent-Type: \(form.contentType)\r\n"
      + "Content-Length: \(body.count + 1)\r\n\r\n"
    let reply = try server.client.exchange(Array(head.utf8) + body)
    XCTAssertEqual(reply.status, 429, reply.text)
    XCTAssertEqual(reply.json["code"]?.string, "storage_quota_exceeded")
    while try !server.files().isEmpty { sched_yield() }
    // Nothing of it counts any more.
    let small = sum.file("files[]", "a.bin", noise(2 << 20))
    XCTAssertEqual(try end(server, try server.submit(small)).status, "completed")
  }

  func testFetchedFile_BeyondTheRoom_EndsWhileItComes() throws {
    let server = try makeServer(mostStored: 3 << 20, ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: \(8 << 20)\r\n\r\n".utf8)
    // The end never comes: what is measured at the end would wait for it.
    let source = try WebhookReceiver { _ in .drip(head + [UInt8](repeating: 7, count: 6 << 20)) }
    defer { source.close() }
    let reply = try server.client.send(
      "POST", "/api/v1/jobs", key: server.key, [("Content-Type", "application/json")],
      body: Array(#"{"conversion_type":"other","from":"auto","to":"md5","inputs":[{"url":"\#(source.url)"}]}"#.utf8))
    let ended = try end(server, reply)
    XCTAssertEqual(ended.code, "download_over_quota", ended.text)
    XCTAssertEqual(try server.files(), [])
  }
}
