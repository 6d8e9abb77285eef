import Basics

/// Somebody who is signed in: what their browser would send.
package struct TestSession: Sendable {
  package let cookie: String
  package let formToken: String

  package init(cookie: String, formToken: String) {
    self.cookie = cookie
    self.formToken = formToken
  }

  package var headers: [(String, String)] { [("Cookie", cookie), ("X-CSRF-Token", formToken)] }
}

extension TestServer {
  package static let password = "correct horse battery"

  /// Adds a person by the socket and signs in over TCP; `workspace` nil and role admin is an operator.
  package func signIn(_ email: String, workspace: String?, role: String) throws -> TestSession {
    let place = workspace.map { #","workspace":"\#($0)""# } ?? ""
    let added = try admin("POST", "/users", #"{"email":"\#(email)","role":"\#(role)"\#(place)}"#)
    if let token = added.json["user"]?["link_token"]?.string {
      _ = try client.send(
        "POST", "/admin/api/v1/password", body: Array(#"{"token":"\#(token)","password":"\#(Self.password)"}"#.utf8))
    }
    return try session(email)
  }

  /// Signs in with the password that everybody has here.
  package func session(_ email: String) throws -> TestSession {
    let reply = try client.send(
      "POST", "/admin/api/v1/session", body: Array(#"{"email":"\#(email)","password":"\#(Self.password)"}"#.utf8))
    let cookie = reply.header("Set-Cookie")?.split(separator: ";").first.map(String.init) ?? ""
    return TestSession(cookie: cookie, formToken: reply.json["session"]?["csrf_token"]?.string ?? "")
  }
}
