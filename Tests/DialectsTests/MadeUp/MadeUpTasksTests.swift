import Basics
import Dialects
import Glibc
import TestSupport
import XCTest

/// Several targets in one job, and a document that shows all of it, with the made-up dialect on a real server.
final class MadeUpTasksTests: XCTestCase {
  private func served() throws -> TestServer {
    try TestServer(dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
  }

  private func turns(
    _ server: TestServer, _ targets: String, _ body: [UInt8] = SamplePictures.photo, _ fields: [(String, String)] = []
  ) throws -> TestReply {
    try server.client.send("POST", "/made-up/turns/\(targets)", key: server.key, fields, body: body)
  }

  /// The whole document of a job that has ended.
  private func ended(_ server: TestServer, _ taken: TestReply) throws -> JSONValue {
    XCTAssertEqual(taken.status, 202, taken.text)
    while true {
      let reply = try server.client.get("/made-up/whole/\(taken.text)", key: server.key)
      XCTAssertEqual(reply.status, 200, reply.text)
      if ["completed", "failed"].contains(reply.json["status"]?["code"]?.string ?? "completed") { return reply.json }
      sched_yield()
    }
  }

  private func list(_ document: JSONValue, _ name: String) -> [JSONValue] { document[name]?.array ?? [] }

  func testSeveralTargets_EachOverItsFiles_GiveAllTheirOutputs() throws {
    let server = try served()
    let job = try ended(
      server, turns(server, "jpg,png:1,jpg:0,pdf", SamplePictures.photo, [("Made-Up-Copies", "2")]))
    let outputs = list(job, "output")
    XCTAssertEqual(
      outputs.map { $0["filename"]?.string },
      ["body0.jpg", "body1.jpg", "body1.png", "body0-2.jpg", "body0.pdf", "body1.pdf"])
    XCTAssertEqual(outputs.map { $0["source"]?["conversion"]?.integer }, [0, 0, 1, 2, 3, 3])
    let inputs = list(job, "input").compactMap { $0["id"]?.integer }
    XCTAssertEqual(
      outputs.map { $0["source"]?["input"]?.array?.compactMap(\.integer) },
      [0, 1, 1, 0, 0, 1].map { [inputs[$0]] })
    XCTAssertEqual(list(job, "conversion").map { $0["target"]?.string }, ["jpg", "png", "jpg", "pdf"])
    for output in outputs {
      let file = try server.client.get(output["uri"]?.string ?? "")
      XCTAssertEqual(file.status, 200)
      XCTAssertEqual(Int64(file.body.count), output["size"]?.integer)
      XCTAssertEqual(Hexadecimal.encode(SHA256.digest(file.body)), output["checksum"]?.string)
    }
  }

  func testSeveralTargets_AreToldAsOneProgress_AndPackedIntoOneArchive() throws {
    let server = try served()
    let job = try ended(server, turns(server, "jpg,png,zip", SamplePictures.photo, [("Made-Up-Packed", "1")]))
    XCTAssertEqual(list(job, "output").map { $0["filename"]?.string }, ["archive.zip"])
    XCTAssertEqual(
      list(job, "history").map { $0["info"]?.string }.filter { $0 != "progress" },
      [
        "submitted", "started", "completed",
      ])
  }

  func testABatch_GivesEachFileTheTargetsThatAreForIt() throws {
    let server = try served()
    let job = try ended(
      server,
      turns(
        server, "jpg,png:1,pdf:0", SamplePictures.photo, [("Made-Up-Copies", "2"), ("Made-Up-Apart", "1")]))
    XCTAssertEqual(list(job, "output").map { $0["filename"]?.string }, ["body0.jpg", "body0.pdf"])
    let idle = try turns(server, "jpg:0", SamplePictures.photo, [("Made-Up-Copies", "2"), ("Made-Up-Apart", "1")])
    XCTAssertEqual(idle.status, 422)
    XCTAssertTrue(idle.text.contains("nothing is to be made of file 2"), idle.text)
  }

  func testATargetThatIsWrong_IsNamedByItsNumber_AndNothingIsTaken() throws {
    let server = try served()
    let wrong = try turns(server, "jpg,nothing")
    XCTAssertEqual(wrong.status, 422)
    XCTAssertTrue(wrong.text.contains("the last part of the path (2): \"nothing\" cannot be made here"), wrong.text)
    for targets in ["jpg:1", "jpg:-1", "jpg,png:0:7"] {
      let absent = try turns(server, targets)
      XCTAssertEqual(absent.status, 422, targets)
      XCTAssertTrue(absent.text.contains("names files that are not there"), absent.text)
    }
    let unreadable = try turns(server, "jpg,png", Array("no picture".utf8))
    XCTAssertEqual(unreadable.status, 422, unreadable.text)
  }

  func testTheWholeDocument_AnswersEveryFieldOfTheWidestApi() throws {
    let server = try served()
    let job = try ended(server, turns(server, "jpg"))
    XCTAssertEqual(job["process"], .boolean(true))
    XCTAssertEqual(list(job, "errors").count + list(job, "warnings").count, 0)
    let input = try XCTUnwrap(list(job, "input").first)
    XCTAssertEqual(input["type"]?.string, "upload")
    XCTAssertEqual(input["status"]?.string, "ready")
    XCTAssertEqual(input["filename"]?.string, "body0.png")
    XCTAssertEqual(input["size"]?.integer, Int64(SamplePictures.photo.count))
    XCTAssertEqual(input["content_type"]?.string, "image/png")
    XCTAssertEqual(input["created_at"], job["created_at"])
    let output = try XCTUnwrap(list(job, "output").first)
    XCTAssertEqual(output["content_type"]?.string, "image/jpeg")
    XCTAssertEqual(output["downloads_counter"]?.integer, 0)
    XCTAssertGreaterThan(output["metadata"]?["width"]?.integer ?? 0, 0)
    XCTAssertEqual(list(job, "history").map { $0["info"]?.string }, ["submitted", "started", "completed"])
    XCTAssertEqual(list(job, "history").last?["created_at"], job["modified_at"])
    let missing = try server.client.get("/made-up/whole/mu-nothing", key: server.key)
    XCTAssertEqual(missing.status, 404)
  }

  func testAFailedJob_SaysWhichTaskItWas() throws {
    let server = try served()
    let job = try ended(server, turns(server, "jpg", Array(SamplePictures.photo.prefix(600))))
    XCTAssertEqual(job["status"]?["code"]?.string, "failed")
    let error = try XCTUnwrap(list(job, "errors").first)
    XCTAssertEqual(error["source"]?.string, "conversion")
    XCTAssertEqual(error["code"]?.string, "damaged_file")
    XCTAssertEqual(list(job, "output").count, 0)
  }
}
