import Basics
import Conversion
import HTTP
import Storage
import TestSupport
import XCTest

@testable import Dialects

/// Convertly's tools for pictures, with what is built in.
final class ConvertlyToolsTests: XCTestCase {
  private let photo = SamplePictures.photo

  private func run(
    _ client: ConvertlyClient, _ tool: String, _ fields: [(String, String)], _ form: MultipartForm? = nil
  ) throws -> TestReply {
    let form = form ?? MultipartForm().file("files", "photo.png", photo).file("file", "photo.png", photo)
    return try client.post("/api/media/" + tool, fields.reduce(form) { $0.field($1.0, $1.1) })
  }

  private func sides(_ reply: TestReply) -> [Int64?] {
    ["width", "height"].map { reply.json["files"]?[0]?[$0]?.integer }
  }

  func testPictureTools_AnswerLikeAConversion() throws {
    let client = ConvertlyClient(server: try TestServer())
    let cases: [(String, [(String, String)], [Int64?], String)] = [
      ("thumbnail", [("timestamp", "1")], [512, 512], "photo.jpg"),
      ("thumbnail", [("width", "64"), ("height", "64"), ("fit", "inside"), ("format", "png")], [64, 43], "photo.png"),
      ("transform", [("format", "png"), ("preset", "avatar"), ("rotate", "0")], [256, 256], "photo.png"),
      (
        "transform",
        [("format", "jpg"), ("cropLeft", "10"), ("cropTop", "5"), ("cropWidth", "100"), ("cropHeight", "50")],
        [100, 50], "photo.jpg"
      ),
      ("transform", [("format", "jpg"), ("rotate", "-90"), ("flip", "true"), ("width", "")], [213, 320], "photo.jpg"),
      (
        "adjust", [("brightness", "1.2"), ("saturation", "0"), ("contrast", "1"), ("hue", "0")], [320, 213], "photo.png"
      ),
    ]
    for (tool, fields, expected, name) in cases {
      let reply = try run(client, tool, fields)
      XCTAssertEqual(reply.status, 200, "\(tool): \(reply.text)")
      XCTAssertEqual(sides(reply), expected, "\(tool) \(fields)")
      XCTAssertEqual(reply.json["files"]?[0]?["filename"]?.string, name)
      XCTAssertFalse(try client.file(reply).isEmpty)
    }
  }

  /// What a program of others writes is cut and turned before, by what is built in.
  func testPictureTools_WithAFormatOfAProgram_DoWhatTheySay() throws {
    let client = ConvertlyClient(server: try TestServer())
    let plain = try run(client, "transform", [("format", "webp")])
    if plain.status == 403 { throw XCTSkip("no program that writes WebP is installed") }
    for (fields, expected) in [
      ([("fit", "cover")], [30, 30]), ([("fit", "fill")], [30, 30]), ([("fit", "outside")], [45, 30]),
      ([("fit", "cover"), ("rotate", "90")], [30, 30]),
    ] as [([(String, String)], [Int64])] {
      let reply = try run(client, "transform", [("format", "webp"), ("width", "30"), ("height", "30")] + fields)
      XCTAssertEqual(sides(reply), expected, "\(fields): \(reply.text)")
    }
    XCTAssertEqual(
      sides(try run(client, "thumbnail", [("width", "32"), ("height", "32"), ("format", "webp")])), [32, 32])
  }

  func testInspect_TellsInTheAnswer_AndInAFile() throws {
    let client = ConvertlyClient(server: try TestServer())
    let reply = try run(client, "inspect", [("saveToStorage", "false")])
    XCTAssertEqual(reply.status, 200, reply.text)
    let media = try XCTUnwrap(reply.json["media"])
    XCTAssertEqual(media["filename"]?.string, "photo.png")
    XCTAssertEqual(media["mimeType"]?.string, "image/png")
    XCTAssertEqual(media["sizeBytes"]?.integer, Int64(photo.count))
    XCTAssertEqual(media["kind"]?.string, "image")
    XCTAssertEqual(media["format"]?.string, "png")
    XCTAssertEqual(media["width"]?.integer, 320)
    XCTAssertEqual(media["duration"], .null)
    XCTAssertEqual(media["streams"], .array([]))
    XCTAssertEqual(try JSONReader.parse(client.file(reply))["height"]?.integer, 213)
  }

