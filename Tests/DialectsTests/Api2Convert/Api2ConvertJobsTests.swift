import Appliance
import Basics
import Glibc
import TestSupport
import XCTest

/// api2convert's jobs from end to end, as its SDKs use them.
final class Api2ConvertJobsTests: XCTestCase {
  private typealias Client = Api2ConvertClient

  func testAnUpload_IsStagedReadyAndStarted() throws {
    let client = Client(server: try TestServer())
    let job = try client.create(#"{"conversion":[{"target":"jpg","options":{"quality":50}}],"process":false}"#)
    let id = try XCTUnwrap(job["id"]?.string)
    XCTAssertNotNil(id.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/), id)
    XCTAssertEqual(job["status"]?["code"]?.string, "incomplete")
    XCTAssertEqual(job["server"]?.string, "http://127.0.0.1:\(client.server.client.port)")
    let uploaded = try client.upload(job)
    XCTAssertEqual(uploaded.status, 200, uploaded.text)
    XCTAssertEqual(uploaded.json["type"]?.string, "upload")
    XCTAssertEqual(uploaded.json["filename"]?.string, "photo.png")
    XCTAssertEqual(uploaded.json["status"]?.string, "ready")
    XCTAssertEqual(try client.job(id)["status"]?["code"]?.string, "ready")
    let started = try client.send("PATCH", "/v2/jobs/\(id)", #"{"process":true}"#)
    XCTAssertEqual(started.status, 200, started.text)
    let done = try client.ended(id)
    let output = try XCTUnwrap(done["output"]?[0])
    XCTAssertEqual(output["filename"]?.string, "photo.jpg")
    XCTAssertEqual(output["source"]?["conversion"]?.string, done["conversion"]?[0]?["id"]?.string)
    XCTAssertEqual(output["source"]?["input"]?[0]?.string, uploaded.json["id"]?.string)
    let path = client.server.path(of: output["uri"]?.string)
    XCTAssertTrue(path.hasPrefix("/download-file/"), path)
    let head = try client.server.client.send("HEAD", path)
    XCTAssertTrue(head.header("Content-Disposition")?.contains(#"filename="photo.jpg""#) ?? false)
    XCTAssertEqual(try client.server.client.get(path).body.prefix(2), [0xFF, 0xD8])
    XCTAssertEqual(try client.job(id)["output"]?[0]?["downloads_counter"]?.integer, 1)
    XCTAssertEqual(try client.send("PATCH", "/v2/jobs/\(id)", #"{"process":true}"#).status, 409)
  }

  func testEveryHeaderOfTheKey_IsGood_AndATokenOpensItsOwnJobAlone() throws {
    let client = Client(server: try TestServer())
    let (one, other) = (try client.create("{}"), try client.create("{}"))
    let path = "/v2/jobs/\(one["id"]?.string ?? "")"
    for name in ["X-Api2convert-Api-Key", "X-Oc-Api-Key", "X-API-Key"] {
      XCTAssertEqual(try client.send("GET", path, "", [(name, client.server.key)]).status, 200, name)
    }
    for name in ["X-Api2convert-Token", "X-Oc-Token"] {
      XCTAssertEqual(try client.send("GET", path, "", [(name, one["token"]?.string ?? "")]).status, 200, name)
      let foreign = try client.send("GET", path, "", [(name, other["token"]?.string ?? "")])
      XCTAssertEqual(foreign.status, 401)
      XCTAssertNotNil(foreign.json["message"]?.string)
      XCTAssertEqual(try client.send("GET", "/v2/jobs", "", [(name, one["token"]?.string ?? "")]).status, 401)
    }
    XCTAssertEqual(try client.send("GET", path, "", []).status, 401)
    XCTAssertEqual(try client.send("GET", "/v2/jobs/nothing").status, 404)
    XCTAssertEqual(
      try client.server.client.get("/api/v1/jobs/\(one["id"]?.string ?? "")", key: client.server.key).status, 404)
  }

  func testSeveralInputsAndConversions_AreMadeAtOnce() throws {
    let client = Client(server: try TestServer())
    let inputs = [Client.picture("a.png"), Client.picture("b.png")].joined(separator: ",")
    let outputs = try client.outputs(
      of: #"{"input":[\#(inputs)],"conversion":[{"target":"jpg"},{"target":"bmp","category":"image"}]}"#)
    XCTAssertEqual(outputs.compactMap { $0["filename"]?.string }, ["a.jpg", "b.jpg", "a.bmp", "b.bmp"])
    let merged = try client.outputs(
      of: #"{"input":[\#(inputs)],"conversion":[{"target":"pdf","options":{"merge":true}}]}"#)
    XCTAssertEqual(merged.count, 1)
  }

  func testAJobThatProcessesByItself_StartsWithItsLastPart() throws {
    let client = Client(server: try TestServer())
    let job = try client.create("{}")
    let path = "/v2/jobs/\(job["id"]?.string ?? "")"
    XCTAssertEqual(try client.send("POST", path + "/conversions", #"[{"target":"jpg"}]"#).status, 201)
    XCTAssertEqual(try client.job(job["id"]?.string ?? "")["status"]?["code"]?.string, "incomplete")
    XCTAssertEqual(try client.send("POST", path + "/input", Client.picture()).status, 201)
    XCTAssertEqual(try client.ended(job["id"]?.string ?? "")["status"]?["code"]?.string, "completed")
  }

  func testACanceledJob_SaysSo_AndOneThatEndedGoes() throws {
    let client = Client(server: try TestServer())
    let id = try client.create(#"{"process":false}"#)["id"]?.string ?? ""
    XCTAssertEqual(try client.send("DELETE", "/v2/jobs/\(id)", "[]").status, 204)
    XCTAssertEqual(try client.job(id)["status"]?["code"]?.string, "canceled")
    XCTAssertEqual(try client.send("DELETE", "/v2/jobs/\(id)", "[]").status, 204)
    XCTAssertEqual(try client.send("GET", "/v2/jobs/\(id)").status, 404)
  }

  func testAList_HasItsCountAndPages() throws {
    let client = Client(server: try TestServer())
    XCTAssertEqual(try client.send("GET", "/v2/jobs").status, 204)
    for _ in 0..<3 { _ = try client.create(#"{"process":false}"#) }
    let listed = try client.send("GET", "/v2/jobs?status=incomplete&page=1")
    XCTAssertEqual(listed.json.array?.count, 3)
    XCTAssertEqual(listed.header("X-Count"), "3")
    XCTAssertEqual(try client.send("GET", "/v2/jobs?page=2").status, 204)
    XCTAssertEqual(try client.send("GET", "/v2/jobs?status=nothing").status, 400)
  }

  func testAListByStatus_HasPagesOfThatStatusAlone() throws {
    let client = Client(server: try TestServer())
    func list(_ query: String) throws -> (codes: [String?], count: String?) {
      let reply = try client.send("GET", "/v2/jobs?" + query)
      return (reply.json.array?.map { $0["status"]?["code"]?.string } ?? [], reply.header("X-Count"))
    }
    let ready = #"{"process":false,"conversion":[{"target":"jpg"}],"input":[\#(Client.picture())]}"#
    for _ in 0..<10 { _ = try client.create(ready) }
    for _ in 0..<60 { _ = try client.create(#"{"process":false}"#) }
    for page in [1, 2] {
      let found = try list("status=ready&page=\(page)")
      XCTAssertEqual(found.codes, Array(repeating: "ready", count: page == 1 ? 10 : 0))
      XCTAssertEqual(found.count, "10")
      let others = try list("status=incomplete&page=\(page)")
      XCTAssertEqual(others.codes, Array(repeating: "incomplete", count: page == 1 ? 50 : 10))
      XCTAssertEqual(others.count, "60")
    }
    XCTAssertEqual(try list("status=downloading").count, "0")
  }

  func testOneIdempotencyKey_IsOneJob() throws {
    let client = Client(server: try TestServer())
    let fields = [("X-Oc-Api-Key", client.server.key), ("Idempotency-Key", "k")]
    let body = #"{"process":false,"conversion":[{"target":"jpg"}]}"#
    let first = try client.send("POST", "/v2/jobs", body, fields)
    XCTAssertEqual(try client.send("POST", "/v2/jobs", body, fields).json["id"], first.json["id"])
    XCTAssertEqual(try client.send("POST", "/v2/jobs", #"{"process":false}"#, fields).status, 400)
  }

  func testAForgivingJob_DoesWithoutWhatCannotBeConverted() throws {
    let client = Client(server: try TestServer())
    let damaged = Client.picture("b.png", Array(SamplePictures.photo.prefix(2000)))
    let body = #"{"input":[\#(Client.picture("a.png")),\#(damaged)],"conversion":[{"target":"jpg"}]"#
    let strict = try client.ended(client.create(body + "}")["id"]?.string ?? "")
    XCTAssertEqual(strict["status"]?["code"]?.string, "failed")
    XCTAssertEqual(strict["errors"]?.array?.count, 1)
    let job = try client.create(body + #","fail_on_conversion_error":false}"#)
    let done = try client.ended(job["id"]?.string ?? "")
    XCTAssertEqual(done["status"]?["code"]?.string, "completed", done.text)
    XCTAssertEqual(done["output"]?.array?.compactMap { $0["filename"]?.string }, ["a.jpg"])
    XCTAssertEqual(done["errors"]?[0]?["source"]?.string, "conversion")
    XCTAssertEqual(done["errors"]?[0]?["id_source"], done["conversion"]?[0]?["id"])
    let none = try client.ended(
      client.create(#"{"input":[\#(damaged)],"conversion":[{"target":"jpg"}],"fail_on_conversion_error":false}"#)["id"]?
        .string ?? "")
    XCTAssertEqual(none["status"]?["code"]?.string, "failed")
  }

  func testAJobThatNobodyStarts_HasFailedAfterADay() throws {
    let clock = FixedClock()
    let client = Client(server: try TestServer(clock: clock.counting))
    let job = try client.create(#"{"process":false,"conversion":[{"target":"jpg"}]}"#)
    XCTAssertEqual(try client.upload(job).status, 200)
    XCTAssertTrue(job["status"]?["info"]?.string?.contains("removed a day after") ?? false)
    clock.advance(by: .seconds(90_000))
    try client.server.serve.sweep()
    XCTAssertEqual(try client.ended(job["id"]?.string ?? "")["status"]?["code"]?.string, "failed")
    let other = try client.create(#"{"process":false}"#)["id"]?.string ?? ""
    XCTAssertEqual(try client.send("DELETE", "/v2/jobs/\(other)").status, 204)
    for (code, id) in [("failed", job["id"]?.string), ("canceled", other)] {
      let listed = try client.send("GET", "/v2/jobs?status=\(code)")
      XCTAssertEqual(listed.json.array?.map { $0["id"]?.string }, [id], code)
      XCTAssertEqual(listed.header("X-Count"), "1", code)
    }
  }
}
