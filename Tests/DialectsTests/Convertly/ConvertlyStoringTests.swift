import Basics
import HTTP
import Storage
import TestSupport
import XCTest

@testable import Dialects

/// Convertly's conversions whose files come from the store and stay there, and addresses that transform.
final class ConvertlyStoringTests: XCTestCase {
  private let photo = SamplePictures.photo

  func testSaveToStorage_KeepsUploadAndOutput_AndNamesTheStoredFile() throws {
    let client = ConvertlyClient(server: try TestServer())
    let form = MultipartForm().file("files", "a.png", photo).field("saveToStorage", "true")
    let reply = try client.post("/api/convert", form.field("format", "jpg"))
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.json["storage"]?["saved"]?.boolean, true, reply.text)
    let id = try XCTUnwrap(reply.json["files"]?[0]?["storedFileId"]?.string, reply.text)
    let file = try client.get("/api/files/" + id)
    XCTAssertEqual(file.json["file"]?["filename"]?.string, "a.jpg", file.text)
    let names = try client.get("/api/files").json["files"]?.array?.compactMap { $0["filename"]?.string }
    XCTAssertEqual(names?.sorted(), ["a.jpg", "a.png"])
    let tool = try client.post(
      "/api/media/thumbnail", MultipartForm().field("fileId", id).field("width", "20").field("height", "20"))
    XCTAssertEqual(tool.json["files"]?[0]?["width"]?.integer, 20, tool.text)
    XCTAssertEqual(tool.json["storage"]?["saved"]?.boolean, false)
    let both = try client.post(
      "/api/jobs", MultipartForm().field("fileIds", "[\"\(id)\",\"\(id)\"]").field("formats", #"["png","bmp"]"#))
    let job = try client.ended(both.json["jobId"]?.string ?? "")
    XCTAssertEqual(job.json["results"]?.array?.map { $0["filename"]?.string }, ["a.png", "a.bmp"], job.text)
    let strange = try client.post(
      "/api/convert", MultipartForm().field("fileId", "00000000-0000-8000-8000-000000000000").field("format", "jpg"))
    XCTAssertEqual(strange.status, 404)
    let twice = try client.post("/api/convert", form.field("fileId", id).field("format", "jpg"))
    XCTAssertEqual(twice.status, 400)
  }

  func testToolOnAStoredFile_StoresWhatItMakes_OrShowsIt() throws {
    let client = ConvertlyClient(server: try TestServer())
    let id =
      try client.post("/api/files", MultipartForm().file("file", "a.png", photo)).json["file"]?["id"]?.string ?? ""
    let path = "/api/files/\(id)/tools"
    let reply = try client.post(path, json: #"{"tool":"transform","params":{"format":"jpg","width":"20","height":20}}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertEqual(reply.json["file"]?["filename"]?.string, "a.jpg")
    XCTAssertEqual(reply.json["file"]?["width"]?.integer, 20)
    XCTAssertEqual(try client.get("/api/files").json["files"]?.array?.count, 2, "the source is not stored twice")
    let shown = try client.post(path, json: #"{"tool":"convert","params":{"format":"bmp"},"preview":true}"#)
    XCTAssertTrue(shown.json["preview"]?.string?.hasPrefix("data:image/bmp;base64,Qk") ?? false, shown.text)
    let logo = "data:image/png;base64," + Base64.encode(photo)
    let marked = try client.post(
      path, json: #"{"tool":"watermark","params":{"position":"center"},"watermarkLogoDataUrl":"\#(logo)"}"#)
    XCTAssertEqual(marked.json["file"]?["mime_type"]?.string, "image/png", marked.text)
    XCTAssertEqual(try client.get("/api/files").json["files"]?.array?.count, 3)
    for (body, status) in [
      (#"{"tool":"paint"}"#, 400), (#"{"tool":"remove-background"}"#, 403), ("{}", 400),
      (#"{"tool":"watermark","watermarkLogoDataUrl":"x"}"#, 400), (#"{"tool":"transform","params":{"fit":"x"}}"#, 400),
    ] {
      XCTAssertEqual(try client.post(path, json: body).status, status, body)
    }
    XCTAssertEqual(
      try client.post("/api/files/00000000-0000-8000-8000-000000000000/tools", json: #"{"tool":"gif"}"#).status, 404)
  }

  func testSignedTransform_IsAnAddressThatWorksWithoutAKey() throws {
    let photo = photo
    let source = try WebhookReceiver { _ in
      .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \(photo.count)\r\n\r\n".utf8) + photo)
    }
    defer { source.close() }
    let clock = FixedClock()
    let server = try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"], clock: clock.clock)
    let client = ConvertlyClient(server: server)
    let address = "http://127.0.0.1:\(source.port)/photo.png"
    let reply = try client.post(
      "/api/media/signed-transform",
      json: #"{"sourceUrl":"\#(address)","preset":"avatar","format":"png","quality":80,"expiresIn":120,"fit":null}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertNotNil(reply.json["expiresAt"]?.string)
    let path = server.path(of: reply.json["url"]?.string)
    let picture = try server.client.get(path)
    XCTAssertEqual(picture.status, 200, picture.text)
    XCTAssertEqual(picture.header("content-type"), "image/png")
    XCTAssertEqual(try server.client.get(path).body, picture.body)
    XCTAssertEqual(source.requests.count, 1, "the same address makes the picture once")
    XCTAssertEqual(try server.client.get(path + "x").status, 404)
    clock.advance(by: .seconds(121))
    XCTAssertEqual(try server.client.get(path).status, 410)
    for (body, status) in [
      (#"{"sourceUrl":"ftp:x"}"#, 400), (#"{"width":10}"#, 400), (#"{"sourceUrl":"\#(address)","fit":"odd"}"#, 400),
      (#"{"sourceUrl":"\#(address)","expiresIn":5}"#, 400), ("[]", 400),
    ] {
      let refused = try client.post("/api/media/signed-transform", json: body)
      XCTAssertEqual(refused.status, status, refused.text)
      XCTAssertNotNil(refused.json["error"]?.string)
    }
  }
}
