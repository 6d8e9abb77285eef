import Basics
import Conversion
import Formats
import Foundation
import Glibc
import Storage
import TestSupport
import XCTest

/// Jobs that make one output of several files, or lay one over the others.
final class TogetherTests: XCTestCase {
  private let photo = SamplePictures.photo

  func testMerge_MakesOneDocumentOfAllPictures() throws {
    let server = try TestServer()
    let jpeg = try server.outputs(of: .conversion().file("files[]", "b.png", photo))[0].body
    let form = MultipartForm.conversion(from: "auto", to: "pdf").field("options[merge]", "true")
      .file("files[]", "a.png", photo).file("files[]", "b.jpg", jpeg)
    let made = try server.outputs(of: form)
    XCTAssertEqual(made.map(\.name), ["a.pdf"])
    XCTAssertTrue(String(decoding: made[0].body, as: UTF8.self).contains("/Count 2"))
  }

  func testWatermark_ChangesEveryOutput() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion(to: "bmp").file("files[]", "a.png", photo).file("files[]", "b.png", photo)
    let plain = try server.outputs(of: form)
    let marked = try server.outputs(
      of: form.field("options[watermark_scale]", "20").field("options[watermark_position]", "top-left")
        .file("watermark", "logo.png", photo))
    XCTAssertEqual(marked.map(\.name), ["a.bmp", "b.bmp"])
    for (one, other) in zip(plain, marked) {
      XCTAssertEqual(one.body.count, other.body.count)
      XCTAssertNotEqual(one.body, other.body)
    }
    let bad = try server.submit(form.file("watermark", "logo.png", Array("text".utf8)))
    XCTAssertEqual(bad.json["errors"]?["watermark"]?[0]?.string?.hasPrefix("logo.png is text"), true, bad.text)
  }

  /// Each further page would leave a file open that has no name any more.
  func testWatermark_OfSeveralPages_IsItsFirst_AndLeavesNothingOpen() throws {
    let toolbox = Toolbox.find()
    try XCTSkipIf(
      toolbox.path(of: Program("vipsthumbnail", package: "libvips-tools")) == nil,
      "vipsthumbnail is not here: apt-get install libvips-tools")
    let server = try TestServer(makers: Makers.all, toolbox: toolbox)
    let form = MultipartForm.conversion(to: "bmp").file("files[]", "a.png", photo).file("files[]", "b.png", photo)
    let plain = try server.outputs(of: form)
    let marked = try server.outputs(
      of: form.field("options[watermark_scale]", "20")
        .file("watermark", "logo.tiff", TIFFPages.bytes([(10, 80), (130, 90), (250, 70)])))
    for (one, other) in zip(plain, marked) { XCTAssertNotEqual(one.body, other.body) }
    let open = try FileTree.names(in: "/proc/self/fd").compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)
    }
    XCTAssertEqual(open.filter { $0.hasPrefix(server.dataPath + "/spool/") }, [])
  }

  func testCompare_TakesExactlyTwo() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion(to: "json").field("options[compare]", "true").file("files[]", "a.png", photo)
    let one = try server.submit(form)
    XCTAssertEqual(one.json["errors"]?["options[compare]"]?[0]?.string, "exactly two pictures are compared, not 1")
    let made = try server.outputs(of: form.file("files[]", "b.png", photo))
    XCTAssertEqual(made.count, 1)
    let measures = try JSONReader.parse(made[0].body)
    XCTAssertEqual(measures["ae"]?.integer, 0)
    XCTAssertEqual(measures["width"]?.integer ?? 320, 320)
  }

  func testZip_HoldsTheFilesAsTheyAre_WhateverTheyAre() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion(from: "auto", to: "zip", type: "archive")
      .file("files[]", "a.png", photo).file("files[]", "../A.PNG", photo).file("files[]", "n.bin", [0, 1, 2])
    let made = try server.outputs(of: form)
    XCTAssertEqual(made.map(\.name), ["archive.zip"])
    let path = server.directory.path + "/a.zip"
    try Data(made[0].body).write(to: URL(filePath: path))
    let script =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), [(i.filename, i.file_size) for i in z.infolist()])"
    let result = try Shell.run(["python3", "-c", script, path])
    XCTAssertEqual(
      result.text,
      "None [('a.png', \(photo.count)), ('A-2.PNG', \(photo.count)), ('n.bin', 3)]\n")
  }

  func testArchive_PacksTheOutputs() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().field("archive", "zip").file("files[]", "a.png", photo)
    XCTAssertEqual(try server.outputs(of: form).map(\.name), ["a.zip"])
    let two = try server.outputs(of: form.file("files[]", "b.png", photo))
    XCTAssertEqual(two.map(\.name), ["archive.zip"])
    XCTAssertEqual(Array(two[0].body.prefix(4)), [0x50, 0x4B, 3, 4])
    let bad = try server.submit(.conversion().field("archive", "rar").file("files[]", "a.png", photo))
    XCTAssertEqual(bad.json["errors"]?["archive"]?[0]?.string, "\"rar\" cannot be made; valid: zip")
  }

  func testSums_AreMadeOfAnyFile() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion(from: "auto", to: "sha256", type: "other").file(
      "files[]", "x", Array("abc".utf8))
    let made = try server.outputs(of: form)
    XCTAssertEqual(made.map(\.name), ["x.sha256"])
    XCTAssertEqual(
      String(decoding: made[0].body, as: UTF8.self).prefix(64),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  func testFilesThatCannotBecomeTheTarget_AreNamed() throws {
    let server = try TestServer()
    let reply = try server.submit(
      .conversion(from: "auto").file("files[]", "a.png", photo).file("files[]", "notes.txt", Array("hello".utf8)))
    XCTAssertEqual(
      reply.json["errors"]?["files[]"]?[0]?.string, "notes.txt is text, which cannot be made into JPEG")
    while try !server.files().isEmpty { sched_yield() }
  }

  func testPresets_GiveTargetAndOptions() throws {
    let server = try TestServer()
    func send(_ method: String, _ path: String, _ body: String = "") throws -> TestReply {
      try server.client.send(
        method, path, key: server.key, [("Content-Type", "application/json")], body: Array(body.utf8))
    }
    let made = try send("POST", "/api/v1/presets", #"{"name":"web","to":"jpg","options":{"quality":20,"width":100}}"#)
    XCTAssertEqual(made.status, 201, made.text)
    XCTAssertEqual(made.json["preset"]?["options"]?["quality"]?.integer, 20)
    XCTAssertEqual(
      try send("POST", "/api/v1/presets", #"{"name":"web","to":"jpg","options":{"width":90}}"#).status, 200)
    let form = MultipartForm().field("conversion_type", "image").field("from", "png").field("preset", "web")
      .file("files[]", "a.png", photo)
    let small = try server.outputs(of: form)
    XCTAssertEqual(small.map(\.name), ["a.jpg"])
    // What the request itself says counts more.
    let large = try server.outputs(of: form.field("options[width]", "300"))
    XCTAssertLessThan(small[0].body.count, large[0].body.count)
    let unknown = try server.submit(.conversion().field("preset", "print").file("files[]", "a.png", photo))
    XCTAssertEqual(
      unknown.json["errors"]?["preset"]?[0]?.string, "\"print\" is not a preset of this workspace; valid: web")
    for (body, field) in [
      (#"{"name":"A b","to":"jpg"}"#, "name"), (#"{"name":"a","to":"docx"}"#, "to"),
      (#"{"name":"a","to":"jpg","options":{"quality":0}}"#, "options[quality]"), (#"{"to":"jpg"}"#, "name"),
      (#"{"name":"a","to":"jpg","options":7}"#, "options"), (#"{"name":"a","to":"jpg","more":7}"#, "more"),
    ] {
      let reply = try send("POST", "/api/v1/presets", body)
      XCTAssertEqual(reply.status, 422, body)
      XCTAssertNotNil(reply.json["errors"]?[field], reply.text)
    }
    XCTAssertEqual(try send("GET", "/api/v1/presets").json["presets"]?.array?.count, 1)
    XCTAssertEqual(try send("GET", "/api/v1/presets/web").json["preset"]?["to"]?.string, "jpeg")
    XCTAssertEqual(try send("DELETE", "/api/v1/presets/web").status, 200)
    XCTAssertEqual(try send("GET", "/api/v1/presets/web").status, 404)
  }
}
