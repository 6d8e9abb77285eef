import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// What the pages ask the admin API for, as somebody who is signed in.
final class PagesAPITests: XCTestCase {
  private let space = "/admin/api/v1/workspaces/api-workspace"

  private func member(_ server: TestServer) throws -> TestSession {
    try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
  }

  /// Converts the sample picture as a member does on the page, and gives the job when it has ended.
  private func convert(
    _ server: TestServer, _ session: TestSession, _ name: String = "photo.png", _ bytes: [UInt8] = SamplePictures.photo
  ) throws -> JSONValue {
    let form = MultipartForm.conversion().file("files[]", name, bytes)
    let sent = try server.client.send(
      "POST", space + "/jobs", session.headers + [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(sent.status, 202, sent.text)
    let id = sent.json["job"]?["request_id"]?.string ?? ""
    _ = try server.ended(id)
    return try server.client.get("/admin/api/v1/jobs/\(id)", session.headers).json["job"] ?? .null
  }

  func testConversion_OfAMember_HasFilesAndCountsAsThePages() throws {
    let server = try TestServer()
    let session = try member(server)
    let job = try convert(server, session)
    XCTAssertEqual(job["status"]?.string, "completed")
    XCTAssertEqual(job["key"], .null)
    let id = job["request_id"]?.string ?? ""
    let before = try server.client.get("/admin/api/v1/jobs/\(id)/inputs/0?view=1", session.headers)
    XCTAssertEqual(before.body, SamplePictures.photo)
    XCTAssertEqual(before.header("Content-Type"), "image/png")
    XCTAssertTrue(before.header("Content-Disposition")?.hasPrefix("inline") ?? false)
    XCTAssertTrue(before.header("Content-Security-Policy")?.hasPrefix("sandbox; default-src 'none'") ?? false)
    let after = try server.client.get("/admin/api/v1/jobs/\(id)/outputs/0", session.headers)
    XCTAssertEqual(after.body.prefix(3), [0xFF, 0xD8, 0xFF])
    XCTAssertTrue(after.header("Content-Disposition")?.hasPrefix("attachment") ?? false)
    XCTAssertEqual(try server.client.get("/admin/api/v1/jobs/\(id)/outputs/1", session.headers).status, 404)
    let figures = try server.client.get(space + "/figures", session.headers).json["figures"]
    XCTAssertEqual(figures?["month"]?["jobs"]?.integer, 1)
    XCTAssertEqual(figures?["by_key"]?["jobs"]?.integer, 0)
    XCTAssertEqual(figures?["by_key"]?["milliseconds"]?.integer, 0)
  }

  /// A text that a browser would run is only ever handed out as a file.
  func testFile_ThatIsNoPicture_IsForDownloadOnly() throws {
    let server = try TestServer()
    let session = try member(server)
    let form = MultipartForm.conversion(to: "pdf").file("files[]", "p.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    let reply = try server.client.get("/admin/api/v1/jobs/\(id)/outputs/0?view=1", session.headers)
    XCTAssertEqual(reply.header("Content-Type"), "application/pdf")
    XCTAssertTrue(reply.header("Content-Disposition")?.hasPrefix("attachment") ?? false)
  }

  func testConversion_InASuspendedWorkspaceOrWithoutFiles_IsRefused() throws {
    let server = try TestServer()
    let session = try member(server)
    let form = MultipartForm.conversion()
    let headers = session.headers + [("Content-Type", form.contentType)]
    let empty = try server.client.send("POST", space + "/jobs", headers, body: form.body)
    XCTAssertEqual(empty.json["errors"]?.members?.map(\.name), ["files[]"])
    _ = try server.admin("PATCH", "/workspaces/api-workspace", #"{"state":"suspended"}"#)
    let refused = try server.client.send("POST", space + "/jobs", headers, body: form.body)
    XCTAssertEqual(refused.json["code"]?.string, "workspace_not_approved")
  }

  func testEvents_OfAJob_AreTheWholeStream() throws {
    let server = try TestServer()
    let session = try member(server)
    let id = try convert(server, session)["request_id"]?.string ?? ""
    let stream = try server.client.get("/admin/api/v1/jobs/\(id)/events", session.headers)
    XCTAssertEqual(stream.header("Content-Type"), "text/event-stream")
    // A machine that is busy makes it last for a second, and then its progress is told as well.
    let kinds = stream.text.matches(of: /event: (\w+)/).map { String($0.1) }.filter { $0 != "progress" }
    XCTAssertEqual(kinds, ["submitted", "started", "completed"])
    let last = try XCTUnwrap(stream.text.matches(of: /id: (\d+)/).last?.1)
    let again = try server.client.get(
      "/admin/api/v1/jobs/\(id)/events", session.headers + [("Last-Event-ID", String(last))])
    XCTAssertEqual(again.status, 204)
    XCTAssertEqual(again.text, "")
  }

  func testFigures_HaveTheHoursAndDaysOfJobs() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    let session = try member(server)
    _ = try convert(server, session)
    clock.advance(by: .seconds(3 * 3600))
    _ = try convert(server, session, "broken.png", Array(SamplePictures.photo.prefix(3000)))
    let figures = try server.client.get(space + "/figures", session.headers).json["figures"]
    let hours = figures?["hours"]?.array ?? []
    XCTAssertEqual(hours.map { $0["completed"]?.integer }, [1, 0])
    XCTAssertEqual(hours.map { $0["failed"]?.integer }, [0, 1])
    let days = figures?["days"]?.array ?? []
    XCTAssertEqual(days.reduce(0) { $0 + ($1["submitted"]?.integer ?? 0) }, 2)
    let health = try server.admin("GET", "/health").json["health"]
    XCTAssertEqual(health?["hours"], figures?["hours"])
    XCTAssertEqual(health?["server"]?["workers"]?["all"]?.integer, 3)
    clock.advance(by: .seconds(401 * 86_400))
    try server.serve.sweep()
    XCTAssertEqual(try server.admin("GET", "/workspaces/api-workspace/figures").json["figures"]?["days"], .array([]))
  }

  func testJobs_AreFoundByNameKeyAndID_APageAtATime() throws {
    let server = try TestServer()
    let session = try member(server)
    var ids: [String] = []
    for name in ["Alpha.png", "beta.png", "gamma.png"] {
      let form = MultipartForm.conversion().file("files[]", name, SamplePictures.photo)
      ids.append(try server.submit(form, [("Idempotency-Key", "Key-\(name)")]).json["request_id"]?.string ?? "")
    }
    func found(_ query: String) throws -> [String] {
      let reply = try server.client.get("/admin/api/v1/jobs?workspace=api-workspace&\(query)", session.headers)
      return (reply.json["jobs"]?.array ?? []).map { $0["file_name"]?.string ?? "" }
    }
    XCTAssertEqual(try found("q=ALPHA"), ["Alpha.png"])
    XCTAssertEqual(try found("q=key-beta.png"), ["beta.png"])
    XCTAssertEqual(try found("q=\(ids[2])"), ["gamma.png"])
    XCTAssertEqual(try found("q=%25"), [])
    let first = try server.client.get("/admin/api/v1/jobs?workspace=api-workspace&limit=2", session.headers).json
    XCTAssertEqual(first["jobs"]?.array?.count, 2)
    let cursor = try XCTUnwrap(first["next_cursor"]?.string)
    XCTAssertEqual(try found("limit=2&cursor=\(cursor)"), ["Alpha.png"])
    XCTAssertEqual(
      try server.client.get("/admin/api/v1/jobs?cursor=nothing", session.headers).json["errors"]?.members?.map(\.name),
      ["cursor"])
  }

  func testDeliveries_OfAMember_AreOnlyTheirWorkspaces_WithoutTheOperatorsHint() throws {
    let server = try TestServer()
    _ = try server.admin("POST", "/workspaces", #"{"slug":"elsewhere"}"#)
    for slug in ["api-workspace", "elsewhere"] {
      let body = #"{"workspace":"\#(slug)","url":"http://192.0.2.1/","style":"wonder"}"#
      let id = try server.admin("POST", "/endpoints", body).json["endpoint"]?["id"]?.integer ?? 0
      _ = try server.admin("POST", "/endpoints/\(id)/test")
    }
    let session = try member(server)
    let own = try server.client.get("/admin/api/v1/deliveries", session.headers).json["deliveries"]?.array ?? []
    XCTAssertEqual(own.map { $0["workspace"]?.string }, ["api-workspace"])
    XCTAssertEqual(own.first?["hint"], .null)
    let all = try server.admin("GET", "/deliveries").json["deliveries"]?.array ?? []
    XCTAssertEqual(all.count, 2)
    let foreign = try XCTUnwrap(all.first { $0["workspace"]?.string == "elsewhere" })
    let id = foreign["id"]?.integer ?? 0
    XCTAssertEqual(try server.client.get("/admin/api/v1/deliveries/\(id)", session.headers).status, 404)
    let endpoint = foreign["endpoint"]?.integer ?? 0
    let strip = try server.client.get("/admin/api/v1/deliveries?endpoint=\(endpoint)", session.headers)
    XCTAssertEqual(strip.json["deliveries"], .array([]))
  }

  func testSettings_AreTheirAdministratorsToChange() throws {
    let server = try TestServer()
    let session = try server.signIn("a@example.com", workspace: "api-workspace", role: "admin")
    func set(_ text: String) throws -> TestReply {
      try server.client.send(
        "PATCH", space + "/settings", session.headers, body: Array(#"{"retention":"\#(text)"}"#.utf8))
    }
    XCTAssertEqual(try set("12h").json["workspace"]?["retention"]?.string, "12h")
    XCTAssertEqual(try set("soon").json["errors"]?.members?.map(\.name), ["retention"])
    let plan = try server.client.send(
      "PATCH", space, session.headers, body: Array(#"{"plan":"enterprise"}"#.utf8))
    XCTAssertEqual(plan.json["code"]?.string, "not_allowed")
  }

  func testSessions_AreListedAndEndEverywhereElse() throws {
    let server = try TestServer()
    let first = try member(server)
    let second = try server.session("m@example.com")
    let listed = try server.client.get("/admin/api/v1/sessions", second.headers).json["sessions"]?.array ?? []
    XCTAssertEqual(listed.map { $0["is_this"]?.boolean }, [true, false])
    XCTAssertEqual(try server.client.send("DELETE", "/admin/api/v1/sessions", second.headers, body: []).status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", first.headers).status, 401)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", second.headers).status, 200)
  }

  /// Pages look by themselves, and a browser that is left alone must not stay signed in for that.
  func testSession_ThatAPageKeepsAskingFor_EndsUnusedAllTheSame() throws {
    for (fields, expected) in [
      ([("X-Unattended", "yes")], 401), ([("Accept", "text/event-stream")], 401), ([("Accept", "*/*")], 200), ([], 200),
    ] as [([(String, String)], Int)] {
      let clock = FixedClock()
      let server = try TestServer(clock: clock.clock)
      let session = try member(server)
      for _ in 0..<2 {
        clock.advance(by: .seconds(7 * 3600))
        let reply = try server.client.get("/admin/api/v1/workspaces", session.headers + fields)
        if clock.now < FixedClock().now + .seconds(8 * 3600) { XCTAssertEqual(reply.status, 200) }
      }
      XCTAssertEqual(try server.client.get("/admin/api/v1/session", session.headers).status, expected)
    }
  }

  func testSetup_IsNeededUntilSomebodyAdministers() throws {
    let server = try TestServer()
    func isNeeded() throws -> Bool? {
      try server.client.get("/admin/api/v1/setup").json["setup"]?["is_needed"]?.boolean
    }
    XCTAssertEqual(try isNeeded(), true)
    _ = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    XCTAssertEqual(try isNeeded(), false)
  }

  func testBackup_IsDownloadedOnce_AndSound() throws {
    let server = try TestServer()
    let session = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    let made = try server.client.send("POST", "/admin/api/v1/backups/files", session.headers, body: [])
    XCTAssertEqual(made.status, 201, made.text)
    let name = made.json["backup"]?["name"]?.string ?? ""
    let reply = try server.client.get("/admin/api/v1/backups/files/\(name)", session.headers)
    XCTAssertEqual(reply.header("Content-Type"), "application/x-tar")
    XCTAssertEqual(Int64(reply.body.count), made.json["backup"]?["bytes"]?.integer)
    let path = server.directory.path + "/downloaded.tar"
    try FileBytes.write(reply.body, to: path)
    let report = try BackupCheck.verify(path, scratch: server.directory.path, progress: { _, _ in })
    XCTAssertEqual(report.problems, [])
    XCTAssertEqual(try server.client.get("/admin/api/v1/backups/files/\(name)", session.headers).status, 404)
    XCTAssertEqual(try server.files(), [])
  }
}
