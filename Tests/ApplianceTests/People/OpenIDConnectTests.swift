import Basics
import Synchronization
import TestSupport
import XCTest

@testable import Appliance

/// Signing in with a made-up provider, good and bad.
final class OpenIDConnectTests: XCTestCase {
  /// A provider on 127.0.0.1 that says what it is told to.
  private final class Provider: Sendable {
    struct Words {
      var claims: [String: JSONValue?] = [:]
      /// What the user info has beside the subject; nil without any.
      var more: [String: JSONValue]?
      var issuer: String?
      var status = 200
      var answer: String?
    }

    private final class State: Sendable {
      let words = Mutex(Words())
      let port = Mutex<UInt16>(0)
      /// The request of the browser: state, nonce and challenge.
      let asked = Mutex<[String: String]>([:])
    }

    private let state = State()
    let receiver: WebhookReceiver

    init() throws {
      receiver = try WebhookReceiver { [state] in Provider.answer($0, state) }
      state.port.withLock { $0 = receiver.port }
    }

    var issuer: String { "http://127.0.0.1:\(receiver.port)/realm" }

    func say(_ change: (inout Words) -> Void) { state.words.withLock { change(&$0) } }
    func hear(_ query: [String: String]) { state.asked.withLock { $0 = query } }

    private static func answer(_ request: ReceivedRequest, _ state: State) -> WebhookReceiver.Answer {
      let issuer = "http://127.0.0.1:\(state.port.withLock(\.self))/realm"
      let words = state.words.withLock(\.self)
      let asked = state.asked.withLock(\.self)
      func object(_ members: [String: JSONValue]) -> String {
        JSONValue.object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }).text
      }
      switch request.path {
      case "/realm/.well-known/openid-configuration":
        var members: [String: JSONValue] = [
          "issuer": .string(words.issuer ?? issuer), "authorization_endpoint": .string(issuer + "/auth?kind=a"),
          "token_endpoint": .string(issuer + "/token"), "padding": .string(String(repeating: "x", count: 9000)),
        ]
        if words.more != nil { members["userinfo_endpoint"] = .string(issuer + "/info") }
        return .status(200, body: object(members))
      case "/realm/token":
        let fields = Dictionary(PercentEncoding.pairs(request.body)?.map { ($0.name, $0.value) } ?? []) { $1 }
        let basic = "Basic " + Base64.encode(Array("wonder%20x:s%3Ae".utf8))
        let digest = SHA256.digest((fields["code_verifier"] ?? "").utf8)
        let challenge = Base64.encode(digest).replacing("+", with: "-").replacing("/", with: "_").replacing(
          "=", with: "")
        guard request["authorization"] == basic, fields["code"] == "good code", challenge == asked["code_challenge"],
          fields["redirect_uri"] == asked["redirect_uri"], fields["grant_type"] == "authorization_code"
        else { return .status(400, body: #"{"error":"invalid_grant"}"#) }
        if let answer = words.answer { return .status(words.status, body: answer) }
        let now = Clock.system.now().seconds
        var claims: [String: JSONValue] = [
          "iss": .string(issuer), "aud": .string("wonder x"), "sub": .string("u1"),
          "nonce": .string(asked["nonce"] ?? ""), "exp": .integer(now + 60), "iat": .integer(now),
          "email": .string("jo@example.com"), "email_verified": .boolean(true), "groups": .array([.string("staff")]),
        ]
        for (name, value) in words.claims { claims[name] = value }
        let body = Base64.encode(Array(object(claims).utf8))
          .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return .status(
          words.status, body: #"{"access_token":"at","token_type":"Bearer","id_token":"e30.\#(body).c2ln"}"#)
      case "/realm/info":
        guard request["authorization"] == "Bearer at" else { return .status(401) }
        return .status(200, body: object(["sub": .string("u1")].merging(words.more ?? [:]) { $1 }))
      default: return .status(404)
      }
    }
  }

  private let path = "/admin/api/v1/session/provider"

  private func server(_ provider: Provider, _ more: [String: String] = [:], log: Log = .silent) throws -> TestServer {
    addTeardownBlock { provider.receiver.close() }
    return try TestServer(
      settings: [
        "WONDER_OIDC_ISSUER": provider.issuer, "WONDER_OIDC_CLIENT_ID": "wonder x", "WONDER_OIDC_CLIENT_SECRET": "s:e",
        "WONDER_OIDC_NAME": "Example",
      ].merging(more) { $1 }, log: log)
  }

  /// Goes to the provider; gives the cookie, and what the provider was asked for.
  private func begin(_ server: TestServer, _ provider: Provider) throws -> (cookie: String, asked: [String: String]) {
    let reply = try server.client.get(path)
    XCTAssertEqual(reply.status, 303, reply.text)
    let place = reply.header("Location") ?? ""
    XCTAssertTrue(place.hasPrefix(provider.issuer + "/auth?kind=a&"), place)
    let pairs = PercentEncoding.pairs(Array((place.split(separator: "?").last ?? "").utf8)) ?? []
    let asked = Dictionary(pairs.map { ($0.name, $0.value) }) { $1 }
    provider.hear(asked)
    return (reply.header("Set-Cookie")?.split(separator: ";").first.map(String.init) ?? "", asked)
  }

  /// The whole way; gives where the browser is led, and the cookie of its session.
  private func signIn(_ server: TestServer, _ provider: Provider) throws -> (place: String, headers: [(String, String)])
  {
    let (cookie, asked) = try begin(server, provider)
    let reply = try server.client.get(
      "\(path)/return?code=good%20code&state=\(asked["state"] ?? "")", [("Cookie", cookie)])
    XCTAssertEqual(reply.status, 303, reply.text)
    let session = reply.header("Set-Cookie")?.split(separator: ";").first.map(String.init) ?? ""
    return (reply.header("Location") ?? "", [("Cookie", session)])
  }

  private func session(_ server: TestServer, _ headers: [(String, String)]) throws -> JSONValue? {
    try server.client.get("/admin/api/v1/session", headers).json["session"]
  }

  func testWholeWay_AsksWithPKCE_AndBindsToTheBrowser() throws {
    let provider = try Provider()
    let server = try server(provider)
    _ = try server.signIn("jo@example.com", workspace: "api-workspace", role: "member")
    XCTAssertEqual(
      try server.client.get("/admin/api/v1/setup").json["setup"]?["provider"]?.string, "Example")
    let (cookie, asked) = try begin(server, provider)
    XCTAssertTrue(cookie.hasPrefix("wonder_sign_on="), cookie)
    XCTAssertEqual(
      asked.filter { !["state", "nonce", "code_challenge", "redirect_uri"].contains($0.key) },
      [
        "kind": "a", "response_type": "code", "client_id": "wonder x", "scope": "openid email profile",
        "code_challenge_method": "S256",
      ])
    XCTAssertTrue(asked["redirect_uri"]?.hasSuffix(path + "/return") ?? false)
    XCTAssertEqual(asked["code_challenge"]?.utf8.count, 43)
    XCTAssertEqual(Set([asked["state"], asked["nonce"], asked["code_challenge"]]).count, 3)
    func end(_ query: String, _ cookie: String?) throws -> String? {
      try server.client.get("\(path)/return?\(query)", cookie.map { [("Cookie", $0)] } ?? []).header("Location")
    }
    let state = asked["state"] ?? ""
    let other = try begin(server, provider).cookie
    for (query, cookie) in [
      ("code=good%20code&state=\(state)", nil), ("code=good%20code&state=\(state)", other),
      ("code=good%20code", cookie),
      ("code=good%20code&state=x", cookie), ("code=good%20code&state=\(asked["nonce"] ?? "")", cookie),
      ("error=access_denied&state=\(state)", cookie), ("state=\(state)", cookie),
      ("code=good%20code&error=x&state=\(state)", cookie),
    ] as [(String, String?)] {
      XCTAssertEqual(try end(query, cookie), "../../../../../admin#refused=sign_on_refused", query)
    }
    provider.hear(asked)
    XCTAssertEqual(try end("code=bad&state=\(state)", cookie), "../../../../../admin#refused=provider_failed")
    XCTAssertEqual(try end("code=good%20code&state=\(state)", cookie), "../../../../../admin")
    let (place, headers) = try signIn(server, provider)
    XCTAssertEqual(place, "../../../../../admin")
    XCTAssertEqual(try session(server, headers)?["user"]?.string, "jo@example.com")
    let listed = try server.client.get("/admin/api/v1/sessions", headers).json["sessions"]?[0]
    XCTAssertEqual(listed?["way"]?.string, "provider")
  }

  func testEveryBadWordOfTheProvider_LetsNobodyIn_AndTheLogSaysWhy() throws {
    let provider = try Provider()
    let text = Mutex("")
    let written = Doorbell()
    let log = Log(write: { line in
      text.withLock { $0 += String(decoding: line, as: UTF8.self) }
      written.ring()
    })
    let server = try server(provider, log: log)
    _ = try server.signIn("jo@example.com", workspace: "api-workspace", role: "member")
    let bad: [[String: JSONValue?]] = [
      ["iss": .string("https://evil.example")], ["aud": .string("other")], ["exp": .integer(1)], ["exp": nil],
      ["iat": .integer(4_000_000_000)], ["nonce": .string("x")], ["nonce": nil], ["sub": nil],
      ["aud": .array([.string("wonder x"), .string("b")])], ["azp": .string("other")],
    ]
    for claims in bad {
      provider.say { $0.claims = claims }
      XCTAssertEqual(try signIn(server, provider).place, "../../../../../admin#refused=provider_failed", "\(claims)")
    }
    provider.say { $0.claims = [:] }
    let tail = #","id_token":"a.b.c"}"#
    for answer in [
      "", "[]", "{}", #"{"id_token":7}"#, #"{"id_token":"a.b"}"#, #"{"x":1"# + tail,
      String(repeating: "x", count: 100_000),
    ] {
      provider.say { $0.answer = answer }
      XCTAssertEqual(try signIn(server, provider).place, "../../../../../admin#refused=provider_failed", answer)
    }
    provider.say { ($0.answer, $0.status) = (nil, 302) }
    XCTAssertEqual(try signIn(server, provider).place, "../../../../../admin#refused=provider_failed")
    // Lines are written by a thread of their own, a moment later.
    while !text.withLock({ $0.contains("another party") }), written.wait(timeout: .seconds(30)) {}
    let said = text.withLock(\.self)
    for word in [
      "another issuer", "another client", "expired", "time to come", "another request", "names nobody", "another party",
    ] {
      XCTAssertTrue(said.contains(word), word)
    }
    for secret in ["s:e", "s%3Ae", "good code"] { XCTAssertFalse(said.contains(secret), secret) }
  }

  func testProviderThatIsAnother_OrAway_LeadsBackToTheDoor() throws {
    let provider = try Provider()
    let server = try server(provider)
    provider.say { $0.issuer = "https://evil.example" }
    let refused = "../../../../admin#refused=provider_failed"
    XCTAssertEqual(try server.client.get(path).header("Location"), refused)
    let away = try TestServer(settings: [
      "WONDER_OIDC_ISSUER": "http://127.0.0.1:1/", "WONDER_OIDC_CLIENT_ID": "c",
    ])
    XCTAssertEqual(try away.client.get(path).header("Location"), refused)
    let off = try TestServer()
    XCTAssertEqual(try off.client.get(path).json["code"]?.string, "provider_off")
    XCTAssertEqual(try off.client.get(path + "/return").json["code"]?.string, "provider_off")
  }

  func testDoctor_SaysWhetherTheProviderAnswersAsItself() throws {
    let provider = try Provider()
    addTeardownBlock { provider.receiver.close() }
    func finding(_ issuer: String) throws -> Finding? {
      try ProviderCheck(settings: Settings(environment: ["WONDER_OIDC_ISSUER": issuer, "WONDER_OIDC_CLIENT_ID": "c"]))
        .finding()
    }
    XCTAssertEqual(try finding(provider.issuer)?.state, .ok)
    provider.say { $0.issuer = "https://evil.example" }
    XCTAssertTrue(try finding(provider.issuer)?.text.contains("calls itself https://evil.example") ?? false)
    XCTAssertEqual(try finding("http://127.0.0.1:1/")?.state, .broken)
    XCTAssertNil(try finding(""))
  }

  func testPerson_IsKnownByTheSubject_AndTheFirstTimeByAVerifiedAddress() throws {
    let provider = try Provider()
    let server = try server(provider)
    let missing = "../../../../../admin#refused=account_missing"
    XCTAssertEqual(try signIn(server, provider).place, missing, "newcomers get nothing")
    _ = try server.signIn("jo@example.com", workspace: "api-workspace", role: "member")
    for claims in [["email_verified": .boolean(false)], ["email_verified": nil], ["email": .string("jo")]]
      as [[String: JSONValue?]]
    {
      provider.say { $0.claims = claims }
      XCTAssertEqual(
        try signIn(server, provider).place, "../../../../../admin#refused=address_unverified", "\(claims)")
    }
    provider.say { $0.claims = ["email_verified": .string("true")] }
    XCTAssertNotNil(try session(server, signIn(server, provider).headers))
    provider.say { $0.claims = ["email": .string("married@example.com"), "email_verified": nil] }
    XCTAssertEqual(try session(server, signIn(server, provider).headers)?["user"]?.string, "jo@example.com")
    provider.say { $0.claims = ["sub": .string("u2")] }
    XCTAssertEqual(try signIn(server, provider).place, missing, "the address was given to somebody else")
  }

  func testUserInfo_IsAskedForAnAddress_AndMustBeOfTheSamePerson() throws {
    let provider = try Provider()
    let server = try server(provider, ["WONDER_NEW_USERS": "api-workspace:admin"])
    provider.say {
      $0.claims = ["email": nil, "email_verified": nil]
      $0.more = ["sub": .string("u2"), "email": .string("x@example.com"), "email_verified": .boolean(true)]
    }
    XCTAssertEqual(try signIn(server, provider).place, "../../../../../admin#refused=provider_failed")
    provider.say { $0.more?["sub"] = .string("u1") }
    let session = try session(server, signIn(server, provider).headers)
    XCTAssertEqual(session?["user"]?.string, "x@example.com")
    XCTAssertEqual(session?["workspaces"]?[0]?["role"]?.string, "admin")
  }

  func testGroups_BringRights_AndTakeThemAway_ButNotTheLastAdministrators() throws {
    let provider = try Provider()
    let server = try server(
      provider, ["WONDER_OIDC_ROLES": "staff=api-workspace:member, leads=api-workspace:admin, ops=admin"])
    func rights(_ groups: [String]) throws -> String {
      provider.say { $0.claims = ["groups": .array(groups.map(JSONValue.string))] }
      let session = try session(server, signIn(server, provider).headers)
      let role = session?["workspaces"]?[0]?["role"]?.string ?? "none"
      return session?["is_admin"]?.boolean == true ? "admin, \(role)" : role
    }
    XCTAssertEqual(try rights(["staff"]), "member")
    XCTAssertEqual(try rights(["staff", "leads"]), "admin")
    XCTAssertEqual(try rights([]), "none")
    XCTAssertEqual(try rights(["ops"]), "admin, none")
    XCTAssertEqual(try rights(["staff"]), "admin, member", "the last administrator")
    _ = try server.signIn("ops@example.com", workspace: nil, role: "admin")
    XCTAssertEqual(try rights(["staff"]), "member")
    let actions = try server.admin("GET", "/audit").json["audit"]?.array?.map { $0["action"]?.string ?? "" } ?? []
    XCTAssertTrue(actions.contains("user.roles") && actions.contains("user.add"), "\(actions)")
  }
}
