import Basics
import Formats
import Conversion
import Storage
import TestSupport
import XCTest

/// PDF documents rearranged by qpdf, through the API; skipped where the program is not.
final class QPDFTests: XCTestCase {
  private func server() throws -> TestServer {
    let toolbox = Toolbox.find()
    try XCTSkipIf(toolbox.path(of: Program("qpdf", package: "qpdf")) == nil, "qpdf is not here: apt-get install qpdf")
    return try TestServer(makers: Makers.all, toolbox: toolbox)
  }

  private func form(_ options: [String: String], to: String = "pdf", from: String = "pdf") -> MultipartForm {
    options.sorted { $0.key < $1.key }.reduce(.conversion(from: from, to: to, type: "document")) {
      $0.field("options[\($1.key)]", $1.value)
    }
  }

  /// The names and bytes of a job's outputs.
  private func outputs(_ server: TestServer, _ form: MultipartForm) throws -> [(name: String, bytes: [UInt8])] {
    let reply = try server.submit(form)
    let id = try XCTUnwrap(reply.json["request_id"]?.string, reply.text)
    let job = try server.ended(id)
    XCTAssertEqual(job.json["job"]?["status"]?.string, "completed", job.text)
    return try (job.json["outputs"]?.array ?? []).map { output in
      let file = try server.client.get(server.path(of: output["download_url"]?.string))
      return (output["file_name"]?.string ?? "", file.body)
    }
  }

  /// A document of one page, made here of the sample picture.
  private func page(_ server: TestServer) throws -> [UInt8] {
    let form = MultipartForm.conversion(from: "png", to: "pdf", type: "image").file(
      "files[]", "p.png", SamplePictures.photo)
    return try XCTUnwrap(try outputs(server, form).first?.bytes)
  }

  private func pages(_ bytes: [UInt8]) -> Int {
    String(decoding: bytes, as: UTF8.self).matches(of: /\/Type \/Page[^s]/).count
  }

  func testMerge_SplitAndPages_GiveTheDocumentsAskedFor() throws {
    let server = try server()
    let page = try page(server)
    let three = (1...3).reduce(form(["merge": "true"])) { $0.file("files[]", "\($1).pdf", page) }
    let whole = try outputs(server, three)
    XCTAssertEqual(whole.count, 1)
    XCTAssertEqual(pages(whole[0].bytes), 3)
    guard whole.count == 1 else { return }
    let split = try outputs(server, form(["split": "true"]).file("files[]", "all.pdf", whole[0].bytes))
    XCTAssertEqual(split.map(\.name), ["all-1.pdf", "all-2.pdf", "all-3.pdf"])
    XCTAssertEqual(split.map { pages($0.bytes) }, [1, 1, 1])
    let two = try outputs(
      server, form(["split": "true", "split_pages": "2"]).file("files[]", "all.pdf", whole[0].bytes))
    XCTAssertEqual(two.map { pages($0.bytes) }, [2, 1])
    let some = try outputs(
      server, form(["pages": "z,1", "linearize": "true"]).file("files[]", "all.pdf", whole[0].bytes))
    XCTAssertEqual(some.map { pages($0.bytes) }, [2])
    XCTAssertTrue(String(decoding: some[0].bytes.prefix(400), as: UTF8.self).contains("/Linearized"))
    let turned = try outputs(server, form(["rotate": "90"]).file("files[]", "p.pdf", page))
    XCTAssertTrue(String(decoding: turned[0].bytes, as: UTF8.self).contains("/Rotate 90"))
    XCTAssertEqual(try FileTree.names(in: server.dataPath + "/spool"), [])
  }

  func testMerge_OfPicturesAndDocuments_TakesEachOnItsWay() throws {
    let server = try server()
    let page = try page(server)
    let mixed = form(["merge": "true"], from: "auto").file("files[]", "a.png", SamplePictures.photo).file(
      "files[]", "b.pdf", page)
    let made = try outputs(server, mixed)
    XCTAssertEqual(made.map { pages($0.bytes) }, [2])
    let linear = try outputs(
      server, form(["linearize": "true", "width": "20"], from: "png").file("files[]", "a.png", SamplePictures.photo))
    XCTAssertTrue(String(decoding: linear[0].bytes.prefix(400), as: UTF8.self).contains("/Linearized"))
  }

