import Basics
import HTTP
import Storage
import TestSupport
import XCTest

@testable import Dialects

/// Files by Enconvert's API from end to end, as its clients send them.
final class EnconvertFilesTests: XCTestCase {
  private func convert(
    _ server: TestServer, _ conversion: String, _ form: MultipartForm, key: String? = nil,
    _ headers: [(String, String)] = []
  ) throws -> TestReply {
    try server.client.send(
      "POST", "/v1/convert/" + conversion, key: key ?? server.key, [("Content-Type", form.contentType)] + headers,
      body: form.body)
  }

  private let picture = MultipartForm().file("file", "photo.png", SamplePictures.photo)
  private let document = MultipartForm().file("file", "a.json", Array(#"{"a":[1,2]}"#.utf8))

  func testWithoutDirectDownload_TheAnswerIsCompactJSONWhoseAddressWorks() throws {
    let server = try TestServer()
    let reply = try convert(server, "png-to-jpeg", picture)
    XCTAssertEqual(reply.status, 200, reply.text)
    let address = try XCTUnwrap(reply.text.firstMatch(of: /"presigned_url":"([^"]*)"/)).1
    XCTAssertTrue(address.hasPrefix("http://127.0.0.1:"), reply.text)
    let file = try server.client.get(server.path(of: String(address)))
    XCTAssertEqual(Array(file.body.prefix(2)), [0xFF, 0xD8])
    XCTAssertEqual(reply.json["file_size"]?.integer, Int64(file.body.count))
    let name = try XCTUnwrap(reply.json["filename"]?.string)
    XCTAssertNotNil(name.wholeMatch(of: /photo_\d{8}_\d{9}\.jpeg/), name)
    XCTAssertNotNil(reply.json["conversion_time_seconds"]?.decimal)
    let key = try XCTUnwrap(reply.json["object_key"]?.string)
    XCTAssertEqual(reply.header("X-Object-Key"), key)
    XCTAssertEqual(reply.header("X-File-Size"), String(file.body.count))
    XCTAssertNotNil(reply.header("X-Conversion-Time")?.wholeMatch(of: /\d+\.\d\d/))
    XCTAssertEqual(reply.header("X-Filename"), name)
    XCTAssertNotNil(reply.header("RateLimit-Limit") ?? "no limit")
    XCTAssertEqual(try server.client.get("/v1/convert/download/" + key, key: server.key).body, file.body)
    let state = try server.client.get(
      "/v1/convert/status/" + (reply.json["job_id"]?.string ?? ""), key: server.key)
    XCTAssertEqual(state.json["status"]?.string, "success", state.text)
    XCTAssertEqual(state.json["object_key"]?.string, key)
  }

  func testDirectDownload_GivesTheBytes() throws {
    let server = try TestServer()
    let reply = try convert(
      server, "json-to-yaml", document.field("direct_download", "true").field("output_filename", "list.txt"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertTrue(reply.text.hasPrefix("a:\n"), reply.text)
    XCTAssertTrue(reply.header("Content-Disposition")?.hasPrefix("attachment; filename=\"list_") ?? false)
    XCTAssertTrue(reply.header("Cache-Control")?.contains("no-transform") ?? false)
    XCTAssertNotNil(reply.header("X-Object-Key"))
  }

  func testJobID_NamesTheJob_Once_AndForItsOwnWorkspace() throws {
    let server = try TestServer()
    let name = "0123456789abcdef0123456789abcdef"
    let form = document.field("job_id", name)
    XCTAssertEqual(try convert(server, "json-to-yaml", form).json["job_id"]?.string, name)
    for conversion in ["json-to-yaml", "json-to-xml"] {
      let again = try convert(server, conversion, form)
      XCTAssertEqual(again.status, 409)
      XCTAssertEqual(again.json["detail"]?.string, "job_id already in use")
    }
    XCTAssertEqual(
      try server.client.get("/v1/convert/status/" + name, key: server.key).json["status"]?.string, "success")
    _ = try server.admin("POST", "/workspaces", #"{"slug":"other","plan":"pro"}"#)
    let other = try server.admin("POST", "/keys", #"{"workspace":"other"}"#).json["key"]?["key"]?.string ?? ""
    let reply = try server.client.get("/v1/convert/status/" + name, key: other)
    XCTAssertEqual(reply.status, 404)
    XCTAssertNotNil(reply.json["detail"]?.string)
    let key = try convert(server, "json-to-xml", document).json["object_key"]?.string ?? ""
    XCTAssertEqual(try server.client.get("/v1/convert/download/" + key, key: other).status, 404)
    let elsewhere = key.replacing("/api-workspace/", with: "/other/")
    XCTAssertEqual(try server.client.get("/v1/convert/download/" + elsewhere, key: other).status, 404)
  }

  func testWhatIsWrong_Is4xx_AndNothingStays() throws {
    let server = try TestServer()
    let text = MultipartForm().file("file", "a.md", Array("# Heading\n".utf8))
    let cases: [(String, MultipartForm, Int, String)] = [
      ("png-to-jpeg", MultipartForm().field("x", "y"), 422, "file is required"),
      ("jpeg-to-png", picture, 400, "Invalid file format '.png'; jpeg-to-png takes .jpg, .jpeg"),
      ("png-to-jpeg", MultipartForm().file("file", "a.png", Array("text".utf8)), 400, "was declared as PNG"),
      ("csv-to-json", MultipartForm().file("file", "a.csv", []), 400, "a.csv is empty"),
      ("json-to-csv", MultipartForm().file("file", "a.json", Array("5".utf8)), 422, "JSON to CSV is not possible"),
      ("png-to-gold", picture, 400, "'png-to-gold' is no conversion of this API"),
      ("png-to-jpeg", picture.field("direct_download", "maybe"), 422, "direct_download must be true or false"),
      ("png-to-jpeg", picture.field("pdf_options", "{}x"), 422, "pdf_options must be a JSON object"),
      ("markdown-to-pdf", text.field("pdf_options", #"{"page_size":"A9"}"#), 422, "pdf_options.page_size"),
      ("markdown-to-pdf", text.field("pdf_options", #"{"sise":"A4"}"#), 422, "pdf_options.sise is not known"),
      ("anything-to-pdf", text.field("pdf_options", #"{"scale":1}"#), 422, "only grayscale is"),
      ("compress-image", picture.field("target_size_kb", "5"), 400, "possible for JPEG only"),
    ]
    for (conversion, form, status, words) in cases {
      let reply = try convert(server, conversion, form)
      XCTAssertEqual(reply.status, status, "\(conversion): \(reply.text)")
      XCTAssertTrue(reply.text.contains(words), "\(words): \(reply.text)")
      XCTAssertNotNil(reply.json["detail"], reply.text)
    }
    let list = try convert(server, "png-to-jpeg", MultipartForm().field("x", "y"))
    XCTAssertEqual(
      list.json["detail"]?[0]?.text,
      #"{"loc":["body","file"],"msg":"file file is required","type":"value_error"}"#
        .replacing("file file", with: "file"))
    XCTAssertEqual(list.json["errors"]?[0]?.string, "file is required")
  }

  func testPaper_IsThatOfThePDFOptions() throws {
    let server = try TestServer()
    let form = MultipartForm().file("file", "a.md", Array("# Heading\n".utf8)).field("direct_download", "true")
    let reply = try convert(
      server, "markdown-to-pdf",
      form.field(
        "pdf_options",
        #"{"page_size":"A5","orientation":"landscape","margins":{"top":30,"bottom":30,"left":30,"right":30}}"#))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertTrue(reply.text.contains("595.28 419.53"), String(reply.text.prefix(1000)))
  }

  func testPatienceThatIsOver_Is504_AndTheStateIsFoundByTheName() throws {
    let server = try TestServer(dialects: [.init { Enconvert(parts: $0, patience: .zero) }])
    let reply = try convert(server, "png-to-jpeg", picture.field("job_id", "mine"))
    if reply.status == 200 { return }
    XCTAssertEqual(reply.status, 504)
    XCTAssertEqual(reply.json["error"]?.string, "Request timeout")
    XCTAssertEqual(reply.json["job_id"]?.string, "mine")
    while true {
      let state = try server.client.get("/v1/convert/status/mine", key: server.key)
      XCTAssertEqual(state.status, 200)
      if state.json["status"]?.string != "processing" {
        XCTAssertEqual(state.json["status"]?.string, "success", state.text)
        break
      }
      sched_yield()
    }
  }

  func testConversionThatFails_SaysWhy_InTheAnswerAndInTheState() throws {
    let server = try TestServer()
    let broken = MultipartForm().file("file", "a.png", Array(SamplePictures.photo.prefix(200))).field(
      "job_id", "broken")
    let reply = try convert(server, "png-to-jpeg", broken)
    XCTAssertEqual(reply.status, 422, reply.text)
    XCTAssertNotNil(reply.json["code"]?.string)
    let state = try server.client.get("/v1/convert/status/broken", key: server.key)
    XCTAssertEqual(state.json["status"]?.string, "failed")
    XCTAssertEqual(state.json["error"]?.string, reply.json["error"]?.string)
  }

  func testQuota_Is402() throws {
    let server = try TestServer(
      plan: "free", prepare: { try $0.run("UPDATE plans SET jobs_per_month = 1 WHERE name = 'free'") })
    XCTAssertEqual(try convert(server, "json-to-yaml", document).status, 200)
    let reply = try convert(server, "json-to-yaml", document)
    XCTAssertEqual(reply.status, 402, reply.text)
    XCTAssertNotNil(reply.json["detail"]?.string)
  }

  func testRate_Is429_WithItsFields() throws {
    let server = try TestServer(
      plan: "pro", prepare: { try $0.run("UPDATE plans SET writes_per_minute = 1 WHERE name = 'pro'") })
    XCTAssertEqual(try convert(server, "json-to-yaml", document).header("RateLimit-Remaining"), "0")
    let reply = try convert(server, "json-to-yaml", document)
    XCTAssertEqual(reply.status, 429)
    XCTAssertNotNil(reply.header("Retry-After"))
    XCTAssertEqual(reply.header("RateLimit-Limit"), "1")
  }

  func testPublicKey_BecomesAToken_ThatConvertsAndDoesNothingElse() throws {
    let server = try TestServer()
    let page = ("Origin", "https://app.example.com")
    let key =
      try server.admin(
        "POST", "/keys", #"{"workspace":"api-workspace","kind":"public","origins":["https://app.example.com"]}"#
      ).json["key"]?["key"]?.string ?? ""
    let taken = try server.client.send("POST", "/v1/auth/token", key: key, [page])
    XCTAssertEqual(taken.status, 200, taken.text)
    let token = try XCTUnwrap(taken.json["access_token"]?.string)
    XCTAssertNotNil(token.wholeMatch(of: /[\w-]+\.[\w-]+\.[\w-]+/))
    func send(_ token: String, _ conversion: String, _ form: MultipartForm) throws -> TestReply {
      try server.client.send(
        "POST", "/v1/convert/" + conversion,
        [("Authorization", "Bearer " + token), ("Content-Type", form.contentType), page], body: form.body)
    }
    let reply = try send(token, "json-to-yaml", document)
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.header("Access-Control-Allow-Origin"), "https://app.example.com")
    XCTAssertEqual(try send(String(token.dropLast(2)) + "xx", "json-to-yaml", document).status, 401)
    let who = try server.client.send("GET", "/v1/whoami", [("Authorization", "Bearer " + token), page])
    XCTAssertEqual(who.status, 403)
    XCTAssertEqual(
      try server.client.send("POST", "/v1/auth/token", key: server.key).json["detail"]?.string?.contains("public key"),
      true)
    for body in [
      #"{"url":"http://127.0.0.1:9/"}"#, #"{"url":["http://127.0.0.1:9/","http://127.0.0.1:9/x"]}"#,
    ] {
      let reply = try server.client.send(
        "POST", "/v1/convert/url-to-pdf", key: key, [page, ("Content-Type", "application/json")],
        body: Array(body.utf8))
      XCTAssertEqual(reply.status, 403, reply.text)
      XCTAssertTrue(reply.json["detail"]?.string?.hasPrefix("A public key") ?? false, reply.text)
    }
  }

  func testWhoami_Verify_AndHealth() throws {
    let server = try TestServer()
    XCTAssertEqual(
      try server.client.get("/v1/whoami", key: server.key).text,
      #"{"project_id":"api-workspace","plan_slug":"enterprise"}"#)
    XCTAssertEqual(try server.client.get("/v1/auth/verify", key: server.key).json["valid"]?.boolean, true)
    XCTAssertEqual(try server.client.get("/v1/auth/verify").status, 401)
    XCTAssertEqual(try server.client.get("/health").status, 200)
    let absent = try server.client.send("POST", "/v2/lookup", key: server.key, body: [])
    XCTAssertEqual(absent.status, 402)
    XCTAssertEqual(absent.json["detail"]?.string, "Search in the web is not available on this server.")
  }

  func testTable_HasThe43Pairs_AndThreeThatTakeNearlyAnything() {
    XCTAssertEqual(EnconvertConversion.all.count, 46)
    XCTAssertEqual(Set(EnconvertConversion.all.map(\.name)).count, 46)
    XCTAssertEqual(EnconvertConversion.named("excel-to-pdf")?.endings.map(\.ending), ["xls", "xlsx"])
    XCTAssertEqual(EnconvertConversion.named("pdf-to-jpeg")?.options, ["dpi": "144", "quality": "100"])
  }
}