  func testWatermark_LaysAPictureOverAnother() throws {
    let client = ConvertlyClient(server: try TestServer())
    let form = MultipartForm().file("file", "photo.png", photo)
    let reply = try run(
      client, "watermark", [("position", "center"), ("opacity", "0.5"), ("margin", "4"), ("text", "")],
      form.file("watermarkFile", "logo.png", photo))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertNotEqual(try client.file(reply), photo)
    XCTAssertEqual(try run(client, "watermark", [], form).status, 400)
  }

  func testImagesToPDF_TakeOneFileOrMany() throws {
    let client = ConvertlyClient(server: try TestServer())
    let many = MultipartForm().file("files", "a.png", photo).file("files", "b.png", photo)
    for (form, pages) in [(many, 2), (MultipartForm().file("file", "a.png", photo), 1)] {
      let reply = try run(client, "image-to-pdf", [("pageSize", "a4"), ("saveToStorage", "false")], form)
      XCTAssertEqual(reply.status, 200, reply.text)
      XCTAssertEqual(reply.json["files"]?.array?.count, 1)
      XCTAssertEqual(reply.json["files"]?[0]?["mimeType"]?.string, "application/pdf")
      let text = String(decoding: try client.file(reply), as: UTF8.self)
      XCTAssertTrue(text.contains("/Count \(pages)"), "\(pages) pages")
    }
  }

  func testAsync_IsAJobOfItsTool() throws {
    let client = ConvertlyClient(server: try TestServer())
    for field in ["async", "background"] {
      let reply = try run(client, "thumbnail", [(field, "true")])
      XCTAssertEqual(reply.status, 202, reply.text)
      XCTAssertEqual(reply.json["tool"]?.string, "thumbnail")
      let job = try client.ended(reply.json["jobId"]?.string ?? "")
      XCTAssertEqual(job.json["jobType"]?.string, "media_tool", job.text)
      XCTAssertEqual(job.json["tool"]?.string, "thumbnail")
      XCTAssertNotNil(job.json["results"]?[0]?["downloadUrl"]?.string)
    }
  }

  func testWhatATool_DoesNotHave_IsSaid() throws {
    let client = ConvertlyClient(server: try TestServer(makers: Makers.all))
    let text = MultipartForm().file("file", "a.txt", Array("words".utf8))
    for (tool, fields, form, status, words) in [
      ("strip-metadata", [], nil, 403, "libimage-exiftool-perl"),
      ("remove-background", [], nil, 403, "Removing backgrounds"),
      ("adjust", [("sharpen", "true")], nil, 403, "Sharpening"),
      ("watermark", [("text", "mine")], nil, 403, "librsvg2-bin"),
      ("trim", [], nil, 400, "trim takes video, audio, and this file is png"),
      ("thumbnail", [("fit", "tight")], nil, 400, "valid: cover, contain"),
      ("thumbnail", [("width", "0")], nil, 400, "width must be a whole number"),
      ("thumbnail", [("format", "gif")], nil, 400, "valid: jpg, png, webp, avif"),
      ("transform", [("rotate", "45")], nil, 400, "multiple of 90"),
      ("pdf-preview", [], nil, 400, "pdf-preview takes document"),
      ("thumbnail", [], text, 400, "thumbnail takes image, video"),
    ] as [(String, [(String, String)], MultipartForm?, Int, String)] {
      let reply = try run(client, tool, fields, form)
      XCTAssertEqual(reply.status, status, "\(tool): \(reply.text)")
      XCTAssertTrue(reply.json["error"]?.string?.contains(words) ?? false, "\(words): \(reply.text)")
    }
  }
}
