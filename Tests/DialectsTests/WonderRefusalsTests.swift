import Basics
import Glibc
import Synchronization
import TestSupport
import XCTest

/// What the house API says to bad input: a clear 4xx that names the field, and no file left behind.
final class WonderRefusalsTests: XCTestCase {
  private let photo = SamplePictures.photo

  private func fields(_ reply: TestReply) -> [String] {
    reply.json["errors"]?.members?.map(\.name) ?? []
  }

  private func problem(_ reply: TestReply, _ field: String) -> String {
    reply.json["errors"]?[field]?[0]?.string ?? ""
  }

  func testSubmit_WithoutOrWithWrongKey_Is401BeforeTheBodyIsRead() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "photo.png", photo)
    for (key, code) in [(nil, "missing_key"), ("wc_wrong", "invalid_key")] {
      let reply = try server.client.send(
        "POST", "/api/v1/jobs", key: key, [("Content-Type", form.contentType)], body: form.body)
      XCTAssertEqual(reply.status, 401)
      XCTAssertEqual(reply.json["status"]?.integer, 401)
      XCTAssertEqual(reply.json["code"]?.string, code)
      XCTAssertEqual(reply.json["request_id"]?.string, reply.header("X-Request-Id"))
      XCTAssertEqual(reply.header("WWW-Authenticate"), "Bearer")
      XCTAssertFalse(reply.text.contains("wc_wrong"))
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testSubmit_OnAPlanWithoutTheJobsAPI_Is403() throws {
    let server = try TestServer(plan: "starter")
    let reply = try server.submit(.conversion().file("files[]", "photo.png", photo))
    XCTAssertEqual(reply.status, 403)
    XCTAssertEqual(reply.json["code"]?.string, "plan_required")
    XCTAssertTrue(reply.json["message"]?.string?.contains("plan pro") ?? false)
  }

  func testSubmit_WithMissingFields_NamesThemAll() throws {
    let server = try TestServer()
    let reply = try server.submit(MultipartForm().field("total_files", "2"))
    XCTAssertEqual(reply.status, 422)
    XCTAssertEqual(reply.json["code"]?.string, "invalid_fields")
    XCTAssertEqual(fields(reply), ["conversion_type", "from", "to", "files[]", "total_files"])
    XCTAssertEqual(try server.files(), [])
  }

  func testSubmit_WithBadFields_SaysWhatIsValid() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "photo.png", photo)
    let cases: [(MultipartForm, String, String)] = [
      (MultipartForm.conversion(to: "docx").file("files[]", "p.png", photo), "to", "png, jpeg"),
      (MultipartForm.conversion(from: "docm").file("files[]", "p.png", photo), "from", "png, jpeg"),
      (MultipartForm.conversion(type: "video").file("files[]", "p.png", photo), "conversion_type", "valid: image"),
      (MultipartForm.conversion(type: "magic").file("files[]", "p.png", photo), "conversion_type", "valid: image"),
      (form.field("options[quality]", "101"), "options[quality]", "from 1 to 100"),
      (form.field("options[sparkle]", "1"), "options[sparkle]", "background, base, "),
      (form.field("total_files", "7"), "total_files", "1 files were sent"),
      (form.field("webhook_url", "ftp://x"), "webhook_url", "http:// or https://"),
      (form.field("webhook_url", "https://u:p@x/"), "webhook_url", "user name"),
      (MultipartForm.conversion().file("picture", "p.png", photo), "picture", "files[]"),
    ]
    for (form, field, text) in cases {
      let reply = try server.submit(form)
      XCTAssertEqual(reply.status, 422, field)
      XCTAssertTrue(problem(reply, field).contains(text), reply.text)
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testSubmit_OfFilesThatAreNotWhatTheySay_NamesBoth() throws {
    let server = try TestServer()
    let text = Array("just some text\n".utf8)
    let cases: [(String, [UInt8], String)] = [
      ("notes.png", text, "notes.png was declared as PNG but is text"), ("empty.png", [], "empty.png is empty"),
      ("zip.png", [0x50, 0x4B, 3, 4, 0, 0], "a ZIP archive"), ("jpeg.png", [0xFF, 0xD8, 0xFF, 0xE0], "a JPEG picture"),
    ]
    for (name, bytes, text) in cases {
      let reply = try server.submit(.conversion().file("files[]", name, bytes))
      XCTAssertEqual(reply.status, 422, name)
      XCTAssertTrue(problem(reply, "files[]").contains(text), reply.text)
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testSubmit_OfABodyThatIsNoForm_IsRefused() throws {
    let server = try TestServer()
    let cases: [(String?, [UInt8], Int)] = [
      ("text/plain", Array("x".utf8), 415), (nil, Array("x".utf8), 415),
      ("multipart/form-data", Array("x".utf8), 400), ("multipart/form-data; boundary=abc", Array("x".utf8), 400),
      (MultipartForm().contentType, MultipartForm.conversion().body.dropLast(8), 400),
    ]
    for (type, body, status) in cases {
      let headers = type.map { [("Content-Type", $0)] } ?? []
      let reply = try server.client.send("POST", "/api/v1/jobs", key: server.key, headers, body: body)
      XCTAssertEqual(reply.status, status, reply.text)
      XCTAssertEqual(reply.json["status"]?.integer, Int64(status))
    }
    XCTAssertEqual(try server.files(), [])
  }

  func testSubmit_OfTooMuch_IsRefusedFromItsContentLength() throws {
    let server = try TestServer(settings: ["WONDER_MAX_UPLOAD": "64KB"])
    let head =
      "POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nX-API-Key: \(server.key)\r\nContent-Length: 65537\r\n"
      + "Content-Type: \(MultipartForm().contentType)\r\n\r\n"
    let reply = try server.client.exchange(Array(head.utf8))
    XCTAssertEqual(reply.status, 413)
    XCTAssertTrue(reply.text.contains("65536"), reply.text)
    XCTAssertEqual(try server.submit(.conversion().file("files[]", "p.png", photo)).status, 413)
    XCTAssertEqual(try server.files(), [])
  }

  func testJob_OfATruncatedPicture_FailsWithAReasonAndLeavesNoFile() throws {
    let server = try TestServer()
    let id =
      try server.submit(.conversion().file("files[]", "half.png", Array(photo.prefix(photo.count / 2))))
      .json["request_id"]?.string ?? ""
    let reply = try server.ended(id)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "failed")
    XCTAssertEqual(reply.json["job"]?["error_code"]?.string, "damaged_file")
    XCTAssertFalse((reply.json["job"]?["error_message"]?.string ?? "").isEmpty)
    XCTAssertEqual(reply.json["outputs"], .array([]))
    // The file goes just after the commit that the client already sees.
    while try !server.files().isEmpty { sched_yield() }
  }

  func testAddresses_ThatDoNotExistOrTakeAnotherMethod() throws {
    let server = try TestServer()
    XCTAssertEqual(try server.client.get("/nothing", key: server.key).json["code"]?.string, "not_found")
    let reply = try server.client.send("PUT", "/api/v1/jobs", key: server.key, body: [])
    XCTAssertEqual(reply.status, 405)
    XCTAssertTrue(reply.header("Allow")?.contains("POST") ?? false)
  }

  func testIdempotencyKey_OfNastyText_Is400() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "photo.png", photo)
    for key in ["", " ", "a b", String(repeating: "k", count: 256), "é"] {
      let reply = try server.submit(form, [("Idempotency-Key", key)])
      XCTAssertEqual(reply.status, 400, key)
    }
    XCTAssertEqual(try server.submit(form, [("Idempotency-Key", String(repeating: "k", count: 255))]).status, 202)
  }

  func testLog_NeverShowsAToken() throws {
    let lines = Mutex("")
    let log = Log(write: { line in lines.withLock { $0 += String(decoding: line, as: UTF8.self) } })
    do {
      let server = try TestServer(log: log)
      for (method, path) in [
        ("GET", "/files/SECRET/a.jpg"), ("DELETE", "/files/SECRET/a.jpg"), ("GET", "/files/SECRET"),
      ] {
        _ = try server.client.send(method, path)
      }
    }
    let text = lines.withLock { $0 }
    XCTAssertTrue(text.contains("path=/files/..."), text)
    XCTAssertFalse(text.contains("SECRET"), text)
  }

  func testLink_ThatWasChangedOrHasExpired_GivesNoFile() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: ["WONDER_LINK_LIFETIME": "1h"], clock: clock.clock)
    let id = try server.submit(.conversion().file("files[]", "p.png", photo)).json["request_id"]?.string ?? ""
    let path = server.path(of: try server.ended(id).json["outputs"]?[0]?["download_url"]?.string)
    XCTAssertEqual(try server.client.get(path).status, 200)
    for index in [7, 20, 36, 60] {
      var characters = Array(path)
      characters[index] = characters[index] == "0" ? "1" : "0"
      XCTAssertEqual(try server.client.get(String(characters)).status, 404, String(characters))
    }
    clock.advance(by: .seconds(3601))
    XCTAssertEqual(try server.client.get(path).status, 410)
  }
}
