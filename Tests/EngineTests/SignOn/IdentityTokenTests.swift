import Basics
import Storage
import XCTest

@testable import Engine

/// What is believed of a provider's word, and every way in which it is not.
final class IdentityTokenTests: XCTestCase {
  private let now = Timestamp(milliseconds: 1_773_302_400_000)
  private let issuer = "https://login.example.com/realm"

  /// A token with these claims on top of good ones; nil takes one away.
  private func token(_ changes: [String: JSONValue?]) -> String {
    var claims: [String: JSONValue] = [
      "iss": .string(issuer), "aud": .string("wonder"), "sub": .string("u1"), "nonce": .string("n"),
      "exp": .integer(now.seconds + 300), "iat": .integer(now.seconds),
    ]
    for (name, value) in changes { claims[name] = value }
    let body = JSONValue.object(claims.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }).text
    let text = Base64.encode(Array(body.utf8)).replacing("+", with: "-").replacing("/", with: "_").replacing(
      "=", with: "")
    return "e30.\(text).c2ln"
  }

  private func read(_ token: String) throws -> IdentityToken {
    try IdentityToken(token, issuer: issuer, client: "wonder", nonce: "n", at: now)
  }

  func testAGoodToken_IsTaken_InEachFormThatTheStandardHas() throws {
    XCTAssertEqual(try read(token([:])).subject, "u1")
    for changes in [
      ["aud": .array([.string("wonder")])],
      ["aud": .array([.string("other"), .string("wonder")]), "azp": .string("wonder")],
      ["azp": .string("wonder")], ["exp": .number(Double(now.seconds) + 60.5)], ["exp": .integer(now.seconds - 100)],
      ["iat": .integer(now.seconds + 100)], ["name": .string("ÿ?>~ ö")],
    ] as [[String: JSONValue]] {
      XCTAssertEqual(try read(token(changes)).subject, "u1", "\(changes)")
    }
  }

  func testEveryBadToken_IsRefused_ForItsOwnReason() throws {
    let bad: [(String, [String: JSONValue?])] = [
      ("issuer", ["iss": .string(issuer + "/")]), ("issuer", ["iss": nil]),
      ("issuer", ["iss": .array([.string(issuer)])]),
      ("client", ["aud": .string("wonder2")]), ("client", ["aud": nil]), ("client", ["aud": .array([])]),
      ("party", ["aud": .array([.string("other"), .string("wonder")])]), ("party", ["azp": .string("other")]),
      ("party", ["azp": .integer(1)]),
      ("expired", ["exp": .integer(now.seconds - 121)]), ("expired", ["exp": nil]), ("expired", ["exp": .string("x")]),
      ("expired", ["exp": .number(1e300)]),
      ("come", ["iat": .integer(now.seconds + 600)]), ("come", ["iat": nil]),
      ("request", ["nonce": .string("m")]), ("request", ["nonce": nil]), ("request", ["nonce": .string("")]),
      ("nobody", ["sub": nil]), ("nobody", ["sub": .string("")]),
      ("nobody", ["sub": .string(String(repeating: "x", count: 256))]), ("nobody", ["sub": .integer(7)]),
    ]
    for (word, changes) in bad {
      XCTAssertThrowsError(try read(token(changes)), "\(changes)") { error in
        XCTAssertTrue("\(error)".contains(word), "\(changes): \(error)")
      }
    }
    let good = token([:])
    let doubled = Base64.encode(Array(#"{"sub":"u1","sub":"u2"}"#.utf8))
    for text in ["", "a.b", good + ".x", "e30..x", "e30.e30=.x", "e30.W10.x", "e30.\(doubled).x"] {
      XCTAssertThrowsError(try read(text), text) { XCTAssertTrue("\($0)".contains("no token"), "\($0)") }
    }
  }

  func testADocument_OfAnotherIssuer_OrThatLeadsOutOfTLS_IsRefused() throws {
    func document(_ issuer: String, token: String) -> [UInt8] {
      Array(
        #"{"issuer":"\#(issuer)","authorization_endpoint":"https://login.example.com/a","token_endpoint":"\#(token)"}"#
          .utf8)
    }
    XCTAssertNoThrow(try ProviderDocument(document(issuer, token: "https://t.example/"), issuer: issuer))
    for (other, token) in [
      (issuer + "/", "https://t.example/"), (issuer, "http://t.example/"), (issuer, "http://127.0.0.1/"),
      (issuer, "ftp://t.example/"), (issuer, ""),
    ] {
      XCTAssertThrowsError(try ProviderDocument(document(other, token: token), issuer: issuer), other + token)
    }
    let local = "http://127.0.0.1:9000"
    XCTAssertNoThrow(try ProviderDocument(document(local, token: local + "/t"), issuer: local))
    XCTAssertThrowsError(
      try ProviderDocument(document(local, token: "http://127.0.0.1.example.com/t"), issuer: local))
  }

  func testRights_AreReadFromTheirWords() throws {
    XCTAssertEqual(RoleGrant.list("none"), [])
    XCTAssertEqual(RoleGrant.list("")?.count, 0)
    XCTAssertEqual(RoleGrant.list("admin, acme:member")?.map(\.workspace), [nil, "acme"])
    for text in ["member", "acme", "acme:owner", ":admin", "admin:", "a:b:admin", "none, admin"] {
      XCTAssertNil(RoleGrant.list(text), text)
    }
    let roles = try XCTUnwrap(GroupRoles("/staff = acme:member, a=b=admin,It's us=shop:admin"))
    XCTAssertEqual(roles.grants(of: ["/staff", "a=b", "x"]).map(\.role), [.member, .admin])
    XCTAssertEqual(roles.places, [nil, "acme", "shop"])
    for text in ["staff", "=admin", "staff=", "staff=owner"] { XCTAssertNil(GroupRoles(text), text) }
  }

  func testSettings_NameWhatIsMissingOrWrong() throws {
    let provider = ["WONDER_OIDC_ISSUER": "https://login.example.com", "WONDER_OIDC_CLIENT_ID": "wonder"]
    XCTAssertNotNil(try SignOnSettings(Settings(flags: provider)).provider)
    XCTAssertNil(try SignOnSettings(Settings()).provider)
    let wrong: [([String: String], String)] = [
      (["WONDER_OIDC_ISSUER": "http://login.example.com"], "WONDER_OIDC_ISSUER"),
      (["WONDER_OIDC_CLIENT_ID": ""], "WONDER_OIDC_CLIENT_ID"), (["WONDER_OIDC_SCOPES": "email"], "WONDER_OIDC_SCOPES"),
      (["WONDER_OIDC_ROLES": "staff"], "WONDER_OIDC_ROLES"), (["WONDER_NEW_USERS": "all"], "WONDER_NEW_USERS"),
      (["WONDER_TRUSTED_USER_HEADER": "Remote-Email"], "WONDER_TRUSTED_PROXIES"),
      (["WONDER_TRUSTED_USER_HEADER": "Cookie", "WONDER_TRUSTED_PROXIES": "10.0.0.1"], "WONDER_TRUSTED_USER_HEADER"),
      (["WONDER_TRUSTED_USER_HEADER": "a b", "WONDER_TRUSTED_PROXIES": "10.0.0.1"], "WONDER_TRUSTED_USER_HEADER"),
    ]
    for (changes, place) in wrong {
      XCTAssertThrowsError(try SignOnSettings(Settings(flags: provider.merging(changes) { $1 })), "\(changes)") {
        XCTAssertTrue("\($0)".contains(place), "\($0)")
      }
    }
  }
}