  func testOverlay_LaysADocumentOverEachPage() throws {
    let server = try server()
    let page = try page(server)
    let made = try outputs(server, form([:]).file("files[]", "p.pdf", page).file("watermark", "mark.pdf", page))
    XCTAssertEqual(made.count, 1)
    XCTAssertGreaterThan(made[0].bytes.count, page.count)
    // A picture becomes a page first.
    let stamped = try outputs(
      server, form([:]).file("files[]", "p.pdf", page).file("watermark", "m.png", SamplePictures.photo))
    XCTAssertEqual(stamped.count, 1)
    XCTAssertGreaterThan(stamped[0].bytes.count, page.count)
    let wrong = try server.submit(form([:]).file("files[]", "p.pdf", page).file("watermark", "m.txt", Array("x".utf8)))
    XCTAssertEqual(wrong.status, 422)
    XCTAssertTrue(wrong.text.contains("and PDF is laid over here"), wrong.text)
  }

  func testWrongWishes_AreRefusedByName() throws {
    let server = try server()
    let page = try page(server)
    let cases = [
      (["pages": "0"], "pages"), (["pages": "1;2"], "pages"), (["pages": "1\n--password=x"], "pages"),
      (["pages": ".. "], "pages"), (["quality": "5"], "quality"), (["merge": "true", "split": "true"], "merge"),
    ]
    for (options, name) in cases {
      let reply = try server.submit(form(options).file("files[]", "p.pdf", page))
      XCTAssertEqual(reply.status, 422, "\(options)")
      XCTAssertTrue(reply.text.contains("options[\(name)]"), reply.text)
    }
  }

  func testDamagedAndLockedDocuments_FailAlone() throws {
    let server = try server()
    let page = try page(server)
    for (bytes, options, word) in [
      (Array("%PDF-1.7 nothing".utf8), [:], "damaged_file"), (page, ["pages": "7"], "unsupported_conversion"),
    ] as [([UInt8], [String: String], String)] {
      let id = try XCTUnwrap(
        try server.submit(form(options).file("files[]", "p.pdf", bytes)).json["request_id"]?.string)
      let job = try server.ended(id)
      XCTAssertEqual(job.json["job"]?["error_code"]?.string, word, job.text)
    }
  }

  func testPasswords_ProtectAndOpen_AndAreGoneWhenTheJobHasEnded() throws {
    let server = try server()
    let page = try page(server)
    let words = ["user_password": "-- pässwörd \"1\" \\", "owner_password": "the owner's"]
    let locked = try outputs(server, form(words).file("files[]", "p.pdf", page))[0].bytes
    XCTAssertTrue(String(decoding: locked, as: UTF8.self).contains("/Encrypt"))
    for (password, opens) in [("-- pässwörd \"1\" \\", true), ("the owner's", true), ("else", false), (nil, false)] {
      var options = ["decrypt": "true"]
      options["password"] = password
      let id = try XCTUnwrap(
        try server.submit(form(options).file("files[]", "p.pdf", locked)).json["request_id"]?.string)
      let job = try server.ended(id)
      XCTAssertEqual(job.json["job"]?["status"]?.string, opens ? "completed" : "failed", job.text)
      XCTAssertEqual(job.json["job"]?["error_code"]?.string, opens ? nil : "password_required", job.text)
      XCTAssertFalse(job.text.contains("the owner"), job.text)
      guard opens else { continue }
      let file = try server.client.get(server.path(of: job.json["outputs"]?[0]?["download_url"]?.string))
      XCTAssertFalse(String(decoding: file.body, as: UTF8.self).contains("/Encrypt"))
    }
    let both = form(["merge": "true", "password": "the owner's"])
      .file("files[]", "a.pdf", locked).file("files[]", "b.pdf", page)
    XCTAssertEqual(try outputs(server, both).map { pages($0.bytes) }, [2])
    let database = try Database(path: server.dataPath + "/wonder.db", mode: .reading)
    XCTAssertEqual(try database.all("SELECT value FROM secrets", row: { $0.text(0) }), [])
    for name in try FileTree.names(in: server.dataPath) where name.hasPrefix("wonder.db") {
      let bytes = try FileBytes.read(server.dataPath + "/" + name, atMost: 1 << 26)
      XCTAssertFalse(String(decoding: bytes, as: UTF8.self).contains("the owner's") && !name.hasSuffix("-wal"), name)
    }
  }

