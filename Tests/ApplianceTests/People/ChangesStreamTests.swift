import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// The stream that tells an open page to look again.
final class ChangesStreamTests: XCTestCase {
  /// An open stream, read as it comes.
  private final class Stream {
    private let connection: Int32
    private var text = ""

    init(_ server: TestServer, _ workspace: String, _ session: TestSession) throws {
      connection = try server.client.connect()
      let head =
        "GET /admin/api/v1/changes?workspace=\(workspace) HTTP/1.1\r\nHost: a\r\nCookie: \(session.cookie)\r\n\r\n"
      try TestClient.write(Array(head.utf8), to: connection)
      var limit = timeval(tv_sec: 20, tv_usec: 0)
      setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(connection) }

    /// Reads until so many notes have come; false at the end of the stream, or when none come for long.
    func reads(notes count: Int) -> Bool {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while text.matches(of: /event: changed/).count < count {
        if text.hasSuffix("0\r\n\r\n") { return false }
        let read = recv(connection, &buffer, buffer.count, 0)
        if read <= 0 { return false }
        text += String(decoding: buffer[..<read], as: UTF8.self)
      }
      return true
    }

    /// True when it ends.
    func ends() -> Bool {
      _ = reads(notes: .max)
      return text.hasSuffix("0\r\n\r\n")
    }

    var all: String { text }
    var notes: Int { text.matches(of: /event: changed/).count }

    /// Takes what has come by now; true when that is more notes than before.
    func hasMore(than count: Int) -> Bool {
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let read = recv(connection, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if read <= 0 { return notes > count }
        text += String(decoding: buffer[..<read], as: UTF8.self)
      }
    }
  }

  func testStream_TellsOfEachStateOfAJob_AndOfDeliveries_AndSaysNothingMore() throws {
    let server = try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"])
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let stream = try Stream(server, "api-workspace", session)
    XCTAssertTrue(stream.reads(notes: 1), "whoever comes looks")
    // A note stands for what comes soon after it, so a change is made until one is told.
    var ids: [String] = []
    func untilTold(_ change: () throws -> Void) throws {
      let before = stream.notes
      repeat { try change() } while !stream.hasMore(than: before)
    }
    try untilTold {
      let reply = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo))
      ids.append(reply.json["request_id"]?.string ?? "")
    }
    try untilTold {
      let key = server.key
      _ = try server.client.send("DELETE", "/api/v1/jobs/\(ids[0])", key: key)
      ids.append(
        try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo)).json["request_id"]?.string ?? ""
      )
      _ = try server.client.send("DELETE", "/api/v1/jobs/\(ids.last ?? "")", key: key)
    }
    XCTAssertFalse(stream.all.contains("a.png") || ids.contains(where: stream.all.contains))
  }

  func testStream_OfAWorkspaceOfOthers_IsRefused() throws {
    let server = try TestServer()
    _ = try server.admin("POST", "/workspaces", #"{"slug":"elsewhere"}"#)
    let session = try server.signIn("m@example.com", workspace: "elsewhere", role: "admin")
    func ask(_ query: String) throws -> TestReply {
      try server.client.get("/admin/api/v1/changes" + query, session.headers)
    }
    XCTAssertEqual(try ask("?workspace=api-workspace").status, 404)
    XCTAssertEqual(try ask("?workspace=nobody").status, 404)
    XCTAssertEqual(try ask("").json["errors"]?.members?.map(\.name), ["workspace"])
    XCTAssertEqual(try server.client.get("/admin/api/v1/changes?workspace=*").status, 401)
  }

  func testStream_EndsWithTheSessionAndWithTheRight() throws {
    let server = try TestServer()
    for workspace in ["api-workspace", "*"] {
      let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
      let stream = try Stream(server, workspace, session)
      XCTAssertTrue(stream.reads(notes: 1))
      XCTAssertEqual(try server.client.send("DELETE", "/admin/api/v1/session", session.headers).status, 200)
      XCTAssertTrue(stream.ends(), workspace)
    }
    let session = try server.session("m@example.com")
    let stream = try Stream(server, "api-workspace", session)
    XCTAssertTrue(stream.reads(notes: 1))
    XCTAssertEqual(try server.admin("DELETE", "/users/m@example.com").status, 200)
    XCTAssertTrue(stream.ends())
  }
}
