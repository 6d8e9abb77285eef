import Basics
import Glibc
import Storage
import TestSupport
import XCTest

/// What is taken away ends at once: open streams, links, sessions.
final class RevocationTests: XCTestCase {
  /// A server that takes no job, and a job that so waits for ever.
  private func waiting() throws -> (server: TestServer, id: String) {
    let server = try TestServer()
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let reply = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo))
    return (server, reply.json["request_id"]?.string ?? "")
  }

  /// Opens a stream and reads its first event; gives the connection.
  private func open(_ server: TestServer, _ path: String, _ field: String) throws -> Int32 {
    let connection = try server.client.connect()
    try TestClient.write(Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n".utf8), to: connection)
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !String(decoding: text, as: UTF8.self).contains("event: submitted") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { throw SystemFailure("recv", String(decoding: text, as: UTF8.self)) }
      text += buffer[..<count]
    }
    return connection
  }

  /// True when the stream ends; one that goes on is given up after some seconds.
  private func ends(_ connection: Int32) -> Bool {
    defer { close(connection) }
    var limit = timeval(tv_sec: 8, tv_usec: 0)
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = recv(connection, &buffer, buffer.count, 0)
      if count < 0 { return false }
      text += buffer[..<max(0, count)]
      // The last chunk, or the end of the connection.
      if count == 0 || text.suffix(5).elementsEqual("0\r\n\r\n".utf8) { return true }
    }
  }

  func testStreamOfAKey_EndsWithTheKey() throws {
    let (server, id) = try waiting()
    let stream = try open(server, "/api/v1/jobs/\(id)/events", "X-API-Key: \(server.key)")
    let key = try XCTUnwrap(try server.admin("GET", "/keys").json["keys"]?[0]?["id"]?.integer)
    XCTAssertEqual(try server.admin("DELETE", "/keys/\(key)").status, 200)
    XCTAssertTrue(ends(stream))
  }

  func testStreamAndLinks_OfASuspendedWorkspace_EndUntilItIsResumed() throws {
    let server = try TestServer()
    let done = try server.submit(.conversion().field("sync", "true").file("files[]", "a.png", SamplePictures.photo))
    let link = server.path(of: done.json["outputs"]?[0]?["download_url"]?.string)
    XCTAssertEqual(try server.client.get(link).status, 200)
    XCTAssertEqual(try server.admin("POST", "/queue/pause").status, 200)
    let id = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo)).json["request_id"]?.string
    let stream = try open(server, "/api/v1/jobs/\(id ?? "")/events", "X-API-Key: \(server.key)")
    XCTAssertEqual(try server.admin("PATCH", "/workspaces/api-workspace", #"{"state":"suspended"}"#).status, 200)
    XCTAssertTrue(ends(stream))
    XCTAssertEqual(try server.client.get(link).status, 410)
    XCTAssertEqual(try server.admin("PATCH", "/workspaces/api-workspace", #"{"state":"approved"}"#).status, 200)
    XCTAssertEqual(try server.client.get(link).status, 200)
  }

  func testStreamOfAPerson_EndsWithTheSession() throws {
    let (server, id) = try waiting()
    for (end, email) in [("signed out", "out@example.com"), ("removed", "gone@example.com")] {
      let session = try server.signIn(email, workspace: "api-workspace", role: "member")
      let stream = try open(server, "/admin/api/v1/jobs/\(id)/events", "Cookie: \(session.cookie)")
      if end == "removed" {
        XCTAssertEqual(try server.admin("DELETE", "/users/\(email)").status, 200)
      } else {
        XCTAssertEqual(try server.client.send("DELETE", "/admin/api/v1/session", session.headers).status, 200)
      }
      XCTAssertTrue(ends(stream), end)
    }
  }

  /// Another person's stream goes on whatever else is changed.
  func testStreamOfAGoodKey_GoesOn() throws {
    let (server, id) = try waiting()
    let stream = try open(server, "/api/v1/jobs/\(id)/events", "X-API-Key: \(server.key)")
    XCTAssertEqual(try server.admin("POST", "/workspaces", #"{"slug":"other"}"#).status, 201)
    XCTAssertEqual(try server.admin("DELETE", "/jobs/\(id)").status, 200)
    XCTAssertTrue(ends(stream), "the job's own end")
  }
}