  func testPasswords_ThatCannotBe_AndPresetsWithOne_AreRefused() throws {
    let server = try server()
    let page = try page(server)
    for password in [String(repeating: "x", count: 128), "a\u{7}b"] {
      let reply = try server.submit(form(["user_password": password]).file("files[]", "p.pdf", page))
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.text.contains("options[user_password]"), reply.text)
      XCTAssertFalse(reply.text.contains("xxx"), reply.text)
    }
    let preset = try server.admin(
      "POST", "/presets",
      #"{"workspace":"api-workspace","name":"lock","to":"pdf","options":{"user_password":"abc"}}"#)
    XCTAssertEqual(preset.status, 422, preset.text)
    XCTAssertTrue(preset.text.contains("kept by no preset"), preset.text)
  }

  func testPages_BecomeOutputsWithTheirNumbers() throws {
    let server = try server()
    let poppler = Program("pdftoppm", package: "poppler-utils")
    try XCTSkipIf(Toolbox.find().path(of: poppler) == nil, "pdftoppm is not here: apt-get install poppler-utils")
    let page = try page(server)
    let whole = try outputs(
      server, form(["merge": "true"]).file("files[]", "a.pdf", page).file("files[]", "b.pdf", page))[0].bytes
    let drawn = try outputs(server, form(["width": "40"], to: "jpg").file("files[]", "all.pdf", whole))
    XCTAssertEqual(drawn.map(\.name), ["all-1.jpg", "all-2.jpg"])
    let cropped = try outputs(
      server, form(["crop_width": "10", "pages": "2"], to: "bmp").file("files[]", "all.pdf", whole))
    XCTAssertEqual(cropped.map(\.name), ["all.bmp"])
    let stamped = try outputs(
      server, form(["stamp_text": "Ü", "split": "true", "rotate": "90"]).file("files[]", "all.pdf", whole))
    XCTAssertEqual(stamped.map(\.name), ["all-1.pdf", "all-2.pdf"])
    for (name, value) in [("stamp_text", "日本"), ("compress", "much"), ("pdfa", "2a"), ("stamp_pages", "0")] {
      let reply = try server.submit(form([name: value]).file("files[]", "p.pdf", page))
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.text.contains("options[\(name)]"), reply.text)
    }
  }

  func testWithoutTheProgram_RefusalAndListNameItsPackage() throws {
    let server = try TestServer(makers: Makers.all, toolbox: Toolbox())
    let reply = try server.submit(form([:]).file("files[]", "p.pdf", Array("%PDF-1.7".utf8)))
    XCTAssertEqual(reply.status, 422)
    XCTAssertTrue(reply.text.contains("of the Debian package qpdf, which is not here"), reply.text)
    let missing = try server.client.get("/api/v1/formats").json["missing"]?[0]
    XCTAssertEqual(missing?["package"]?.string, "qpdf")
    XCTAssertEqual(missing?["to"]?[0]?.string, "pdf")
  }

  func testFormats_ShowWhoMakesIt() throws {
    let server = try server()
    let formats = try server.client.get("/api/v1/formats").json["formats"]?.array
    let offers = formats?.first { $0["from"]?.string == "pdf" }?["offers"]?.array
    let own = offers?.first { $0["by"]?.string?.hasPrefix("qpdf") ?? false }
    XCTAssertEqual(own?["to"], .array([.string("pdf")]))
    XCTAssertTrue(own?["options"]?.array?.contains(.string("split")) ?? false)
  }
}
