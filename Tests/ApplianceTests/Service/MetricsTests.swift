import Appliance
import Basics
import Foundation
import Synchronization
import TestSupport
import XCTest

/// What `/metrics` shows, and to whom.
final class MetricsTests: XCTestCase {
  private func page(_ server: TestServer, _ token: String = "t0ken") throws -> String {
    let reply = try server.client.send("GET", "/metrics", [("Authorization", "Bearer \(token)")])
    XCTAssertEqual(reply.status, 200)
    return String(decoding: reply.body, as: UTF8.self)
  }

  private func value(_ sample: String, _ page: String) -> Double? {
    page.split(separator: "\n").first { $0.hasPrefix(sample + " ") }.flatMap {
      Double($0.split(separator: " ").last ?? "")
    }
  }

  func testMetrics_OnThePublicPort_NeedTheToken() throws {
    let server = try TestServer(settings: ["WONDER_METRICS_TOKEN": "t0ken"])
    let reply = try server.client.get("/metrics")
    XCTAssertEqual(reply.status, 401)
    XCTAssertEqual(reply.header("WWW-Authenticate"), "Bearer")
    XCTAssertEqual(try server.client.send("GET", "/metrics", [("Authorization", "Bearer t0ke")]).status, 401)
    XCTAssertEqual(try server.client.get("/metrics", key: server.key).status, 401)
    XCTAssertTrue(try page(server).contains("# TYPE wonder_build_info gauge\n"))
  }

  func testMetrics_WithoutAToken_AreNotThere_ButOnTheSocket() throws {
    let server = try TestServer()
    XCTAssertEqual(try server.client.get("/metrics").status, 404)
    let socket = try XCTUnwrap(UnixSocket.connect(server.dataPath + "/wonder.sock"))
    defer { close(socket) }
    try TestClient.write(Array("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8), to: socket)
    let reply = try TestClient.reply(from: TestClient.readAll(socket))
    XCTAssertEqual(reply.status, 200)
    XCTAssertEqual(reply.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8")
  }

  func testMetrics_OnTheirOwnAddress_NeedNothing_AndNothingElseIsThere() throws {
    let probe = try TestServer()
    let free = probe.client.port
    withExtendedLifetime(probe) {}
    let directory = try TemporaryDirectory()
    let socket = try NotifySocket(in: directory.path)
    let program = try ServedProgram(
      data: directory.path + "/data", arguments: ["--metrics-listen", "127.0.0.1:0"],
      environment: ["NOTIFY_SOCKET": socket.path], log: directory.path + "/log")
    defer { program.end(SIGTERM) }
    XCTAssertNotNil(socket.next(beginning: "READY=1"))
    var port: UInt16?
    while port == nil {
      let log = (try? String(contentsOfFile: directory.path + "/log", encoding: .utf8)) ?? ""
      port = log.firstMatch(of: /metrics answer listen=127\.0\.0\.1:(\d+)/).flatMap { UInt16($0.1) }
      sched_yield()
    }
    let client = TestClient(port: try XCTUnwrap(port))
    XCTAssertNotEqual(client.port, free)
    XCTAssertEqual(try client.get("/metrics").status, 200)
    XCTAssertEqual(try client.get("/healthz").status, 404)
    XCTAssertEqual(try program.client.get("/metrics").status, 404)
  }

  func testMetricsAddress_IsTheServersOwn_AndNotCalledForCustomers() throws {
    let lines = Mutex("")
    let server = try TestServer(
      settings: ["WONDER_METRICS_LISTEN": "127.0.0.1:0", "WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"],
      log: Log(write: { line in lines.withLock { $0 += String(decoding: line, as: UTF8.self) } }))
    var port: String?
    // The log is written by a thread of its own.
    while port == nil {
      port = lines.withLock { $0 }.firstMatch(of: /metrics answer listen=127\.0\.0\.1:(\d+)/).map { String($0.1) }
      sched_yield()
    }
    let url = try "http://127.0.0.1:\(XCTUnwrap(port))/metrics"
    let body = #"{"workspace":"api-workspace","url":"\#(url)"}"#
    let id = try server.admin("POST", "/endpoints", body).json["endpoint"]?["id"]?.integer ?? 0
    let tried = try server.admin("POST", "/endpoints/\(id)/test")
    XCTAssertEqual(tried.json["delivery"]?["last_error"]?.string, "address not allowed", tried.text)
  }

  func testMetrics_CountJobsAndRequests() throws {
    let server = try TestServer(settings: ["WONDER_METRICS_TOKEN": "t0ken"])
    let good = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    let broken = MultipartForm.conversion().file("files[]", "x.png", Array(SamplePictures.photo.prefix(900)))
    for form in [good, good, broken] { _ = try server.ended(server.submit(form).json["request_id"]?.string ?? "") }
    let page = try page(server)
    XCTAssertEqual(value(#"wonder_jobs_finished_total{conversion="png-jpg",status="completed"}"#, page), 2)
    XCTAssertEqual(value(#"wonder_jobs_finished_total{conversion="png-jpg",status="failed"}"#, page), 1)
    XCTAssertEqual(value(#"wonder_job_wait_seconds_count{conversion="png-jpg"}"#, page), 3)
    XCTAssertEqual(value(#"wonder_job_run_seconds_bucket{conversion="png-jpg",le="+Inf"}"#, page), 3)
    XCTAssertEqual(value("wonder_jobs_submitted_total", page), 3)
    XCTAssertEqual(value("wonder_jobs_waiting", page), 0)
    XCTAssertGreaterThan(value("wonder_disk_free_bytes", page) ?? 0, 0)
    XCTAssertGreaterThan(value("wonder_database_commits_total", page) ?? 0, 3)
    XCTAssertGreaterThan(value("process_resident_memory_bytes", page) ?? 0, 1_000_000)
    XCTAssertEqual(
      value(#"wonder_http_requests_total{method="POST",route="/api/v1/jobs",code="202"}"#, page), 3)
  }

  func testDashboard_AsksForNothingThatIsNotThere() throws {
    let server = try TestServer(settings: ["WONDER_METRICS_TOKEN": "t0ken"])
    let known = Set(try page(server).matches(of: /# TYPE (\w+)/).map { String($0.1) })
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let dashboard = try Data(contentsOf: root.appending(path: "packaging/grafana-dashboard.json"))
    let text = String(decoding: dashboard, as: UTF8.self)
    XCTAssertNotNil(try JSONReader.parse(Array(dashboard))["panels"]?.array)
    let asked = Set(text.matches(of: /(?:wonder|process)_[a-z_]+/).map { String($0.0) })
    XCTAssertGreaterThan(asked.count, 15)
    for name in asked { XCTAssertTrue(known.contains(name.replacing(/_bucket$/, with: "")), name) }
  }

  func testMetrics_ShowNoPathOfARequest() throws {
    let server = try TestServer(settings: ["WONDER_METRICS_TOKEN": "t0ken"])
    XCTAssertEqual(try server.client.get("/files/a-secret-token/name").status, 404)
    XCTAssertEqual(try server.client.get("/nothing/here").status, 404)
    // An answer is counted when it was sent, which may be after the client has read it.
    while try value(#"wonder_http_requests_total{method="any",route="none",code="404"}"#, page(server)) == nil {
      sched_yield()
    }
    let page = try page(server)
    XCTAssertFalse(page.contains("a-secret-token") || page.contains("/nothing"), page)
  }
}
