import Basics
import TestSupport
import XCTest

/// Usage, lists and removal in the house API.
final class WonderListsTests: XCTestCase {
  private let form = MultipartForm.conversion().file("files[]", "photo.png", SamplePictures.photo)

  private func submitEnded(_ server: TestServer, _ form: MultipartForm) throws -> String {
    // Asked for at once, because asking again and again may use the reads of a minute up.
    try server.submit(form.field("sync", "true")).json["job"]?["request_id"]?.string ?? ""
  }

  func testUsage_CountsJobsFilesBytesAndStates() throws {
    let server = try TestServer(clock: FixedClock().clock, plan: "pro")
    _ = try submitEnded(server, form.file("files[]", "b.png", SamplePictures.photo))
    _ = try submitEnded(server, .conversion().file("files[]", "half.png", Array(SamplePictures.photo.prefix(9000))))
    let reply = try server.client.get("/api/v1/usage", key: server.key)
    let bytes = 2 * SamplePictures.photo.count + 9000
    XCTAssertEqual(reply.status, 200)
    XCTAssertEqual(reply.json["workspace"]?.text, #"{"slug":"api-workspace","plan":"pro"}"#)
    XCTAssertEqual(reply.json["period"]?.string, "2026-03")
    for part in ["workspace", "api"] {
      XCTAssertEqual(reply.json["usage"]?[part]?["jobs"]?.integer, 2)
      XCTAssertEqual(reply.json["usage"]?[part]?["files"]?.integer, 3)
      XCTAssertEqual(reply.json["usage"]?[part]?["bytes"]?.integer, Int64(bytes))
    }
    XCTAssertEqual(
      reply.json["api_jobs"]?.text,
      #"{"submitted":2,"pending":0,"processing":0,"completed":1,"failed":1,"canceled":0}"#)
    XCTAssertEqual(
      reply.json["limits"]?.text,
      #"{"read_per_minute":600,"write_per_minute":120,"jobs_per_month":50000,"max_upload":null,"#
        + #""stored_bytes":107374182400,"concurrent_jobs":8,"waiting_jobs":10000,"files_per_minute":1200,"#
        + #""submissions_per_day":null}"#)
  }

  func testList_PagesFromTheNewestToTheOldest() throws {
    let server = try TestServer()
    let ids = try (0..<5).map { _ in try submitEnded(server, form) }
    var found: [String] = []
    var path = "/api/v1/jobs?limit=2"
    while true {
      let reply = try server.client.get(path, key: server.key)
      XCTAssertEqual(reply.status, 200)
      found += reply.json["jobs"]?.array?.compactMap { $0["request_id"]?.string } ?? []
      guard let next = reply.json["next_cursor"]?.string else { break }
      path = "/api/v1/jobs?limit=2&cursor=\(next)"
    }
    XCTAssertEqual(found, ids.reversed())
  }

  func testList_ByState() throws {
    let server = try TestServer()
    let good = try submitEnded(server, form)
    let bad = try submitEnded(server, .conversion().file("files[]", "x.png", Array(SamplePictures.photo.prefix(900))))
    for (state, expected) in [("completed", [good]), ("failed", [bad]), ("pending", []), ("canceled", [])] {
      let reply = try server.client.get("/api/v1/jobs?status=\(state)", key: server.key)
      XCTAssertEqual(reply.json["jobs"]?.array?.map { $0["request_id"]?.string }, expected, state)
    }
  }

  func testList_OfBadQueries_NamesThem() throws {
    let server = try TestServer()
    let reply = try server.client.get("/api/v1/jobs?status=odd&limit=0&cursor=x", key: server.key)
    XCTAssertEqual(reply.status, 422)
    XCTAssertEqual(reply.json["errors"]?.members?.map(\.name), ["status", "limit", "cursor"])
    XCTAssertTrue(reply.text.contains("incomplete, downloading, pending, processing, completed, failed, canceled"))
  }

  func testEvents_OfAJob_ComeOnceInOrderAndEnd() throws {
    let server = try TestServer()
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    let reply = try server.client.get("/api/v1/jobs/\(id)/events", key: server.key)
    XCTAssertEqual(reply.header("Content-Type"), "text/event-stream")
    let names = reply.text.matches(of: /event: (\w+)/).map { String($0.1) }
    XCTAssertEqual(names, ["submitted", "started", "completed"])
    let first = try XCTUnwrap(reply.text.firstMatch(of: /id: (\d+)/)).1
    let later = try server.client.get(
      "/api/v1/jobs/\(id)/events", key: server.key, [("Last-Event-ID", String(first))])
    XCTAssertEqual(later.text.matches(of: /event: (\w+)/).map { String($0.1) }, ["started", "completed"])
    XCTAssertEqual(try server.client.get("/api/v1/jobs/req_x/events", key: server.key).status, 404)
  }

  /// What an EventSource does: it connects again after each end, with the last id that it saw.
  func testEvents_WhoeverHasSeenTheLast_IsToldThatNothingFollows() throws {
    let server = try TestServer()
    let good = try submitEnded(server, form)
    let bad = try submitEnded(server, .conversion().file("files[]", "x.png", Array(SamplePictures.photo.prefix(900))))
    let canceled = try server.submit(form).json["request_id"]?.string ?? ""
    _ = try server.client.send("DELETE", "/api/v1/jobs/\(canceled)", key: server.key)
    for id in [good, bad, canceled] {
      let path = "/api/v1/jobs/\(id)/events"
      let whole = try server.client.get(path, key: server.key)
      // One that was not canceled in time is deleted, and there is no stream.
      if id == canceled, whole.status == 404 { continue }
      XCTAssertEqual(whole.status, 200)
      let last = try XCTUnwrap(whole.text.matches(of: /id: (\d+)/).last?.1)
      for seen in [String(last), "999999999999999"] {
        let again = try server.client.get(path, key: server.key, [("Last-Event-ID", seen)])
        XCTAssertEqual(again.status, 204, seen)
        XCTAssertEqual(again.text, "", seen)
      }
      for odd in ["", "x", "-1", "0", "99999999999999999999999"] {
        let again = try server.client.get(path, key: server.key, [("Last-Event-ID", odd)])
        XCTAssertEqual(again.status, 200, odd)
      }
    }
  }

  func testFormats_ListsPairsAndOptionsForAnybody() throws {
    let server = try TestServer()
    let reply = try server.client.get("/api/v1/formats")
    XCTAssertEqual(reply.status, 200)
    let formats = reply.json["formats"]?.array ?? []
    let png = formats.first { $0["from"]?.string == "png" }
    XCTAssertTrue(png?["to"]?.array?.contains(.string("jpeg")) ?? false, reply.text)
    XCTAssertFalse(formats.contains { $0["from"]?.string == "pdf" }, "PDF is only written")
    let quality = reply.json["options"]?.array?.first { $0["name"]?.string == "quality" }
    XCTAssertEqual(quality?["default"]?.string ?? quality?["default"]?.text, "85")
  }

  func testDelete_OfAnEndedJob_RemovesItWithItsFiles() throws {
    let server = try TestServer()
    let id = try submitEnded(server, form)
    let link = try server.client.get("/api/v1/jobs/\(id)", key: server.key).json["outputs"]?[0]?["download_url"]?.string
    let reply = try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key)
    XCTAssertEqual(reply.status, 200)
    XCTAssertEqual(reply.json["request_id"]?.string, id)
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 404)
    XCTAssertEqual(try server.client.get(server.path(of: link)).status, 410)
    XCTAssertEqual(try server.client.send("DELETE", "/api/v1/jobs/\(id)", key: server.key).status, 404)
  }
}
