import Basics
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// The HTTP server as the whole program shows it.
final class FrontDoorTests: XCTestCase {
  func testHealth_NeedsNoKey() throws {
    let server = try TestServer()
    XCTAssertEqual(try server.client.get("/healthz").status, 200)
    XCTAssertEqual(try server.client.get("/readyz").status, 200)
  }

  func testReadyz_WithoutTheSpool_SaysWhatIsWrong() throws {
    let server = try TestServer()
    XCTAssertEqual(rmdir(server.dataPath + "/spool"), 0)
    // In the way of making it again.
    try FileBytes.write([], to: server.dataPath + "/spool")
    let reply = try server.client.get("/readyz")
    XCTAssertEqual(reply.status, 503)
    XCTAssertEqual(
      String(decoding: reply.body, as: UTF8.self),
      "spool/ is no folder any more\nthe data directory cannot be written\n")
  }

  func testLinks_BehindAProxy_NameItsAddress() throws {
    let server = try TestServer(settings: ["WONDER_TRUSTED_PROXIES": "127.0.0.1"])
    let fields = [("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "files.example")]
    let link = try server.submit(picture, fields).json["job_status_url"]?.string
    XCTAssertEqual(link?.hasPrefix("https://files.example/api/v1/jobs/"), true, link ?? "none")
  }

  func testLinks_WithAPublicURL_UseItAlways() throws {
    let server = try TestServer(settings: [
      "WONDER_TRUSTED_PROXIES": "127.0.0.1", "WONDER_PUBLIC_URL": "https://wonder.example",
    ])
    let link = try server.submit(picture, [("X-Forwarded-Host", "evil.example")]).json["job_status_url"]?.string
    XCTAssertEqual(link?.hasPrefix("https://wonder.example/api/v1/jobs/"), true, link ?? "none")
  }

  func testStart_WithBadProxies_NamesTheSetting() {
    XCTAssertThrowsError(try TestServer(settings: ["WONDER_TRUSTED_PROXIES": "nginx"])) {
      XCTAssertTrue("\($0)".contains("WONDER_TRUSTED_PROXIES"), "\($0)")
    }
  }

  func testUpload_WhoseClientLeaves_FreesItsSpoolFileWithinASecond() throws {
    let server = try TestServer()
    for leaves in [{ shutdown($0, Int32(SHUT_WR)) }, { close($0) }] as [(Int32) -> Int32] {
      let socket = try server.client.connect()
      try TestClient.write(head(of: form, key: server.key) + form.body.dropLast(100), to: socket)
      while try server.files().isEmpty { sched_yield() }
      let start = Clock.readMonotonic()
      _ = leaves(socket)
      while try !server.files().isEmpty, Clock.readMonotonic() - start < 10_000_000_000 { sched_yield() }
      XCTAssertLessThan(Clock.readMonotonic() - start, 1_000_000_000)
    }
  }

  /// True while a process has a child that keeps a program of others.
  private func triesPrograms(_ process: Int32) throws -> Bool {
    let tasks = try FileTree.names(in: "/proc/\(process)/task")
    let children = tasks.flatMap { task in
      let path = URL(filePath: "/proc/\(process)/task/\(task)/children")
      return ((try? String(contentsOf: path, encoding: .utf8)) ?? "").split(separator: " ").map(String.init)
    }
    return children.contains { child in
      let path = URL(filePath: "/proc/\(child)/cmdline")
      return ((try? String(contentsOf: path, encoding: .utf8)) ?? "").split(separator: "\0").last == "tool"
    }
  }

  func testServe_WithoutFreeDescriptors_RestsAndRecovers() throws {
    let directory = try TemporaryDirectory()
    let data = directory.path + "/data"
    let key = try TestServer.issueKey(data: data, workspace: "a", plan: "enterprise")
    let program = try ServedProgram(data: data)
    defer { program.end(SIGTERM) }
    // Both loops open what they need for a look at the database; connections that are just being closed do not count.
    for _ in 0..<16 { XCTAssertEqual(try program.client.get("/api/v1/jobs", key: key).status, 200) }
    // Nor do those that are open while the programs of this machine are tried, one after the other.
    var quiet = 0
    while quiet < 300 {
      quiet = try triesPrograms(program.process) ? 0 : quiet + 1
      sched_yield()
    }
    let listings = try (0..<200).map { _ in
      sched_yield()
      return try FileTree.names(in: "/proc/\(program.process)/fd").compactMap { Int($0) }
    }
    let open = Set(try XCTUnwrap(listings.min { $0.count < $1.count }))
    // The limit is on the numbers: below it two are free, for one connection and its spool file.
    let limit = try XCTUnwrap((0...).lazy.filter { !open.contains($0) }.prefix(2).max()) + 1
    let limiter = Process()
    limiter.executableURL = URL(filePath: "/usr/bin/prlimit")
    limiter.arguments = ["--pid", "\(program.process)", "--nofile=\(limit):\(limit)"]
    try limiter.run()
    limiter.waitUntilExit()
    XCTAssertEqual(limiter.terminationStatus, 0)
    let upload = try program.client.connect()
    try TestClient.write(head(of: form, key: key) + form.body.dropLast(100), to: upload)
    while try FileTree.names(in: data + "/spool").isEmpty { sched_yield() }

    let ticks = try processorTicks(of: program.process)
    let waiting = try program.client.connect()
    defer { close(waiting) }
    try TestClient.write(Array("GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8), to: waiting)
    var entry = pollfd(fd: waiting, events: Int16(POLLIN), revents: 0)
    XCTAssertEqual(poll(&entry, 1, 1500), 0)
    let used = try processorTicks(of: program.process) - ticks
    XCTAssertLessThan(used, sysconf(Int32(_SC_CLK_TCK)) * 3 / 10)

    close(upload)
    XCTAssertEqual(try TestClient.reply(from: TestClient.readAll(waiting)).status, 200)
  }

  private let picture = MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo)

  private let form = MultipartForm.conversion().file("files[]", "a.png", [UInt8](repeating: 7, count: 50_000))

  private func head(of form: MultipartForm, key: String) -> [UInt8] {
    let lines =
      "POST /api/v1/jobs HTTP/1.1\r\nHost: a\r\nX-API-Key: \(key)\r\nContent-Type: \(form.contentType)\r\n"
      + "Content-Length: \(form.body.count)\r\n\r\n"
    return Array(lines.utf8)
  }

  /// Processor time of the process itself (proc(5), the 14th and 15th field).
  private func processorTicks(of process: pid_t) throws -> Int {
    let text = String(decoding: try FileBytes.read("/proc/\(process)/stat", atMost: 4096), as: UTF8.self)
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields[11...12].compactMap { Int($0) }.reduce(0, +)
  }
}
