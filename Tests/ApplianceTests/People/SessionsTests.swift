import Basics
import TestSupport
import XCTest

/// Sessions that are listed and ended, and passwords that were forgotten.
final class SessionsTests: XCTestCase {
  private static let clientName = "Browser/1 (test)"

  private func begin(_ server: TestServer, _ email: String) throws -> TestSession {
    let reply = try server.client.send(
      "POST", "/admin/api/v1/session", [("User-Agent", Self.clientName)],
      body: Array(#"{"email":"\#(email)","password":"\#(TestServer.password)"}"#.utf8))
    let cookie = reply.header("Set-Cookie")?.split(separator: ";").first.map(String.init) ?? ""
    return TestSession(cookie: cookie, formToken: reply.json["session"]?["csrf_token"]?.string ?? "")
  }

  private func list(_ server: TestServer, _ session: TestSession) throws -> [JSONValue] {
    try server.client.get("/admin/api/v1/sessions", session.headers).json["sessions"]?.array ?? []
  }

  func testOwnSessions_SayWhereTheyAre_AndEndOneByOne() throws {
    let server = try TestServer()
    let first = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let second = try begin(server, "m@example.com")
    let other = try server.signIn("x@example.com", workspace: "api-workspace", role: "admin")
    let listed = try list(server, first)
    XCTAssertEqual(listed.map { $0["is_this"]?.boolean }, [false, true])
    XCTAssertEqual(listed[0]["browser"]?.string, Self.clientName)
    XCTAssertEqual(listed[0]["address"]?.string, "127.0.0.1")
    XCTAssertEqual(listed[0]["way"]?.string, "password")
    let id = try XCTUnwrap(listed[0]["id"]?.integer)
    let foreign = try server.client.send("DELETE", "/admin/api/v1/sessions/\(id)", other.headers)
    XCTAssertEqual(foreign.json["code"]?.string, "session_not_found", "somebody else's")
    XCTAssertEqual(try server.client.send("DELETE", "/admin/api/v1/sessions/\(id)", first.headers).status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", second.headers).status, 401)
    XCTAssertEqual(try list(server, first).count, 1)
  }

  func testAnOperator_SeesAndEndsThoseOfOthers() throws {
    let server = try TestServer()
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let listed = try server.admin("GET", "/users/m@example.com/sessions").json["sessions"]?.array ?? []
    XCTAssertEqual(listed.count, 1)
    XCTAssertEqual(try server.admin("GET", "/users/nobody@example.com/sessions").status, 404)
    let second = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let newest = try server.admin("GET", "/users/m@example.com/sessions").json["sessions"]?[0]?["id"]?.integer ?? 0
    XCTAssertEqual(try server.admin("DELETE", "/users/m@example.com/sessions/999999").status, 404)
    XCTAssertEqual(try server.admin("DELETE", "/users/m@example.com/sessions/\(newest)").status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", second.headers).status, 401)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", session.headers).status, 200)
    XCTAssertEqual(try server.admin("DELETE", "/users/m@example.com/sessions").status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", session.headers).status, 401)
    let actions = try server.admin("GET", "/audit").json["audit"]?.array?.map { $0["action"]?.string }
    XCTAssertEqual(actions?.first, "session.end-all")
  }

  private func receiver() throws -> MailReceiver {
    let receiver = try MailReceiver()
    addTeardownBlock { receiver.close() }
    return receiver
  }

  private func forget(_ server: TestServer, _ email: String) throws -> TestReply {
    try server.client.send(
      "POST", "/admin/api/v1/password/forgotten", body: Array(#"{"email":"\#(email)"}"#.utf8))
  }

  func testForgottenPassword_IsMailed_AndNoAnswerSaysWhoIsKnown() throws {
    let mail = try receiver()
    let clock = FixedClock()
    let server = try TestServer(
      settings: [
        "WONDER_SMTP_URL": mail.url, "WONDER_MAIL_FROM": "wonder@example.com",
        "WONDER_PUBLIC_URL": "https://convert.example.com",
      ], clock: clock.clock)
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let known = try forget(server, "M@example.com")
    let unknown = try forget(server, "nobody@example.com")
    XCTAssertEqual(known.status, 202)
    XCTAssertEqual([known.status, known.text.count], [unknown.status, unknown.text.count])
    let letter = try XCTUnwrap(mail.wait(for: 1).first)
    XCTAssertEqual(letter.to, ["m@example.com"])
    let text = letter.part("plain")
    let start = try XCTUnwrap(text.range(of: "https://convert.example.com/admin#password="))
    let token = text[start.upperBound...].prefix { $0.isLetter || $0.isNumber }
    XCTAssertEqual(
      try server.client.get("/admin/api/v1/session", session.headers).status, 200, "nothing has changed yet")
    let change = #"{"token":"\#(token)","password":"another long password"}"#
    func set() throws -> TestReply {
      try server.client.send("POST", "/admin/api/v1/password", body: Array(change.utf8))
    }
    XCTAssertEqual(try set().status, 200)
    XCTAssertEqual(try set().status, 404)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", session.headers).status, 401)
  }

  func testForgottenPassword_IsLimited_ByPlaceInWordsAndByAddressInSilence() throws {
    let mail = try receiver()
    let server = try TestServer(settings: [
      "WONDER_SMTP_URL": mail.url, "WONDER_MAIL_FROM": "wonder@example.com",
    ])
    _ = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    for _ in 0..<5 { XCTAssertEqual(try forget(server, "m@example.com").status, 202) }
    let reply = try forget(server, "m@example.com")
    XCTAssertEqual(reply.json["code"]?.string, "too_many_sign_ins")
    let written = try server.admin("GET", "/deliveries?limit=50").json["deliveries"]?.array ?? []
    XCTAssertEqual(written.count { $0["event"]?.string == "user.password-forgotten" }, 3)
    let without = try TestServer()
    XCTAssertEqual(try forget(without, "m@example.com").json["code"]?.string, "mail_not_set_up")
  }
}
