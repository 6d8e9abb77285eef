import Basics
import Dialects
import Glibc
import Storage
import TestSupport
import XCTest

/// A dialect is one folder and one row: a made-up one beside the house's, on a real server.
final class MadeUpDialectTests: XCTestCase {
  private func served(_ plan: String = "enterprise") throws -> TestServer {
    try TestServer(plan: plan, dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
  }

  private func turn(_ server: TestServer, to target: String, _ body: [UInt8], _ fields: [(String, String)] = []) throws
    -> TestReply
  {
    try server.client.send("POST", "/made-up/turn/\(target)", key: server.key, fields, body: body)
  }

  func testItsRoutes_StandBesideTheHouses_AndShareAPathWithThem() throws {
    let server = try served()
    XCTAssertEqual(try server.client.get("/made-up/hello").text, "hello\n")
    let taken = try turn(server, to: "jpg", SamplePictures.photo)
    XCTAssertEqual(taken.status, 202, taken.text)
    let id = taken.text.dropFirst(MadeUp.prefix.count)
    var shown = ""
    while shown != "made-up completed" {
      let reply = try server.client.get("/api/v1/jobs/\(taken.text)", key: server.key)
      XCTAssertEqual(reply.status, 200, reply.text)
      shown = reply.text
      sched_yield()
    }
    let house = try server.client.get("/api/v1/jobs/\(id)", key: server.key)
    XCTAssertEqual(house.json["job"]?["status"]?.string, "completed", house.text)
    XCTAssertEqual(try server.client.get("/api/v1/jobs/nothing", key: server.key).json["code"]?.string, "job_not_found")
  }

  func testItsRefusals_HaveItsStatusItsDocumentAndItsNames() throws {
    let server = try served()
    let wrong = try turn(server, to: "nothing", SamplePictures.photo)
    XCTAssertEqual(wrong.status, 422)
    XCTAssertEqual(wrong.header("Content-Type"), "text/x-made-up")
    XCTAssertTrue(wrong.text.contains("the last part of the path: \"nothing\" cannot be made here"), wrong.text)
    XCTAssertTrue(try turn(server, to: "jpg", []).text.contains("the body: at least one file"))
    XCTAssertTrue(
      try turn(server, to: "jpg", SamplePictures.photo, [("Made-Up-quality", "x")]).text.contains(
        "header Made-Up-quality: "))
    let absent = try server.client.send("POST", "/made-up/rename", body: [])
    XCTAssertEqual(absent.status, 410)
    XCTAssertEqual(absent.text, "Nothing is renamed here.")
    XCTAssertEqual(try server.client.get("/made-up/turn/jpg").header("Content-Type"), "text/x-made-up")
  }

  func testItsQuotaAndItsRate_AreToldInItsOwnWay() throws {
    let server = try TestServer(
      plan: "free", dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }],
      prepare: { try $0.run("UPDATE plans SET jobs_per_month = 1, writes_per_minute = 50 WHERE name = 'free'") })
    let first = try turn(server, to: "jpg", SamplePictures.photo)
    XCTAssertEqual(first.status, 202, first.text)
    XCTAssertEqual(first.header("Made-Up-Left"), "49 of 50")
    XCTAssertNil(first.header("RateLimit-Limit"))
    let second = try turn(server, to: "jpg", SamplePictures.photo)
    XCTAssertEqual(second.status, 402, second.text)
    XCTAssertEqual(second.header("Made-Up-Left"), "48 of 50")
    XCTAssertNotNil(second.header("Retry-After"))
  }

  func testItsVisitors_HaveNumbersOfTheirOwn_AndOnlyItsRowsForThem() throws {
    let clock = FixedClock()
    let server = try TestServer(
      settings: ["WONDER_ANONYMOUS": "made-up,koalapic"], clock: clock.counting,
      dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
    func visit() throws -> TestReply { try server.client.send("POST", "/made-up/turn/jpg", body: SamplePictures.photo) }
    let first = try visit()
    XCTAssertEqual(first.status, 202, first.text)
    XCTAssertEqual(first.header("Made-Up-Left"), "1 of 2, 2 of 3 today")
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(first.text)").status, 401, "that row is for keys")
    XCTAssertEqual(try visit().status, 202)
    XCTAssertEqual(try visit().status, 429)
    let form = MultipartForm().file("file", "a.png", SamplePictures.photo)
    let koala = try server.client.send("POST", "/api/v1/convert", [("Content-Type", form.contentType)], body: form.body)
    XCTAssertEqual(koala.header("X-RateLimit-Remaining"), "9", "each dialect counts by itself")
    clock.advance(by: .seconds(60))
    XCTAssertEqual(try visit().header("Made-Up-Left"), "1 of 2, 0 of 3 today")
    let over = try visit()
    XCTAssertEqual(over.status, 429)
    XCTAssertTrue(over.text.contains("3 submissions a day"), over.text)
  }

  func testABrowsersQuestion_IsAnsweredOnceForASharedAddress() throws {
    let server = try served()
    let reply = try server.client.send("OPTIONS", "/api/v1/jobs/mu-1")
    XCTAssertEqual(reply.status, 204)
    XCTAssertEqual(reply.header("Allow"), "GET, DELETE, OPTIONS")
  }
}
