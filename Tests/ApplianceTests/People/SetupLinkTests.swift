import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// What ends a setup link, and what it can never do.
final class SetupLinkTests: XCTestCase {
  private func setUp(_ server: TestServer, _ token: String, _ email: String) throws -> TestReply {
    try server.client.send(
      "POST", "/admin/api/v1/setup", [("Content-Type", "application/json")],
      body: Array(#"{"token":"\#(token)","email":"\#(email)","password":"another-password"}"#.utf8))
  }

  func testAdministratorMadeOtherwise_EndsTheLink() throws {
    let server = try TestServer()
    let token = try XCTUnwrap(try server.serve.makeSetupLink())
    let boss = try server.signIn("boss@example.com", workspace: nil, role: "admin")
    XCTAssertEqual(try setUp(server, token, "boss@example.com").status, 404)
    XCTAssertEqual(try setUp(server, token, "eve@example.com").status, 404)
    // The password is still the old one.
    XCTAssertEqual(try server.session("boss@example.com").cookie.isEmpty, false)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", boss.headers).status, 200)
  }

  func testAccountThatIsThere_IsNotTouched() throws {
    let server = try TestServer()
    let member = try server.signIn("jo@example.com", workspace: "api-workspace", role: "member")
    let token = try XCTUnwrap(try server.serve.makeSetupLink())
    let reply = try setUp(server, token, "jo@example.com")
    XCTAssertEqual(reply.json["code"]?.string, "account_exists")
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", member.headers).status, 200)
    XCTAssertNoThrow(try server.session("jo@example.com"), "the old password works")
    // The link was not used up by that.
    XCTAssertEqual(try setUp(server, token, "first@example.com").status, 201)
  }

  func testSessionsAndLinksThatHaveEnded_AreRemoved() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.clock)
    _ = try server.signIn("jo@example.com", workspace: "api-workspace", role: "member")
    _ = try server.serve.makeSetupLink()
    func rows() throws -> [Int64] {
      let database = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
      defer { database.close() }
      return try [
        database.first("SELECT count(*) FROM sessions", row: { $0.integer(0) }) ?? 0,
        database.first("SELECT count(*) FROM one_time_links", row: { $0.integer(0) }) ?? 0,
      ]
    }
    try server.serve.sweep()
    XCTAssertEqual(try rows(), [1, 1])
    clock.advance(by: .seconds(8 * 86_400))
    try server.serve.sweep()
    XCTAssertEqual(try rows(), [0, 0])
  }
}
