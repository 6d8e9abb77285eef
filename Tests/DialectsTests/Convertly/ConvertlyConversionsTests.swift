import Basics
import Conversion
import HTTP
import Storage
import TestSupport
import XCTest

@testable import Dialects

/// Files by Convertly's API while the client waits, as its libraries send them.
final class ConvertlyConversionsTests: XCTestCase {
  private let photo = SamplePictures.photo
  private let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF]

  func testFile_IsConverted_AndItsAnswerHasTheVendorsFields() throws {
    let server = try TestServer()
    let client = ConvertlyClient(server: server)
    let reply = try client.post(
      "/api/convert",
      MultipartForm().file("files", "photo.png", photo).field("format", "jpg").field("compression", "60").field(
        "resize", ""
      ).field("resizeWidth", "").field("saveToStorage", "false"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.header("content-type"), "application/json")
    let bytes = try client.file(reply)
    XCTAssertEqual(bytes.prefix(3), jpeg[...])
    let file = try XCTUnwrap(reply.json["files"]?[0])
    XCTAssertEqual(file["filename"]?.string, "photo.jpg")
    XCTAssertEqual(file["originalSize"]?.integer, Int64(photo.count))
    XCTAssertEqual(file["finalSize"]?.integer, Int64(bytes.count))
    XCTAssertEqual(file["mimeType"]?.string, "image/jpeg")
    XCTAssertEqual(file["appliedQuality"]?.integer, 60)
    XCTAssertEqual(file["storedFileId"], .null)
    let saved = try XCTUnwrap(file["savedPercent"]?.decimal)
    XCTAssertEqual(saved, Double(photo.count - bytes.count) * 100 / Double(photo.count), accuracy: 0.1)
    XCTAssertEqual(reply.json["storage"]?["saved"]?.boolean, false)
    XCTAssertNotNil(reply.header("x-ratelimit-limit-minute") ?? "no limit")
  }

  func testPerFileArrays_GiveEachFileItsOwn_InTheOrderOfTheFiles() throws {
    let server = try TestServer()
    let client = ConvertlyClient(server: server)
    let form = MultipartForm().file("files", "a.png", photo).file("files", "b.png", photo)
      .file("files", "a.png", photo)
    let reply = try client.post(
      "/api/convert",
      form.field("formats", #"["jpg","bmp","jpg"]"#).field("compressions", #"[10,82,null]"#).field(
        "resizes", #"["width","original","square"]"#
      ).field("resizeWidths", "[40,null,30]"))
    XCTAssertEqual(reply.status, 200, reply.text)
    let files = try XCTUnwrap(reply.json["files"]?.array)
    XCTAssertEqual(files.map { $0["filename"]?.string }, ["a.jpg", "b.bmp", "a-2.jpg"])
    XCTAssertEqual(files.map { $0["width"]?.integer }, [40, 320, 30])
    XCTAssertEqual(files.map { $0["height"]?.integer }, [27, 213, 30])
    XCTAssertEqual(files.map { $0["appliedQuality"]?.integer }, [10, nil, 82])
    for (arrays, words) in [
      (#"["jpg","png"]"#, "formats has 2 values for 3 files"), (#"{"a":1}"#, "formats must be a JSON array"),
    ] {
      let wrong = try client.post("/api/convert", form.field("formats", arrays))
      XCTAssertEqual(wrong.status, 400)
      XCTAssertTrue(wrong.json["error"]?.string?.contains(words) ?? false, wrong.text)
    }
  }

  func testAppliedQuality_IsTheOneThatWasTaken_AlsoWhereItIsTheUsualOne() throws {
    let client = ConvertlyClient(server: try TestServer())
    func quality(_ path: String, _ form: MultipartForm) throws -> JSONValue? {
      let reply = try client.post(path, form)
      XCTAssertEqual(reply.status, 200, reply.text)
      return reply.json["files"]?[0]?["appliedQuality"]
    }
    let picture = MultipartForm().file("files", "a.png", photo)
    for value in [84, 85, 86] {
      XCTAssertEqual(
        try quality("/api/convert", picture.field("format", "jpg").field("compression", "\(value)")),
        .integer(Int64(value)))
    }
    for target in ["png", "pdf", "zip"] {
      XCTAssertEqual(
        try quality("/api/convert", picture.field("format", target).field("compression", "85")), .null, target)
    }
    let jpeg = try client.file(client.post("/api/convert", picture.field("format", "jpg").field("compression", "95")))
    let form = MultipartForm().file("files", "a.jpg", jpeg)
    XCTAssertEqual(try quality("/api/compress", form.field("quality", "85")), .integer(85))
    XCTAssertEqual(
      try quality("/api/compress", form.field("mode", "target-size").field("targetBytes", "6000")), .null)
  }

  func testOneBadFile_LeavesItsPlaceToItsReason() throws {
    let client = ConvertlyClient(server: try TestServer())
    let reply = try client.post(
      "/api/convert",
      MultipartForm().file("files", "good.png", photo).file("files", "bad.png", Array(photo.prefix(300))).file(
        "files", "fine.png", photo
      ).field("format", "jpg"))
    XCTAssertEqual(reply.status, 200, reply.text)
    let files = try XCTUnwrap(reply.json["files"]?.array)
    XCTAssertEqual(files.map { $0["filename"]?.string }, ["good.jpg", "bad.png", "fine.jpg"])
    XCTAssertEqual(files[1]["downloadUrl"], .null)
    XCTAssertNotNil(files[1]["error"]?.string)
    XCTAssertEqual(try client.file(reply, 2).prefix(3), jpeg[...])
    let alone = try client.post(
      "/api/convert", MultipartForm().file("files", "bad.png", Array(photo.prefix(300))).field("format", "jpg"))
    XCTAssertEqual(alone.status, 400, alone.text)
    XCTAssertNotNil(alone.json["code"]?.string)
  }

  func testSameFileUnderTwoNames_CountsOnce() throws {
    let client = ConvertlyClient(server: try TestServer())
    let form = MultipartForm().file("files", "a.png", photo).file("file", "a.png", photo)
    for (path, form) in [("/api/convert", form.field("format", "jpg")), ("/api/compress", form)] {
      let reply = try client.post(path, form)
      XCTAssertEqual(reply.status, 200, reply.text)
      XCTAssertEqual(reply.json["files"]?.array?.count, 1, path)
    }
  }

  func testFilesIntoOneArchive() throws {
    let client = ConvertlyClient(server: try TestServer())
    let reply = try client.post(
      "/api/convert",
      MultipartForm().file("files", "a.png", photo).file("files", "b.png", photo).field("format", "zip"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.json["files"]?.array?.count, 1)
    XCTAssertEqual(reply.json["files"]?[0]?["originalSize"]?.integer, Int64(2 * photo.count))
    XCTAssertEqual(Array(try client.file(reply).prefix(2)), Array("PK".utf8))
  }

  func testCompress_MakesAFileSmaller_OrAsSmallAsIsAsked() throws {
    let client = ConvertlyClient(server: try TestServer())
    let jpeg = try client.file(
      client.post(
        "/api/convert", MultipartForm().file("files", "a.png", photo).field("format", "jpg").field("compression", "95"))
    )
    let form = MultipartForm().file("files", "a.jpg", jpeg)
    let byQuality = try client.post("/api/compress", form.field("quality", "30"))
    XCTAssertEqual(byQuality.status, 200, byQuality.text)
    XCTAssertEqual(byQuality.json["files"]?[0]?["mimeType"]?.string, "image/jpeg")
    XCTAssertLessThan(byQuality.json["files"]?[0]?["finalSize"]?.integer ?? .max, Int64(jpeg.count / 2))
    let bySize = try client.post("/api/compress", form.field("mode", "target-size").field("targetBytes", "6000"))
    XCTAssertEqual(bySize.status, 200, bySize.text)
    XCTAssertLessThanOrEqual(bySize.json["files"]?[0]?["finalSize"]?.integer ?? .max, 6000)
    let picture = MultipartForm().file("files", "a.png", photo)
    XCTAssertEqual(try client.post("/api/compress", picture.field("lossless", "true")).status, 200)
    for (form, status, words) in [
      (form.field("mode", "target-size"), 400, "targetBytes is required"),
      (form.field("mode", "small"), 400, "mode \"small\" is not known; valid: quality, target-size"),
      (picture.field("mode", "target-size").field("targetBytes", "6000"), 400, "possible for jpeg and pdf"),
      (MultipartForm().file("files", "a.json", Array("{}".utf8)), 415, "json cannot be made smaller"),
      (MultipartForm().file("files", "a.pdf", Array("%PDF-1.4\n".utf8)), 403, "ghostscript"),
    ] {
      let reply = try client.post("/api/compress", form)
      XCTAssertEqual(reply.status, status, reply.text)
      XCTAssertTrue(reply.json["error"]?.string?.contains(words) ?? false, "\(words): \(reply.text)")
    }
  }

  func testWhatIsWrong_IsJSONWithAnError_AndNothingStays() throws {
    let server = try TestServer(makers: Makers.all)
    let client = ConvertlyClient(server: server)
    let file = MultipartForm().file("files", "a.png", photo)
    let cases: [(MultipartForm, Int, String, String)] = [
      (MultipartForm().field("format", "jpg"), 400, "invalid_fields", "files or sourceUrl is required"),
      (file, 400, "invalid_fields", "format is required"),
      (file.field("format", "jpg").field("compression", "0"), 400, "invalid_fields", "compression must be a whole"),
      (file.field("format", "jpg").field("resize", "tiny"), 400, "invalid_fields", "valid: original, website"),
      (file.field("format", "jpg").field("resize", "width"), 400, "invalid_fields", "resizeWidth is required"),
      (file.field("format", "jpg").field("mono", "maybe"), 400, "invalid_fields", "mono must be true or false"),
      (file.field("format", "7z"), 403, "not_available", "7-Zip"),
      (file.field("format", "webp"), 403, "not_available", "Debian package webp"),
      (file.field("format", "svg"), 403, "not_available", "potrace"),
      (file.field("format", "gold"), 400, "invalid_fields", "format \"gold\" is no format; valid: jpg"),
      (file.field("format", "jpg").field("sourceUrl", "http://x.example/a"), 400, "invalid_fields", "instead of"),
      (MultipartForm().file("files", "a.png", []).field("format", "jpg"), 400, "invalid_fields", "a.png is empty"),
      (file.file("logo", "a.png", photo).field("format", "jpg"), 400, "invalid_fields", "logo is not a field"),
    ]
    for (form, status, code, words) in cases {
      let reply = try client.post("/api/convert", form)
      XCTAssertEqual(reply.status, status, reply.text)
      XCTAssertEqual(reply.json["code"]?.string, code, reply.text)
      XCTAssertTrue(reply.json["error"]?.string?.contains(words) ?? false, "\(words): \(reply.text)")
      if let detail = reply.json["detail"] { XCTAssertNotNil(detail.string, "PHP takes it for a text") }
    }
    XCTAssertEqual(try server.files(), [])
    let stranger = try ConvertlyClient(server: server, key: "cvly_wrong").post("/api/convert", file)
    XCTAssertEqual(stranger.status, 401)
    XCTAssertNotNil(stranger.json["error"]?.string)
    XCTAssertNotNil(try client.post("/api/convert", json: "{}").json["error"]?.string)
  }

  func testMonth_IsToldOnEveryAnswer() throws {
    let server = try TestServer(plan: "pro")
    let client = ConvertlyClient(server: server)
    let before = try client.get("/api/jobs")
    let limit = try XCTUnwrap(before.header("x-ratelimit-limit-month").flatMap { Int($0) })
    XCTAssertEqual(before.header("x-ratelimit-remaining-month"), String(limit))
    XCTAssertNotNil(before.header("x-ratelimit-limit-minute"))
    let reply = try client.post("/api/convert", MultipartForm().file("files", "a.png", photo).field("format", "jpg"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.header("x-ratelimit-remaining-month"), String(limit - 1))
    let refused = try client.post("/api/convert", MultipartForm().field("format", "jpg"))
    XCTAssertEqual(refused.header("x-ratelimit-remaining-month"), String(limit - 1))
  }

  func testFileAtAnAddress_IsFetched() throws {
    let photo = photo
    let source = try WebhookReceiver { _ in
      .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \(photo.count)\r\n\r\n".utf8) + photo)
    }
    defer { source.close() }
    let client = ConvertlyClient(server: try TestServer(settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"]))
    let form = MultipartForm().field("sourceUrl", "http://127.0.0.1:\(source.port)/p/photo.png")
    let reply = try client.post("/api/convert", form.field("format", "jpg").field("resize", "email"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.json["files"]?[0]?["filename"]?.string, "photo.jpg")
    XCTAssertEqual(reply.json["files"]?[0]?["originalSize"]?.integer, Int64(photo.count))
    XCTAssertEqual(try client.post("/api/compress", form).status, 200)
  }

  func testPatienceThatIsOver_NamesTheJob() throws {
    let server = try TestServer(dialects: [.init { Convertly(parts: $0, patience: .zero) }])
    let client = ConvertlyClient(server: server)
    let reply = try client.post("/api/convert", MultipartForm().file("files", "a.png", photo).field("format", "jpg"))
    if reply.status == 200 { return }
    XCTAssertEqual(reply.status, 504)
    XCTAssertNotNil(reply.json["error"]?.string)
    let end = try client.ended(reply.json["jobId"]?.string ?? "")
    XCTAssertEqual(end.json["status"]?.string, "completed", end.text)
  }
}
