import Basics
import TestSupport
import XCTest

/// The house API from end to end, with the documents of its seed page as literals.
final class WonderJobsTests: XCTestCase {
  func testSubmit_AnswersWithTheSeedsDocument() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion()
      .field("webhook_url", "https://client.example/webhooks/wonderconvert")
      .field("webhook_secret", "client_shared_secret").field("total_files", "1").field("total_size", "0.25")
      .file("files[]", "photo.png", SamplePictures.photo)
    let reply = try server.submit(form, [("Idempotency-Key", "invoice-2026-03-12-run-001")])
    let id = try XCTUnwrap(reply.json["request_id"]?.string)
    let address = "http://127.0.0.1:\(server.client.port)/api/v1/jobs/\(id)"
    XCTAssertEqual(reply.status, 202)
    XCTAssertEqual(
      reply.text,
      "{\"status\":202,\"message\":\"Your files are being processed.\",\"job_id\":1,\"request_id\":\"\(id)\","
        + "\"job_status_url\":\"\(address)\"}")
    XCTAssertTrue(id.wholeMatch(of: /req_[0-9a-z]{13}/) != nil, id)
    XCTAssertEqual(reply.header("Content-Type"), "application/json")
  }

  func testShow_OfACompletedJob_IsTheSeedsDocumentWithAWorkingLink() throws {
    let server = try TestServer()
    let receipt = try server.submit(.conversion().file("files[]", "output.png", SamplePictures.photo))
    let id = receipt.json["request_id"]?.string ?? ""
    let reply = try server.ended(id)
    let link = try XCTUnwrap(reply.json["outputs"]?[0]?["download_url"]?.string)
    let size = try XCTUnwrap(reply.json["outputs"]?[0]?["size"]?.integer)
    XCTAssertEqual(
      reply.text,
      "{\"status\":200,\"workspace\":{\"slug\":\"api-workspace\"},\"job\":{\"request_id\":\"\(id)\","
        + "\"status\":\"completed\",\"conversion_type\":\"image\",\"source_format\":\"png\","
        + "\"target_format\":\"jpg\"},\"outputs\":[{\"file_name\":\"output.jpg\",\"download_url\":\"\(link)\","
        + "\"size\":\(size)}]}")
    let file = try server.client.get(server.path(of: link))
    XCTAssertEqual(file.status, 200)
    XCTAssertEqual(file.header("Content-Type"), "image/jpeg")
    XCTAssertTrue(file.header("Content-Disposition")?.contains("filename=\"output.jpg\"") ?? false)
    XCTAssertEqual(file.header("X-Content-Type-Options"), "nosniff")
    XCTAssertEqual(Int64(file.body.count), size)
    XCTAssertEqual(Array(file.body.prefix(3)), [0xFF, 0xD8, 0xFF])
  }

  func testSubmit_OfSeveralFiles_GivesAnOutputForEachWithItsOwnName() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().field("total_files", "3")
      .file("files[]", "a.png", SamplePictures.photo).file("files[]", "dir/a.png", SamplePictures.photo)
      .file("files[]", "Ünï.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    let outputs = try server.ended(id).json["outputs"]?.array ?? []
    XCTAssertEqual(outputs.map { $0["file_name"]?.string }, ["a.jpg", "a-2.jpg", "Ünï.jpg"])
    for output in outputs {
      let file = try server.client.get(server.path(of: output["download_url"]?.string))
      XCTAssertEqual(file.status, 200)
      XCTAssertEqual(Int64(file.body.count), output["size"]?.integer)
    }
  }

  func testSubmit_WithBearerAndOptions_ConvertsWithThem() throws {
    let server = try TestServer()
    func size(quality: String) throws -> Int64 {
      let form = MultipartForm.conversion().field("options[quality]", quality)
        .file("files[]", "photo.png", SamplePictures.photo)
      let reply = try server.client.send(
        "POST", "/api/v1/jobs", [("Authorization", "Bearer \(server.key)"), ("Content-Type", form.contentType)],
        body: form.body)
      let id = reply.json["request_id"]?.string ?? ""
      return try server.ended(id).json["outputs"]?[0]?["size"]?.integer ?? 0
    }
    XCTAssertLessThan(try size(quality: "20"), try size(quality: "95"))
  }

  func testSubmit_WithUsedKey_GivesTheSameJobWith200() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)
    let first = try server.submit(form, [("Idempotency-Key", "run-1")])
    let second = try server.submit(form, [("Idempotency-Key", "run-1")])
    XCTAssertEqual(first.status, 202)
    XCTAssertEqual(second.status, 200)
    XCTAssertEqual(second.json["status"]?.integer, 200)
    XCTAssertEqual(second.json["request_id"], first.json["request_id"])
    XCTAssertEqual(second.json["job_id"], first.json["job_id"])
    let third = try server.submit(form.field("options[quality]", "3"), [("Idempotency-Key", "run-1")])
    XCTAssertEqual(third.status, 422)
    XCTAssertEqual(third.json["code"]?.string, "idempotency_mismatch")
    XCTAssertEqual(try server.submit(form, [("Idempotency-Key", "run-2")]).status, 202)
  }

  func testSubmit_WithSync_AnswersWithTheResult() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().field("sync", "true").file("files[]", "a.png", SamplePictures.photo)
    let reply = try server.submit(form)
    XCTAssertEqual(reply.status, 200)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed")
    let link = reply.json["outputs"]?[0]?["download_url"]?.string
    XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200)
    let bad = try server.submit(.conversion().field("sync", "yes").file("files[]", "a.png", SamplePictures.photo))
    XCTAssertEqual(bad.json["errors"]?["sync"]?[0]?.string, "must be true or false")
  }

  func testSubmit_WithDownload_AnswersWithTheOutputItself() throws {
    let server = try TestServer()
    func form(_ fields: [String]) -> MultipartForm {
      fields.reduce(MultipartForm.conversion()) { $0.field($1, "true") }.file("files[]", "a.png", SamplePictures.photo)
    }
    let reply = try server.submit(form(["sync", "download"]))
    XCTAssertEqual(reply.status, 200)
    XCTAssertEqual(reply.header("Content-Type"), "image/jpeg")
    XCTAssertEqual(Array(reply.body.prefix(3)), [0xFF, 0xD8, 0xFF])
    let job = try XCTUnwrap(reply.header("Content-Location"))
    let shown = try server.client.get(server.path(of: job), key: server.key)
    XCTAssertEqual(shown.json["outputs"]?[0]?["size"]?.integer, Int64(reply.body.count))
    let two = try server.submit(form(["sync", "download"]).file("files[]", "b.png", SamplePictures.photo))
    XCTAssertEqual(two.json["outputs"]?.array?.count, 2, "several outputs are named as ever")
    let alone = try server.submit(form(["download"]))
    XCTAssertEqual(alone.status, 422)
    XCTAssertNotNil(alone.json["errors"]?["download"])
    let broken = try server.submit(
      MultipartForm.conversion().field("sync", "true").field("download", "true")
        .file("files[]", "a.png", Array(SamplePictures.photo.prefix(200))))
    XCTAssertEqual(broken.json["job"]?["status"]?.string, "failed", broken.text)
  }

  func testShow_WithTheTagOfWhatIsKnown_IsNotModified() throws {
    let server = try TestServer()
    let id = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo)).json["request_id"]?.string
    let ended = try server.ended(id ?? "")
    let tag = try XCTUnwrap(ended.header("ETag"))
    let path = "/api/v1/jobs/\(id ?? "")"
    let again = try server.client.get(path, key: server.key, [("If-None-Match", "\"x\", W/\(tag)")])
    XCTAssertEqual(again.status, 304)
    XCTAssertEqual(again.body, [])
    XCTAssertEqual(again.header("ETag"), tag)
    XCTAssertEqual(try server.client.get(path, key: server.key, [("If-None-Match", "\"x\"")]).text, ended.text)
    XCTAssertEqual(try server.client.get(path, [("If-None-Match", tag)]).status, 401, "the key is asked for first")
  }

  /// The document is kept with the view, for the address that it was last asked by.
  func testShow_ByAnotherAddress_HasItsLinks() throws {
    let server = try TestServer()
    let id = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo)).json["request_id"]?.string
    _ = try server.ended(id ?? "")
    let path = "/api/v1/jobs/\(id ?? "")"
    func link(_ host: String) throws -> (link: String?, tag: String?) {
      let head = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\nX-API-Key: \(server.key)\r\n\r\n"
      let reply = try server.client.exchange(Array(head.utf8))
      return (reply.json["outputs"]?[0]?["download_url"]?.string, reply.header("ETag"))
    }
    var tags: [String?] = []
    for host in ["one.example", "one.example", "two.example:81", "one.example"] {
      let (text, tag) = try link(host)
      XCTAssertEqual(text?.hasPrefix("http://\(host)/files/"), true, text ?? "")
      tags.append(tag)
    }
    XCTAssertEqual(Set(tags).count, 2)
    XCTAssertEqual([tags[0], tags[0]], [tags[1], tags[3]])
  }

  func testSubmit_OfManyTwinsAtOnce_MakesOneJob() async throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)
    let replies = try await withThrowingTaskGroup(of: TestReply.self) { group in
      for _ in 0..<50 {
        group.addTask { try server.submit(form, [("Idempotency-Key", "twins")]) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    XCTAssertEqual(Set(replies.compactMap { $0.json["request_id"]?.string }).count, 1)
    XCTAssertEqual(replies.filter { $0.status == 202 }.count, 1)
    XCTAssertEqual(replies.filter { $0.status == 200 }.count, 49)
  }

  func testSubmit_OfFiveHundredChangedPayloads_RefusesEachOne() throws {
    let server = try TestServer()
    var random = SystemRandomNumberGenerator()
    let texts = [("webhook_url", "https://client.example/hook"), ("webhook_secret", "shared"), ("total_size", "0.25")]
    let picture = SamplePictures.photo
    let headers = [("Idempotency-Key", "run-1")]
    func form(_ texts: [(String, String)], _ picture: [UInt8], _ name: String) -> MultipartForm {
      texts.reduce(MultipartForm.conversion()) { $0.field($1.0, $1.1) }.file("files[]", name, picture)
    }
    let first = try server.submit(form(texts, picture, "photo.png"), headers)
    XCTAssertEqual(first.status, 202)
    for round in 0..<500 {
      var (changed, bytes, name) = (texts, picture, "photo.png")
      switch round % 10 {
      case 0..<3:
        var value = Array(changed[round % 10].1.utf8)
        value[value.index(before: value.endIndex)] = UInt8.random(in: 0x41...0x5A, using: &random)
        changed[round % 10].1 = String(decoding: value, as: UTF8.self)
      case 3: name = String(name.dropFirst()) + "g"
      default: bytes[Int.random(in: bytes.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
      }
      let reply = try server.submit(form(changed, bytes, name), headers)
      XCTAssertEqual(reply.status, 422, "round \(round): \(reply.text)")
    }
    XCTAssertEqual(try server.client.get("/api/v1/usage", key: server.key).json["api_jobs"]?["submitted"]?.integer, 1)
    XCTAssertEqual(
      try server.submit(form(texts, picture, "photo.png"), headers).json["request_id"], first.json["request_id"])
  }

  func testShow_OfAnotherWorkspacesJob_IsNotFound() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    for unknown in ["req_0000000000000", "req_", "x", id.uppercased(), "req_../\(id)"] {
      let reply = try server.client.get("/api/v1/jobs/\(unknown)", key: server.key)
      XCTAssertTrue([400, 404].contains(reply.status), unknown)
    }
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 200)
  }
}
