import Appliance
import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// KoalaPic's API from end to end, as its clients use it.
final class KoalaPicTests: XCTestCase {
  private static let loopback = ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]

  private func convert(
    _ server: TestServer, _ form: MultipartForm, _ headers: [(String, String)]? = nil,
    at path: String = "/api/v1/convert", query: String = ""
  ) throws -> TestReply {
    try server.client.send(
      "POST", path + query,
      (headers ?? [("Authorization", "Bearer \(server.key)")]) + [("Content-Type", form.contentType)], body: form.body)
  }

  private func get(_ server: TestServer, _ path: String) throws -> TestReply {
    try server.client.send("GET", path, [("Authorization", "Bearer \(server.key)")])
  }

  /// Asks until the conversion or the batch has ended.
  private func ended(_ server: TestServer, _ path: String) throws -> TestReply {
    while true {
      let reply = try get(server, path)
      XCTAssertEqual(reply.status, 200, reply.text)
      if reply.status != 200 || reply.json["status"]?.string != "processing" { return reply }
      sched_yield()
    }
  }

  private let picture = MultipartForm().file("file", "photo.png", SamplePictures.photo)

  func testConvert_GivesAnIDWhoseStateLeadsToTheFile() throws {
    let server = try TestServer()
    let taken = try convert(server, picture.field("output_format", "bmp"))
    XCTAssertEqual(taken.status, 202, taken.text)
    let id = try XCTUnwrap(taken.json["id"]?.string)
    XCTAssertTrue(id.hasPrefix("cnv_"), id)
    XCTAssertEqual(taken.json["status"]?.string, "processing")
    let address = try XCTUnwrap(taken.json["status_url"]?.string)
    XCTAssertTrue(address.hasSuffix("/api/v1/convert/\(id)"), address)
    let done = try ended(server, server.path(of: address))
    XCTAssertEqual(done.json["status"]?.string, "completed", done.text)
    XCTAssertEqual(done.json["filename"]?.string, "photo.bmp")
    let link = try XCTUnwrap(done.json["download_url"]?.string)
    XCTAssertNotNil(link.firstMatch(of: /\/dl\/[^\/]+$/), link)
    // A key does no harm at a link.
    let file = try get(server, server.path(of: link))
    XCTAssertEqual(file.status, 200)
    XCTAssertEqual(Array(file.body.prefix(2)), Array("BM".utf8))
    XCTAssertEqual(try ended(server, "/api/v1/jobs/\(id)").json["items"]?[0]?["filename"]?.string, "photo.bmp")
  }

  func testWithoutOutputFormat_AJPEGOfQuality85IsMade() throws {
    let server = try TestServer()
    let id = try convert(server, picture).json["id"]?.string ?? ""
    let named =
      try convert(server, picture.field("output_format", "JPG").field("quality", "85")).json["id"]?.string ?? ""
    func bytes(_ id: String) throws -> [UInt8] {
      let done = try ended(server, "/api/v1/convert/\(id)")
      return try server.client.get(server.path(of: done.json["download_url"]?.string)).body
    }
    XCTAssertEqual(try bytes(id), try bytes(named))
  }

  func testKey_ComesAsBearerAsFieldOrInTheQuery_AndInTheQueryNowhereElse() throws {
    let server = try TestServer()
    XCTAssertEqual(try convert(server, picture, [("X-API-Key", server.key)]).status, 202)
    XCTAssertEqual(try convert(server, picture, [], query: "?api_key=\(server.key)").status, 202)
    let without = try convert(server, picture, [])
    XCTAssertEqual(without.status, 401)
    XCTAssertNotNil(without.json["error"]?.string)
    XCTAssertEqual(try server.client.get("/api/v1/usage?api_key=\(server.key)").status, 401)
  }

  func testFieldsThatAreWrong_AreNamedAsTheVendorNamesThem() throws {
    let server = try TestServer()
    for (form, words) in [
      (MultipartForm().field("output_format", "png"), "file is required"),
      (picture.field("output_format", "xyz"), "output_format \"xyz\" cannot be made here; the formats are"),
      (picture.field("quality", "101"), "quality \"101\" is not from 1 to 100"),
      (picture.field("webhook_url", "nowhere"), "webhook_url "),
      (MultipartForm().file("files", "a.png", SamplePictures.photo), "files is not a field for a file; valid: file"),
      (MultipartForm().file("file", "a.png", Array("text".utf8)), "file a.png"),
    ] {
      let reply = try convert(server, form)
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.json["error"]?.string?.contains(words) ?? false, "\(words): \(reply.text)")
    }
    let unknown = try get(server, "/api/v1/convert/cnv_nothing")
    XCTAssertEqual(unknown.status, 404)
    XCTAssertNotNil(unknown.json["error"]?.string)
    XCTAssertNotNil(try get(server, "/api/v1/jobs/nothing").json["error"]?.string)
  }

  func testHouseJob_IsNoConversion_AndTheOtherWayRound() throws {
    let server = try TestServer()
    let house = try server.submit(MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo))
    let request = house.json["request_id"]?.string ?? ""
    XCTAssertNotNil(try get(server, "/api/v1/jobs/\(request)").json["job"])
    XCTAssertEqual(try get(server, "/api/v1/convert/cnv_\(request.dropFirst(4))").status, 404)
    let form = MultipartForm().field("to", "jpg").file("files[]", "a.png", SamplePictures.photo)
    let taken = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    let batch = try XCTUnwrap(taken.json["batch_id"]?.string, taken.text)
    let name = "job_\(batch.dropFirst(4))"
    for path in ["jobs/\(name)", "jobs/\(name)/zip", "convert/\(name)/stream"] {
      XCTAssertEqual(try get(server, "/api/v1/" + path).status, 404, path)
    }
  }

  func testBatch_OfOneDamagedFile_HasFailed_AndItsGoodFilesDownload() throws {
    let server = try TestServer()
    var form = MultipartForm().field("output_format", "bmp")
    for name in ["a.png", "b.png"] { form = form.file("files", name, SamplePictures.photo) }
    form = form.file("files", "c.png", Array(SamplePictures.photo.prefix(200)))
    let taken = try convert(server, form, at: "/api/v1/convert/batch")
    XCTAssertEqual(taken.status, 202, taken.text)
    XCTAssertEqual(taken.json["total_files"]?.integer, 3)
    let id = taken.json["job_id"]?.string ?? ""
    let done = try ended(server, "/api/v1/jobs/\(id)")
    XCTAssertEqual(done.json["status"]?.string, "failed")
    XCTAssertEqual(done.json["completed_files"]?.integer, 2)
    XCTAssertTrue(done.json["error"]?.string?.hasPrefix("c.png: ") ?? false, done.text)
    let items = done.json["items"]?.array ?? []
    XCTAssertEqual(items.map { $0["filename"]?.string }, ["a.bmp", "b.bmp"])
    for item in items {
      XCTAssertEqual(try get(server, server.path(of: item["download_url"]?.string)).status, 200)
    }
    let archive = try get(server, server.path(of: done.json["zip_url"]?.string))
    XCTAssertEqual(archive.status, 200)
    let folder = try TemporaryDirectory()
    try FileBytes.write(archive.body, to: folder.path + "/a.zip")
    let listed = try Shell.run("python3", "-m", "zipfile", "-l", folder.path + "/a.zip")
    XCTAssertTrue(listed.text.contains("a.bmp") && listed.text.contains("b.bmp"), listed.text)
  }

  func testFiftyOneFiles_AreRefusedByName() throws {
    let server = try TestServer()
    let form = (0..<51).reduce(MultipartForm()) { $0.file("files", "\($1).png", SamplePictures.photo) }
    let reply = try convert(server, form, at: "/api/v1/convert/batch")
    XCTAssertEqual(reply.status, 422)
    XCTAssertTrue(
      reply.json["error"]?.string?.contains("files 51 files are more than the 50 allowed") ?? false, reply.text)
    XCTAssertEqual(reply.json["fields"]?[0]?.string, "files")
    XCTAssertEqual(try server.files(), [])
  }

  func testAddress_IsFetchedAndConverted() throws {
    let server = try TestServer(settings: KoalaPicTests.loopback)
    let source = try WebhookReceiver { _ in
      .raw(
        Array("HTTP/1.1 200 OK\r\nContent-Length: \(SamplePictures.photo.count)\r\n\r\n".utf8) + SamplePictures.photo)
    }
    defer { source.close() }
    let body = #"{"url":"http://127.0.0.1:\#(source.port)/photo.png","output_format":"bmp","quality":80}"#
    let taken = try server.client.send(
      "POST", "/api/v1/convert/url", key: server.key, [("Content-Type", "application/json")], body: Array(body.utf8))
    XCTAssertEqual(taken.status, 202, taken.text)
    let done = try ended(server, "/api/v1/convert/\(taken.json["id"]?.string ?? "")")
    XCTAssertEqual(done.json["filename"]?.string, "photo.bmp", done.text)
    let wrong = try server.client.send(
      "POST", "/api/v1/convert/url", key: server.key, [("Content-Type", "application/json")],
      body: Array(#"{"address":"x"}"#.utf8))
    XCTAssertEqual(wrong.status, 422)
    XCTAssertTrue(wrong.text.contains("valid: url, output_format, quality, webhook_url"), wrong.text)
  }

  func testLink_WorksTenTimesAndForTwoHours() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let id = try convert(server, picture).json["id"]?.string ?? ""
    let path = server.path(of: try ended(server, "/api/v1/convert/\(id)").json["download_url"]?.string)
    XCTAssertEqual(try server.client.send("HEAD", path).status, 200)
    XCTAssertEqual(try server.client.send("GET", path, [("Range", "bytes=10-20")]).status, 206)
    for _ in 0..<10 { XCTAssertEqual(try server.client.get(path).status, 200) }
    let over = try server.client.get(path)
    XCTAssertEqual(over.status, 410)
    XCTAssertEqual(over.json["code"]?.string, "link_used_up")
    let next = server.path(of: try get(server, "/api/v1/convert/\(id)").json["download_url"]?.string)
    clock.advance(by: .seconds(7199))
    let fresh = server.path(of: try get(server, "/api/v1/convert/\(id)").json["download_url"]?.string)
    XCTAssertNotEqual(next, fresh)
    XCTAssertEqual(try server.client.get(fresh).status, 200)
    clock.advance(by: .seconds(7201))
    XCTAssertEqual(try server.client.get(fresh).json["code"]?.string, "link_expired")
    try server.serve.sweep()
  }

  func testLink_IsUsedByEveryAnswerThatBeginsTheFile() throws {
    let server = try TestServer()
    let id = try convert(server, picture).json["id"]?.string ?? ""
    let path = server.path(of: try ended(server, "/api/v1/convert/\(id)").json["download_url"]?.string)
    let etag = try XCTUnwrap(server.client.send("HEAD", path).header("ETag"))
    for _ in 0..<12 {
      XCTAssertEqual(try server.client.get(path, [("Range", "bytes=1-")]).status, 206)
      XCTAssertEqual(try server.client.get(path, [("Range", "bytes=99999999-")]).status, 416)
      XCTAssertEqual(try server.client.get(path, [("If-None-Match", etag)]).status, 304)
    }
    let uses: [(fields: [(String, String)], status: Int)] = [
      ([], 200), ([("Range", "bytes=0-")], 206), ([("Range", "bytes=0-0")], 206), ([("Range", "bytes=0-1,5-6")], 200),
      ([("Range", "bytes=x")], 200), ([("Range", "items=1-2")], 200), ([("Range", "bytes=-99999999")], 206),
      ([("Range", "bytes=5-"), ("If-Range", "\"other\"")], 200), ([("Range", "Bytes=0-7")], 206),
      ([("Range", "")], 200),
    ]
    for (fields, status) in uses {
      XCTAssertEqual(try server.client.get(path, fields).status, status, "\(fields)")
    }
    for range in ["bytes=0-", "bytes=0-1", "bytes=1-", "bytes=x", ""] {
      let over = try server.client.get(path, [("Range", range)])
      XCTAssertEqual(over.status, 410, range)
      XCTAssertEqual(over.json["code"]?.string, "link_used_up")
    }
    XCTAssertEqual(try server.client.send("HEAD", path).status, 200)
  }

  func testRate_IsToldInBothFamiliesOfFields() throws {
    let server = try TestServer(
      plan: "pro", prepare: { try $0.run("UPDATE plans SET writes_per_minute = 2 WHERE name = 'pro'") })
    let first = try convert(server, picture)
    XCTAssertEqual(first.header("X-RateLimit-Limit"), "2")
    XCTAssertEqual(first.header("X-RateLimit-Remaining"), "1")
    XCTAssertEqual(first.header("X-RateLimit-Limit-Minute"), "2")
    XCTAssertEqual(first.header("X-RateLimit-Remaining-Minute"), "1")
    XCTAssertGreaterThan(Int64(first.header("X-RateLimit-Reset") ?? "") ?? 0, 1_700_000_000)
    XCTAssertNil(first.header("RateLimit-Limit"))
    _ = try convert(server, picture)
    let over = try convert(server, picture)
    XCTAssertEqual(over.status, 429)
    XCTAssertGreaterThan(over.json["retry_after"]?.integer ?? 0, 0)
    XCTAssertEqual(over.header("Retry-After"), over.json["retry_after"]?.integer.map(String.init))
    XCTAssertEqual(over.header("X-RateLimit-Remaining"), "0")
  }

  func testStream_OfAConversion_EndsWithItsDownload() throws {
    let server = try TestServer()
    let id = try convert(server, picture).json["id"]?.string ?? ""
    let stream = try server.client.send("GET", "/api/v1/convert/\(id)/stream?api_key=\(server.key)")
    XCTAssertEqual(stream.status, 200)
    XCTAssertEqual(stream.header("Content-Type"), "text/event-stream")
    let events = stream.text.matches(of: /event: (\w+)\ndata: ([^\n]*)\n/).map { (String($0.1), String($0.2)) }
    let last = try XCTUnwrap(events.last)
    XCTAssertEqual(last.0, "complete", stream.text)
    XCTAssertTrue(last.1.contains("\"download_url\":\"http"), last.1)
    for event in events.dropLast() {
      XCTAssertEqual(event.0, "progress")
      XCTAssertNotNil(
        event.1.wholeMatch(of: /\{"step":"(validating|converting|compressing)","percent":\d+\}/), event.1)
    }
    let again = try server.client.send(
      "GET", "/api/v1/convert/\(id)/stream", [("Authorization", "Bearer \(server.key)"), ("Last-Event-ID", "end")])
    XCTAssertEqual(again.status, 204, "an EventSource stops at that")
  }

  func testStream_OfABatch_EndsWhenItsLastFileDoes() throws {
    let server = try TestServer()
    for bad in [0, 1] {
      var form = (0..<4).reduce(MultipartForm()) { $0.file("files", "\($1).png", SamplePictures.photo) }
      for number in 0..<bad { form = form.file("files", "bad\(number).png", Array(SamplePictures.photo.prefix(200))) }
      let id = try convert(server, form, at: "/api/v1/convert/batch").json["job_id"]?.string ?? ""
      let stream = try get(server, "/api/v1/convert/\(id)/stream").text
      XCTAssertTrue(stream.contains(bad == 0 ? "event: complete\n" : "event: failed\n"), stream)
      XCTAssertEqual(stream.contains("\"download_url\""), bad == 0, stream)
    }
  }

  func testFormToken_IsThere() throws {
    let server = try TestServer()
    XCTAssertGreaterThan(try server.client.get("/api/v1/csrf-token").json["csrf_token"]?.string?.count ?? 0, 20)
  }
}
