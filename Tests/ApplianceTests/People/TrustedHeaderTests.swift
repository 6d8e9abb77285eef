import Basics
import TestSupport
import XCTest

/// People whom a proxy in front of the server vouches for.
final class TrustedHeaderTests: XCTestCase {
  private static let field = "Remote-Email"

  private func server(_ more: [String: String] = [:]) throws -> TestServer {
    try TestServer(
      settings: ["WONDER_TRUSTED_USER_HEADER": Self.field, "WONDER_TRUSTED_PROXIES": "127.0.0.0/8"].merging(more) { $1 }
    )
  }

  private func signIn(_ server: TestServer, _ names: String...) throws -> TestReply {
    try server.client.send("POST", "/admin/api/v1/session/proxy", names.map { (Self.field, $0) }, body: [])
  }

  private func cookie(_ reply: TestReply) -> (String, String) {
    ("Cookie", reply.header("Set-Cookie")?.split(separator: ";").first.map(String.init) ?? "")
  }

  private func user(_ server: TestServer, _ headers: [(String, String)]) throws -> String? {
    try server.client.get("/admin/api/v1/session", headers).json["session"]?["user"]?.string
  }

  func testWhoeverHasAnAccount_IsLetIn_ForAsLongAsTheProxySaysSo() throws {
    let server = try server()
    _ = try server.signIn("jo@example.com", workspace: "api-workspace", role: "member")
    let setup = try server.client.get("/admin/api/v1/setup", [(Self.field, "jo@example.com")]).json["setup"]
    XCTAssertEqual(setup?["trusted_user"]?.string, "jo@example.com")
    let reply = try signIn(server, "Jo@Example.com")
    XCTAssertEqual(reply.status, 201, reply.text)
    let cookie = cookie(reply)
    XCTAssertEqual(try user(server, [cookie, (Self.field, "jo@example.com")]), "jo@example.com")
    XCTAssertNil(try user(server, [cookie]), "the proxy says nothing any more")
    XCTAssertNil(try user(server, [cookie, (Self.field, "other@example.com")]), "it says another")
    let shown = try server.client.get("/admin/api/v1/session", [cookie, (Self.field, "jo@example.com")]).json["session"]
    let ended = try server.client.send(
      "DELETE", "/admin/api/v1/session",
      [cookie, (Self.field, "jo@example.com"), ("X-CSRF-Token", shown?["csrf_token"]?.string ?? "")])
    XCTAssertEqual(ended.json["continue_at"], .null)
    XCTAssertNil(try user(server, [cookie, (Self.field, "jo@example.com")]), "signed out here")
  }

  func testNobodyElse_IsBelieved() throws {
    let off = try TestServer(settings: ["WONDER_TRUSTED_PROXIES": "127.0.0.0/8"])
    let elsewhere = try server(["WONDER_TRUSTED_PROXIES": "10.0.0.1"])
    for server in [off, elsewhere] {
      _ = try server.signIn("ops@example.com", workspace: nil, role: "admin")
      XCTAssertEqual(try signIn(server, "ops@example.com").json["code"]?.string, "no_trusted_user")
      let setup = try server.client.get("/admin/api/v1/setup", [(Self.field, "ops@example.com")]).json["setup"]
      XCTAssertEqual(setup?["trusted_user"], .null)
    }
    let server = try server()
    _ = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    XCTAssertEqual(
      try signIn(server, "ops@example.com", "jo@example.com").json["code"]?.string, "no_trusted_user",
      "the proxy has added its own to the client's")
    XCTAssertEqual(try signIn(server).json["code"]?.string, "no_trusted_user")
    for name in ["nobody@example.com", "ops", "ops@example.com, jo@example.com"] {
      XCTAssertEqual(try signIn(server, name).json["code"]?.string, "account_missing", name)
    }
    XCTAssertEqual(
      try server.client.send(
        "POST", "/admin/api/v1/session/proxy", [(Self.field, "ops@example.com"), ("Sec-Fetch-Site", "cross-site")],
        body: []
      ).status, 403)
  }

  func testNewcomers_GetWhatTheSettingSays() throws {
    let server = try server([
      "WONDER_NEW_USERS": "api-workspace:member, gone:admin", "WONDER_SIGN_OUT_URL": "https://sso.example.com/out",
    ])
    let reply = try signIn(server, "new@example.com")
    let headers = [cookie(reply), (Self.field, "new@example.com")]
    let session = try server.client.get("/admin/api/v1/session", headers).json["session"]
    XCTAssertEqual(session?["is_admin"]?.boolean, false)
    XCTAssertEqual(session?["workspaces"]?[0]?["slug"]?.string, "api-workspace")
    XCTAssertEqual(session?["workspaces"]?.array?.count, 1)
    let listed = try server.client.get("/admin/api/v1/sessions", headers).json["sessions"]?[0]
    XCTAssertEqual(listed?["way"]?.string, "proxy")
    let ended = try server.client.send(
      "DELETE", "/admin/api/v1/session", headers + [("X-CSRF-Token", session?["csrf_token"]?.string ?? "")])
    XCTAssertEqual(ended.json["continue_at"]?.string, "https://sso.example.com/out")
    XCTAssertThrowsError(try TestServer(settings: ["WONDER_TRUSTED_USER_HEADER": Self.field])) { error in
      XCTAssertTrue("\(error)".contains("WONDER_TRUSTED_PROXIES"), "\(error)")
    }
  }
}
