import Basics
import Storage
import TestSupport
import XCTest

/// Presets with several steps, each of which goes on with what the one before has made.
final class PresetStepsTests: XCTestCase {
  private func set(_ server: TestServer, _ body: String) throws -> TestReply {
    try server.client.send("POST", "/api/v1/presets", key: server.key, body: Array(body.utf8))
  }

  private func submit(_ server: TestServer, _ form: MultipartForm) throws -> TestReply {
    let reply = try server.submit(form)
    XCTAssertEqual(reply.status, 202, reply.text)
    return try server.ended(reply.json["request_id"]?.string ?? "")
  }

  private func output(_ server: TestServer, _ reply: TestReply, _ index: Int = 0) throws -> [UInt8] {
    try server.client.get(server.path(of: reply.json["outputs"]?[index]?["download_url"]?.string)).body
  }

  private func form(_ preset: String, files: Int = 1) -> MultipartForm {
    var form = MultipartForm().field("conversion_type", "image").field("from", "png").field("preset", preset)
    for number in 0..<files { form = form.file("files[]", "p\(number).png", SamplePictures.photo) }
    return form
  }

  func testEachStep_GoesOnWithWhatTheOneBeforeHasMade() throws {
    let server = try TestServer()
    let made = try set(
      server,
      #"{"name":"small","steps":[{"options":{"width":"40"}},{"to":"bmp"},{"to":"jpg","options":{"quality":"50"}}]}"#)
    XCTAssertEqual(made.status, 201, made.text)
    XCTAssertEqual(made.json["preset"]?["steps"]?.array?.count, 3)
    XCTAssertEqual(made.json["preset"]?["to"]?.string, "jpeg")
    let reply = try submit(server, form("small", files: 2))
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed", reply.text)
    XCTAssertEqual(reply.json["outputs"]?.array?.map { $0["file_name"]?.string }, ["p0.jpg", "p1.jpg"])
    let picture = try output(server, reply)
    XCTAssertEqual(Array(picture.prefix(2)), [0xFF, 0xD8])
    // The frame of a baseline JPEG says height and width behind its precision.
    let frame = try XCTUnwrap(picture.indices.first { picture[$0] == 0xFF && [0xC0, 0xC2].contains(picture[$0 + 1]) })
    XCTAssertEqual(Int(picture[frame + 7]) << 8 | Int(picture[frame + 8]), 40)
    // Nothing of the steps between is left.
    XCTAssertEqual(try server.files().count, 4)
  }

  func testThePages_MakeThemToo() throws {
    let server = try TestServer()
    let steps = #"[{"options":{"width":"40"}},{"to":"jpg","options":{"quality":"50"}}]"#
    let made = try server.admin("POST", "/presets", #"{"workspace":"api-workspace","name":"p","steps":\#(steps)}"#)
    XCTAssertEqual(made.status, 201, made.text)
    XCTAssertEqual(made.json["preset"]?["steps"]?[0]?["to"], .null)
    XCTAssertEqual(made.json["preset"]?["steps"]?[1]?["options"]?["quality"]?.string, "50")
    for steps in [#""no""#, "[1]", #"[{"to":1}]"#, #"[{"options":{"width":"x"}}]"#] {
      let wrong = try server.admin("POST", "/presets", #"{"workspace":"api-workspace","name":"p","steps":\#(steps)}"#)
      XCTAssertEqual(wrong.status, 422, wrong.text)
    }
    let listed = try server.admin("GET", "/presets?workspace=api-workspace").json["presets"]
    XCTAssertEqual(listed?[0]?["text"]?.string, "as it is width=40; jpg quality=50")
  }

  func testAStepThatGathers_HasTheFilesOfAllBeforeIt() throws {
    let server = try TestServer()
    let made = try set(
      server,
      #"{"name":"book","steps":[{"to":"jpg","options":{"width":"60"}},{"to":"pdf","options":{"merge":"true"}}]}"#)
    XCTAssertEqual(made.status, 201, made.text)
    let reply = try submit(server, form("book", files: 3))
    XCTAssertEqual(reply.json["outputs"]?.array?.count, 1, reply.text)
    XCTAssertEqual(try Array(output(server, reply).prefix(4)), Array("%PDF".utf8))
  }

  func testABatchOfAPreset_GoesThroughTheStepsWithEachFile() throws {
    let server = try TestServer()
    XCTAssertEqual(
      try set(server, #"{"name":"b","steps":[{"options":{"width":"40"}},{"to":"bmp"}]}"#).status, 201)
    let form = MultipartForm().field("from", "png").field("preset", "b").field("mode", "individual")
      .file("files[]", "a.png", SamplePictures.photo).file("files[]", "b.png", SamplePictures.photo)
    let reply = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(reply.status, 202, reply.text)
    let id = reply.json["batch_id"]?.string ?? ""
    var batch = reply
    repeat {
      batch = try server.client.get("/api/v1/batches/\(id)", key: server.key)
    } while batch.json["batch"]?["status"]?.string == "processing"
    XCTAssertEqual(batch.json["batch"]?["completed"]?.integer, 2, batch.text)
    XCTAssertEqual(batch.json["jobs"]?[0]?["outputs"]?[0]?["file_name"]?.string, "a.bmp")
  }

  func testWhatIsWrong_IsNamedWithItsStep() throws {
    let server = try TestServer()
    let wrong = try set(
      server, #"{"name":"w","steps":[{"to":"jpg"},{"to":"nothing"},{"to":"png","options":{"width":"wide"}}]}"#)
    XCTAssertEqual(wrong.status, 422)
    XCTAssertTrue(wrong.text.contains("step 2"), wrong.text)
    XCTAssertTrue(wrong.text.contains("step 3"), wrong.text)
    let pair = try set(server, #"{"name":"w","steps":[{"to":"csv"},{"to":"png"}]}"#)
    XCTAssertTrue(pair.text.contains("png cannot be made of csv"), pair.text)
    XCTAssertEqual(try set(server, #"{"name":"w","to":"jpg","steps":[{"to":"jpg"}]}"#).status, 422)
    XCTAssertEqual(try set(server, #"{"name":"w","steps":[]}"#).status, 422)
    XCTAssertEqual(try set(server, #"{"name":"s","steps":[{"to":"bmp"},{"to":"jpg"}]}"#).status, 201)
    let both = try server.submit(form("s").field("to", "png"))
    XCTAssertEqual(both.status, 422, both.text)
    XCTAssertTrue(both.text.contains("has steps of its own"), both.text)
  }

  func testADamagedFile_FailsTheJob() throws {
    let server = try TestServer()
    XCTAssertEqual(try set(server, #"{"name":"s","steps":[{"to":"bmp"},{"to":"jpg"}]}"#).status, 201)
    let bad = MultipartForm().field("conversion_type", "image").field("from", "png").field("preset", "s")
      .file("files[]", "bad.png", Array(SamplePictures.photo.prefix(2000)))
    let reply = try submit(server, bad)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "failed")
  }
}
