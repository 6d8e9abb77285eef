import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// The figures of the plots, the batches of the pages, and what the pages know of jobs that are over.
final class MeasuresTests: XCTestCase {
  private let space = "/workspaces/api-workspace"

  private func convert(_ server: TestServer, _ name: String, _ bytes: [UInt8], to target: String = "jpg") throws
    -> String
  {
    let form = MultipartForm.conversion(to: target).file("files[]", name, bytes)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    _ = try server.ended(id)
    return id
  }

  private func batch(_ server: TestServer, mode: String, _ files: [[UInt8]]) throws -> String {
    var form = MultipartForm().field("from", "png").field("to", "jpg").field("mode", mode)
    for (number, bytes) in files.enumerated() { form = form.file("files[]", "\(number).png", bytes) }
    let receipt = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    let id = receipt.json["batch_id"]?.string ?? ""
    while try server.admin("GET", "/batches/\(id)").json["batch"]?["status"]?.string == "processing" { sched_yield() }
    return id
  }

  func testMeasures_AreByLaneEngineReasonAndWorkspace() throws {
    let server = try TestServer()
    _ = try server.admin("POST", "/workspaces", #"{"slug":"idle"}"#)
    _ = try convert(server, "a.png", SamplePictures.photo)
    _ = try convert(server, "b.png", Array(SamplePictures.photo.prefix(3000)))
    let all = try server.admin("GET", "/measures").json["measures"]
    XCTAssertEqual(all?["jobs"]?.integer, 2)
    XCTAssertEqual(all?["parts"]?.array?.count, 24)
    XCTAssertEqual(all?["parts"]?.array?.reduce(0) { $0 + ($1["jobs"]?.integer ?? 0) }, 2)
    XCTAssertEqual(all?["lanes"]?.array?.map { $0["name"]?.string }, ["quick"])
    XCTAssertEqual(all?["engines"]?.array?.map { $0["name"]?.string }, ["built in"])
    XCTAssertEqual(all?["errors"]?.array?.map { $0["name"]?.string }, ["damaged_file"])
    XCTAssertNotNil(all?["lanes"]?[0]?["run_p95_ms"]?.integer)
    XCTAssertEqual(all?["workspaces"]?.array?.map { $0["jobs"]?.integer }, [2, 0])
    XCTAssertEqual(all?["disk"]?["samples"]?.array?.count, 1)
    let own = try server.admin("GET", space + "/measures?period=month").json["measures"]
    XCTAssertEqual(own?["parts"]?.array?.count, 30)
    XCTAssertEqual(own?["jobs"]?.integer, 2)
    XCTAssertNil(own?["workspaces"])
    XCTAssertEqual(try server.admin("GET", "/workspaces/idle/measures").json["measures"]?["jobs"]?.integer, 0)
    let wrong = try server.admin("GET", "/measures?period=year")
    XCTAssertEqual(wrong.json["errors"]?.members?.map(\.name), ["period"])
    XCTAssertTrue(wrong.text.contains("day, week, month"), wrong.text)
  }

  func testMeasures_OfMoreJobsThanAreLookedAt_SaySo_AndStillCountEachWorkspaceWhole() throws {
    let server = try TestServer(prepare: { database in
      let now = Clock.system.now()
      // One workspace has so many jobs that another's are none of the newest; the last one still waits.
      try database.run(
        """
        WITH RECURSIVE numbers (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 5002)
        INSERT INTO jobs (workspace_id, number, dialect, status, conversion_type, source_format, target_format, created_at,
          started_at, finished_at)
        SELECT 1, number, 'wonder', iif(number = 5002, 'incomplete', 'completed'), 'image', 'png', 'jpg', ?, ?,
          iif(number = 5002, NULL, ?)
        FROM numbers
        """, now, now, now)
      try database.script(
        """
        INSERT INTO workspaces (slug, name, plan, state, created_at) VALUES ('quiet', 'Quiet', 'pro', 'approved', 1)
        """)
      try Activity.add(1, submitted: 5002, completed: 5001, at: now, in: database)
      try Activity.add(2, submitted: 3, completed: 2, failed: 1, at: now, in: database)
    })
    let all = try server.admin("GET", "/measures").json["measures"]
    XCTAssertEqual(all?["is_part"]?.boolean, true)
    XCTAssertEqual(all?["jobs"]?.integer, 4999)
    XCTAssertEqual(all?["workspaces"]?.array?.map { $0["jobs"]?.integer }, [5001, 3])
    XCTAssertEqual(all?["workspaces"]?.array?.map { $0["failed"]?.integer }, [0, 1])
    XCTAssertEqual(try server.admin("GET", "/workspaces/quiet/measures").json["measures"]?["is_part"]?.boolean, false)
  }

  func testMeasures_OfDeliveries_AreByHost() throws {
    let server = try TestServer(prepare: { database in
      try database.script(
        """
        INSERT INTO deliveries (workspace_id, event_id, event, style, url, host, body, state, attempts, created_at)
        VALUES (1, 'e', 'x', 'wonder', 'https://a.example/', 'a.example', x'00', 'failed', 3, 1);
        """)
      let now = Clock.system.now()
      for (milliseconds, error) in [(10, nil), (20, nil), (900, "no answer")] as [(Int, String?)] {
        try database.run(
          "INSERT INTO attempts (delivery_id, number, started_at, milliseconds, error) VALUES (1, ?, ?, ?, ?)",
          milliseconds, now, milliseconds, error)
      }
    })
    let hosts = try server.admin("GET", "/measures").json["measures"]?["hosts"]?.array ?? []
    XCTAssertEqual(hosts.map { $0["name"]?.string }, ["a.example"])
    XCTAssertEqual(hosts.first?["attempts"]?.integer, 3)
    XCTAssertEqual(hosts.first?["failed"]?.integer, 1)
    XCTAssertEqual(hosts.first?["p50_ms"]?.integer, 20)
    XCTAssertEqual(hosts.first?["p95_ms"]?.integer, 900)
  }

  func testMeasures_TellCustomersNoTimeOfWhatReachedNobody() throws {
    let server = try TestServer(prepare: { database in
      try database.script(
        """
        INSERT INTO deliveries (workspace_id, event_id, event, style, url, host, body, state, attempts, created_at)
        VALUES (1, 'e', 'x', 'wonder', 'https://a.example/', 'a.example', x'00', 'failed', 3, 1);
        """)
      let now = Clock.system.now()
      for (milliseconds, error) in [
        (3, "could not connect"), (7, "the name could not be resolved"), (900, "answered with status 500"),
      ] {
        try database.run(
          "INSERT INTO attempts (delivery_id, number, started_at, milliseconds, error) VALUES (1, ?, ?, ?, ?)",
          milliseconds, now, milliseconds, error)
      }
    })
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let shown = try server.client.get("/admin/api/v1\(space)/measures", session.headers)
    let told = try XCTUnwrap(shown.json["measures"]?["hosts"]?[0], shown.text)
    XCTAssertEqual(told["attempts"]?.integer, 3)
    XCTAssertEqual(told["failed"]?.integer, 3)
    XCTAssertEqual(told["p50_ms"]?.integer, 900)
    let known = try server.admin("GET", space + "/measures").json["measures"]?["hosts"]?[0]
    XCTAssertEqual(known?["p50_ms"]?.integer, 7)
  }

  func testBatches_AreListedWithTheirJobsAndArchive() throws {
    let server = try TestServer()
    let loose = try batch(server, mode: "individual", [SamplePictures.photo, Array(SamplePictures.photo.prefix(3000))])
    let packed = try batch(server, mode: "zip", [SamplePictures.photo])
    let list = try server.admin("GET", "/batches?workspace=api-workspace").json["batches"]?.array ?? []
    XCTAssertEqual(list.map { $0["batch_id"]?.string }, [packed, loose])
    XCTAssertEqual(list.map { $0["status"]?.string }, ["completed", "partial"])
    XCTAssertEqual(list.last?["file_name"]?.string, "0.png")
    let first = try server.admin("GET", "/batches?workspace=api-workspace&limit=1").json
    let cursor = first["next_cursor"]?.string ?? ""
    let next = try server.admin("GET", "/batches?workspace=api-workspace&limit=1&cursor=\(cursor)").json["batches"]
    XCTAssertEqual(next?[0]?["batch_id"]?.string, loose)
    let jobs = try server.admin("GET", "/batches/\(loose)").json["batch"]?["jobs"]?.array ?? []
    XCTAssertEqual(jobs.map { $0["status"]?.string }, ["completed", "failed"])
    XCTAssertEqual(jobs.last?["error_code"]?.string, "damaged_file")
    XCTAssertEqual(try server.admin("GET", "/batches/\(loose)").json["batch"]?["has_outputs"]?.boolean, true)
    for id in [loose, packed] {
      let archive = try server.admin("GET", "/batches/\(id)/archive")
      XCTAssertEqual(archive.body.prefix(4), [0x50, 0x4B, 3, 4], id)
    }
    XCTAssertEqual(try server.admin("GET", "/batches/bat_0000000000000").json["code"]?.string, "batch_not_found")
    let ended = try server.admin("POST", "/batches/\(loose)/cancel")
    XCTAssertEqual(ended.json["batch"]?.string, "ended")
  }

  /// What packs a batch was submitted by nobody.
  func testArchiveOfABatch_IsNoJobInListsAndFigures() throws {
    let server = try TestServer(settings: ["WONDER_METRICS_TOKEN": "metrics-token"])
    _ = try batch(server, mode: "zip", [SamplePictures.photo, SamplePictures.photo])
    XCTAssertEqual(try server.admin("GET", "/jobs").json["jobs"]?.array?.count, 2)
    XCTAssertEqual(try server.admin("GET", "/measures").json["measures"]?["jobs"]?.integer, 2)
    let figures = try server.admin("GET", space + "/figures").json["figures"]
    XCTAssertEqual(figures?["month"]?["jobs"]?.integer, 2)
    XCTAssertEqual(figures?["by_key"]?["jobs"]?.integer, 2)
    XCTAssertEqual(figures?["hours"]?.array?.map { $0["completed"]?.integer }, [2])
    let metrics = try server.client.get("/metrics", [("Authorization", "Bearer metrics-token")]).text
    XCTAssertTrue(metrics.contains(#"wonder_jobs_finished_total{conversion="png-jpg",status="completed"} 2"#), metrics)
    XCTAssertFalse(metrics.contains("-zip"), metrics)
  }

  func testJobWhoseFilesAreGone_SaysWhatItWas() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h"], clock: clock.clock)
    let id = try convert(server, "a.png", SamplePictures.photo)
    let size = try server.admin("GET", "/jobs/\(id)").json["job"]?["outputs"]?[0]?["size"]?.integer
    clock.advance(by: .seconds(3601))
    try server.serve.sweep()
    let job = try server.admin("GET", "/jobs/\(id)").json["job"]
    XCTAssertEqual(job?["outputs"], .array([]))
    XCTAssertEqual(job?["past_outputs"]?[0]?["file_name"]?.string, "a.jpg")
    XCTAssertEqual(job?["past_outputs"]?[0]?["size"]?.integer, size)
    XCTAssertEqual(job?["files_expired_at"]?.string, "\(clock.now)")
  }

  func testFilesThatAJobHasFailedBy_AreKeptBySettingSoThatItIsTriedAgain() throws {
    for (setting, status) in [("no", 409), ("failed", 200)] {
      let server = try TestServer(settings: ["WONDER_KEEP_INPUTS": setting])
      let id = try convert(server, "a.png", Array(SamplePictures.photo.prefix(3000)))
      let job = try server.admin("GET", "/jobs/\(id)").json["job"]
      XCTAssertEqual(job?["inputs"]?[0]?["is_there"]?.boolean, setting == "failed")
      XCTAssertEqual(try server.admin("POST", "/jobs/\(id)/retry").status, status)
    }
  }

  /// Two clicks, or a page that sends again what it got no answer to.
  func testConversionOfAPage_SentTwiceWithOneKey_IsOneJob() throws {
    let server = try TestServer()
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let form = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)
    func send(_ key: String) throws -> String? {
      let fields = [("Content-Type", form.contentType), ("Idempotency-Key", key)]
      let path = "/admin/api/v1\(space)/jobs"
      return try server.client.send("POST", path, session.headers + fields, body: form.body)
        .json["job"]?["request_id"]?.string
    }
    let first = try XCTUnwrap(send("one"))
    XCTAssertEqual(try send("one"), first)
    XCTAssertNotEqual(try send("two"), first)
  }
}
