import Basics
import Dialects
import Glibc
import Storage
import TestSupport
import XCTest

/// What lets somebody in without a key: the token of a job, and the password of its downloads.
final class MadeUpTokenTests: XCTestCase {
  private func served() throws -> TestServer {
    try TestServer(dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
  }

  private func submit(_ server: TestServer, _ fields: [(String, String)] = []) throws -> String {
    let reply = try server.client.send(
      "POST", "/made-up/turn/jpg", key: server.key, fields, body: SamplePictures.photo)
    XCTAssertEqual(reply.status, 202, reply.text)
    return reply.text
  }

  private func token(_ server: TestServer, _ id: String) throws -> String {
    let token = try server.client.get("/made-up/token/\(id)", key: server.key).text
    XCTAssertNotNil(token.wholeMatch(of: /[0-9a-f]{64}/), token)
    return token
  }

  private func show(_ server: TestServer, _ id: String, _ fields: [(String, String)]) throws -> TestReply {
    try server.client.get("/made-up/whole/\(id)", fields)
  }

  func testTokenOfAJob_OpensThatJobAlone_AndOnlyRowsThatTakeIt() throws {
    let server = try served()
    let (one, other) = (try submit(server), try submit(server))
    let token = try token(server, one)
    let shown = try show(server, one, [("Made-Up-Token", token)])
    XCTAssertEqual(shown.status, 200, shown.text)
    XCTAssertEqual(try show(server, one, [("Made-Up-Token", token.uppercased())]).status, 200)
    for (id, wrong) in [
      (other, token), (one, ""), (one, "x"), (one, String(token.dropLast(2))), (one, String(token.reversed())),
      ("mu-req_none", token),
    ] {
      XCTAssertEqual(try show(server, id, [("Made-Up-Token", wrong)]).status, 401, wrong)
    }
    for path in ["/made-up/token/\(one)", "/api/v1/jobs/\(one)"] {
      XCTAssertEqual(try server.client.get(path, [("Made-Up-Token", token)]).status, 401, path)
    }
    // A key that is shown counts, whatever else is.
    let both = [("Made-Up-Token", token), ("X-API-Key", "wc_wrong")]
    XCTAssertEqual(try show(server, one, both).status, 401)
  }

  func testTokenOfAJob_EndsWithTheKeyThatBroughtIt_AndWithItsWorkspace() throws {
    let server = try served()
    let id = try submit(server)
    let field = [("Made-Up-Token", try token(server, id))]
    XCTAssertEqual(try server.admin("PATCH", "/workspaces/api-workspace", #"{"state":"suspended"}"#).status, 200)
    XCTAssertEqual(try show(server, id, field).status, 403)
    let second = try served()
    let job = try submit(second)
    let own = [("Made-Up-Token", try token(second, job))]
    let key = try XCTUnwrap(try second.admin("GET", "/keys").json["keys"]?[0]?["id"]?.integer)
    XCTAssertEqual(try second.admin("DELETE", "/keys/\(key)").status, 200)
    XCTAssertEqual(try show(second, job, own).status, 401)
  }

  func testTokenOfAJob_ThatCameByAKeyInAPage_ShowsNothing() throws {
    let server = try served()
    let origin = "https://a.example"
    let made = try server.admin(
      "POST", "/keys", #"{"workspace":"api-workspace","kind":"public","origins":["\#(origin)"],"scopes":["submit"]}"#)
    let key = try XCTUnwrap(made.json["key"]?["key"]?.string, made.text)
    let form = MultipartForm.conversion().field("sync", "true").file("files[]", "p.png", SamplePictures.photo)
    let reply = try server.client.send(
      "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType), ("Origin", origin)], body: form.body)
    let id = MadeUp.prefix + (reply.json["request_id"]?.string ?? reply.json["job"]?["request_id"]?.string ?? "")
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(try show(server, id, [("Made-Up-Token", try token(server, id))]).status, 403)
  }

  private func link(_ server: TestServer, _ id: String) throws -> String {
    let job = try server.ended(String(id.dropFirst(MadeUp.prefix.count)))
    XCTAssertEqual(job.json["job"]?["status"]?.string, "completed", job.text)
    return server.path(of: job.json["outputs"]?[0]?["download_url"]?.string)
  }

  func testDownloadWithAPassword_AfterTooManyWrongOnes_IsClosedToTheRightOneForAWhile() throws {
    let server = try served()
    let path = try link(server, try submit(server, [("Made-Up-Passwords", "right")]))
    let other = try link(server, try submit(server, [("Made-Up-Passwords", "right")]))
    for _ in 0..<5 { XCTAssertEqual(try server.client.get(path).status, 401, "none given is no guess") }
    for guess in 0..<10 {
      XCTAssertEqual(try server.client.get(path, [("Made-Up-Password", "wrong\(guess)")]).status, 401)
      XCTAssertEqual(
        try server.client.get(path, [("Made-Up-Password", guess < 9 ? "right" : "wrong")]).status, guess < 9 ? 200 : 429
      )
    }
    let closed = try server.client.get(path, [("Made-Up-Password", "right")])
    XCTAssertEqual(closed.status, 429)
    XCTAssertEqual(closed.json["code"]?.string, "too_many_passwords")
    XCTAssertNotNil(closed.header("Retry-After").flatMap { Int($0) })
    XCTAssertEqual(try server.client.get(other, [("Made-Up-Password", "right")]).status, 200, "another job's")
  }

  func testDownloadWithAPassword_OpensToEachOfThem_AndToNothingElse() throws {
    let server = try served()
    let id = try submit(server, [("Made-Up-Passwords", "first,pässwört")])
    let path = try link(server, id)
    for fields in [
      [], [("Made-Up-Password", "else")], [("Made-Up-Password", "")], [("Authorization", "Bearer first")],
      // Where other dialects' clients put it is none of these clients' places.
      [("Authorization", "Basic " + Base64.encode(Array("x:first".utf8)))],
    ] {
      let reply = try server.client.get(path, fields)
      XCTAssertEqual(reply.status, 401, reply.text)
      XCTAssertEqual(reply.json["code"]?.string, "download_password_required")
      XCTAssertTrue(reply.header("WWW-Authenticate")?.hasPrefix("Basic ") ?? false)
    }
    for password in ["first", "pässwört"] {
      let reply = try server.client.get(path, [("Made-Up-Password", password)])
      XCTAssertEqual(reply.status, 200, reply.text)
      XCTAssertEqual(reply.body.prefix(3), [0xFF, 0xD8, 0xFF])
    }
    // Nothing of it is in the database's file in the clear.
    for name in ["wonder.db", "wonder.db-wal"] {
      let bytes = (try? FileBytes.read(server.dataPath + "/" + name, atMost: 1 << 26)) ?? []
      XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains("pässwört"), name)
    }
  }

  func testArchiveOfABatch_OpensToWhatItsFilesOpenTo() throws {
    let server = try served()
    let id = try submit(server, [("Made-Up-Passwords", "word"), ("Made-Up-Batch", "zip")])
    _ = try server.ended(String(id.dropFirst(MadeUp.prefix.count)))
    let list = try server.client.get("/api/v1/batches", key: server.key)
    let name = try XCTUnwrap(list.text.firstMatch(of: /bat_[a-z0-9]+/)).output
    var shown = list
    repeat {
      shown = try server.client.get("/api/v1/batches/\(name)", key: server.key)
      sched_yield()
    } while shown.json["batch"]?["status"]?.string == "processing"
    let path = server.path(of: shown.json["batch"]?["download_url"]?.string)
    XCTAssertEqual(try server.client.get(path).status, 401, shown.text)
    XCTAssertEqual(try server.client.get(path, [("Made-Up-Password", "word")]).status, 200)
  }
}
