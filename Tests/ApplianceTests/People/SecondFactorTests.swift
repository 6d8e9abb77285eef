import Basics
import Storage
import TestSupport
import XCTest

@testable import Engine

/// A code beside the password: turned on, asked for, lost and reset.
final class SecondFactorTests: XCTestCase {
  private let clock = FixedClock()

  private func server() throws -> (TestServer, TestSession) {
    let server = try TestServer(clock: clock.clock)
    return (server, try server.signIn("m@example.com", workspace: "api-workspace", role: "member"))
  }

  private func send(
    _ server: TestServer, _ method: String, _ path: String, _ body: String, _ session: TestSession? = nil
  ) throws -> TestReply {
    try server.client.send(method, "/admin/api/v1" + path, session?.headers ?? [], body: Array(body.utf8))
  }

  private func signIn(_ server: TestServer, code: String? = nil) throws -> TestReply {
    let more = code.map { #","code":"\#($0)""# } ?? ""
    return try send(
      server, "POST", "/session", #"{"email":"m@example.com","password":"\#(TestServer.password)"\#(more)}"#)
  }

  /// The bytes of a secret as apps read it (RFC 4648, section 6).
  private func bytes(_ text: String) -> [UInt8] {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    var (bits, count, bytes) = (UInt32(0), 0, [UInt8]())
    for letter in text.utf8 {
      bits = bits << 5 | UInt32(letters.firstIndex(of: letter) ?? 0)
      count += 5
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private func code(_ secret: [UInt8], ahead: Int64 = 0) -> String {
    OneTimeCode.code(secret, step: OneTimeCode.step(at: clock.now) + ahead)
  }

  /// Turns it on; gives the secret and the codes to write down.
  private func turnOn(_ server: TestServer, _ session: TestSession) throws -> (secret: [UInt8], codes: [String]) {
    let begun = try send(server, "POST", "/second-factor", #"{"password":"\#(TestServer.password)"}"#, session)
    let text = try XCTUnwrap(begun.json["second_factor"]?["secret"]?.string)
    XCTAssertEqual(text.utf8.count, 32)
    XCTAssertEqual(
      begun.json["second_factor"]?["uri"]?.string,
      "otpauth://totp/wonder%3Am%40example.com?secret=\(text)&issuer=wonder&algorithm=SHA1&digits=6&period=30")
    XCTAssertEqual(try signIn(server).status, 201, "nothing is asked for before it is confirmed")
    let secret = bytes(text)
    XCTAssertEqual(
      try send(server, "POST", "/second-factor/confirm", #"{"code":"000000"}"#, session).json["code"]?.string,
      "wrong_code")
    let confirmed = try send(
      server, "POST", "/second-factor/confirm", #"{"code":"\#(code(secret))"}"#, session)
    let codes = confirmed.json["second_factor"]?["recovery_codes"]?.array?.compactMap(\.string) ?? []
    XCTAssertEqual(Set(codes).count, 10, confirmed.text)
    return (secret, codes)
  }

  func testCode_IsAskedForOnceItIsOn_AndIsGoodOnce() throws {
    let (server, session) = try server()
    let elsewhere = try server.session("m@example.com")
    let (secret, _) = try turnOn(server, session)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", session.headers).status, 200)
    XCTAssertEqual(try server.client.get("/admin/api/v1/session", elsewhere.headers).status, 401)
    XCTAssertEqual(try signIn(server).json["code"]?.string, "second_factor_required")
    XCTAssertEqual(try signIn(server, code: code(secret)).json["code"]?.string, "wrong_code", "it was used to confirm")
    XCTAssertEqual(try signIn(server, code: code(secret, ahead: 2)).json["code"]?.string, "wrong_code")
    XCTAssertEqual(try signIn(server, code: code(secret, ahead: 1)).status, 201)
    XCTAssertEqual(try signIn(server, code: code(secret, ahead: 1)).json["code"]?.string, "wrong_code")
    clock.advance(by: .seconds(90))
    XCTAssertEqual(try signIn(server, code: code(secret, ahead: -1)).status, 201)
    XCTAssertEqual(try signIn(server, code: "\(code(secret).prefix(3)) \(code(secret).suffix(3))").status, 201)
    let listed = try server.admin("GET", "/users").json["users"]?[0]
    XCTAssertEqual(listed?["has_second_factor"]?.boolean, true)
  }

  func testWrongCodes_AreTenAnHour_EvenWithTheRightPassword() throws {
    let (server, session) = try server()
    let (secret, _) = try turnOn(server, session)
    var words: [String] = []
    for _ in 0..<11 {
      words.append(try signIn(server, code: "123456").json["code"]?.string ?? "")
      // The password alone must not forgive wrong codes.
      _ = try signIn(server)
    }
    XCTAssertEqual(words.prefix(5), ["wrong_code", "wrong_code", "wrong_code", "wrong_code", "wrong_code"])
    XCTAssertEqual(words.last, "too_many_sign_ins")
    XCTAssertEqual(try signIn(server, code: code(secret, ahead: 1)).json["code"]?.string, "too_many_sign_ins")
  }

  func testWrittenCodes_AreGoodOnce_AndNoneOfThemIsStored() throws {
    let (server, session) = try server()
    let (secret, codes) = try turnOn(server, session)
    XCTAssertEqual(try signIn(server, code: codes[3].uppercased()).status, 201)
    XCTAssertEqual(try signIn(server, code: codes[3]).json["code"]?.string, "wrong_code")
    let state = try server.client.get("/admin/api/v1/second-factor", session.headers).json["second_factor"]
    XCTAssertEqual(state?["codes_left"]?.integer, 9)
    let renewed = try send(
      server, "POST", "/second-factor/recovery-codes", #"{"code":"\#(code(secret, ahead: 1))"}"#, session)
    XCTAssertEqual(renewed.json["second_factor"]?["recovery_codes"]?.array?.count, 10)
    XCTAssertEqual(try signIn(server, code: codes[4]).json["code"]?.string, "wrong_code")
    var stored = try FileBytes.read(server.dataPath + "/wonder.db", atMost: 1 << 26)
    stored += (try? FileBytes.read(server.dataPath + "/wonder.db-wal", atMost: 1 << 26)) ?? []
    for word in codes.map({ Array($0.utf8) }) + codes.map({ Array($0.filter { $0 != "-" }.utf8) }) + [secret] {
      XCTAssertNil(stored.firstRange(of: word))
    }
  }

  func testItEnds_WithACode_OrByAnOperator_ButNotByASessionAlone() throws {
    let (server, session) = try server()
    let (secret, _) = try turnOn(server, session)
    XCTAssertEqual(try send(server, "DELETE", "/second-factor", "{}", session).status, 422)
    XCTAssertEqual(
      try send(server, "DELETE", "/second-factor", #"{"code":"\#(code(secret, ahead: 1))"}"#, session).status, 200)
    XCTAssertEqual(try signIn(server).status, 201)
    clock.advance(by: .seconds(90))
    _ = try turnOn(server, session)
    XCTAssertEqual(try server.admin("DELETE", "/users/m@example.com/second-factor").status, 200)
    XCTAssertEqual(
      try server.admin("DELETE", "/users/m@example.com/second-factor").json["code"]?.string, "second_factor_off")
    XCTAssertEqual(try signIn(server).status, 201)
    XCTAssertEqual(
      try send(server, "POST", "/second-factor", #"{"password":"wrong"}"#, session).json["code"]?.string,
      "wrong_password")
  }

  func testAnAdministratorsOwn_IsNotResetByTheirSession_ButByOthers() throws {
    let server = try TestServer(clock: clock.clock)
    let session = try server.signIn("m@example.com", workspace: nil, role: "admin")
    let other = try server.signIn("other@example.com", workspace: nil, role: "admin")
    let (secret, _) = try turnOn(server, session)
    for name in ["m@example.com", "M@Example.com", "m%40example.com"] {
      let own = try send(server, "DELETE", "/users/\(name)/second-factor", "", session)
      XCTAssertEqual(own.json["code"]?.string, "second_factor_own", name)
    }
    XCTAssertEqual(try signIn(server).json["code"]?.string, "second_factor_required")
    XCTAssertEqual(
      try send(server, "DELETE", "/second-factor", #"{"code":"\#(code(secret, ahead: 1))"}"#, session).status, 200)
    clock.advance(by: .seconds(90))
    _ = try turnOn(server, session)
    XCTAssertEqual(try send(server, "DELETE", "/users/m@example.com/second-factor", "", other).status, 200)
    clock.advance(by: .seconds(90))
    _ = try turnOn(server, session)
    XCTAssertEqual(try server.admin("DELETE", "/users/m@example.com/second-factor").status, 200)
  }
}
