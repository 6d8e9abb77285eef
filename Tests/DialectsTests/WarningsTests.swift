import Basics
import Foundation
import Storage
import TestSupport
import XCTest

/// A file whose damage touches no pixel is converted, and everybody who asks for the job hears of it.
final class WarningsTests: XCTestCase {
  private let withoutEnd = Array(SamplePictures.photo.dropLast(12))
  private let sentence =
    "the file ends without its end mark, or what stands behind the pixels is damaged; all rows were there"

  func testJob_OfADamagedFile_IsCompletedWithAWarning() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().file("files[]", "whole.png", SamplePictures.photo)
      .file("files[]", "cut.png", withoutEnd)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    let reply = try server.ended(id)
    XCTAssertEqual(reply.json["job"]?["status"]?.string, "completed")
    let text = #""warnings":[{"code":"end_missing","message":"\#(sentence)","file_name":"cut.jpg"}]"#
    XCTAssertTrue(reply.text.contains(text), reply.text)
    let session = try server.signIn("m@example.com", workspace: "api-workspace", role: "member")
    let shown = try server.client.get("/admin/api/v1/jobs/\(id)", session.headers)
    XCTAssertTrue(shown.text.contains(text), shown.text)
    XCTAssertFalse(try server.client.get("/api/v1/jobs", key: server.key).text.contains("warnings"))
  }

  func testJob_OfWholeFiles_HasNoSuchList() throws {
    let server = try TestServer()
    let id = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo)).json["request_id"]?.string
    XCTAssertFalse(try server.ended(id ?? "").text.contains("warnings"))
  }

  func testArchive_HasTheWarningsOfWhatIsInIt() throws {
    let server = try TestServer()
    let form = MultipartForm.conversion().field("archive", "zip").file("files[]", "a.png", SamplePictures.photo)
      .file("files[]", "b.png", withoutEnd)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    let warnings = try server.ended(id).json["job"]?["warnings"]?.array ?? []
    XCTAssertEqual(warnings.map { $0["code"]?.string }, ["end_missing"])
    XCTAssertEqual(warnings.map { $0["file_name"]?.string }, ["archive.zip"])
  }

  func testBatch_TellsTheWarningsOfEachFile() throws {
    let server = try TestServer()
    let form = MultipartForm().field("to", "jpg").field("from", "png").file("files[]", "a.png", SamplePictures.photo)
      .file("files[]", "b.png", withoutEnd)
    let sent = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    let id = sent.json["batch_id"]?.string ?? ""
    var batch = try server.client.get("/api/v1/batches/\(id)", key: server.key).json
    while batch["batch"]?["status"]?.string == "processing" {
      sched_yield()
      batch = try server.client.get("/api/v1/batches/\(id)", key: server.key).json
    }
    let codes = batch["jobs"]?.array?.map { $0["warnings"]?[0]?["code"]?.string }
    XCTAssertEqual(codes, [nil, "end_missing"])
  }

  func testMissingRows_AreTakenOnlyWhenDamageIsAllowed() throws {
    let server = try TestServer()
    let cut = Array(SamplePictures.photo.prefix(SamplePictures.photo.count / 2))
    func ended(_ form: MultipartForm) throws -> TestReply {
      try server.ended(try server.submit(form.file("files[]", "cut.png", cut)).json["request_id"]?.string ?? "")
    }
    XCTAssertEqual(try ended(.conversion()).json["job"]?["error_code"]?.string, "damaged_file")
    let taken = try ended(.conversion().field("options[allow_damaged]", "true"))
    XCTAssertEqual(taken.json["job"]?["status"]?.string, "completed", taken.text)
    XCTAssertTrue(taken.text.contains(#""code":"rows_missing""#), taken.text)
  }
}
