import Basics
import TestSupport
import XCTest

/// Submissions a day of a key, as its plan says.
final class DailyLimitTests: XCTestCase {
  private let picture = MultipartForm().file("file", "photo.png", SamplePictures.photo)

  private func convert(_ server: TestServer) throws -> TestReply {
    try server.client.send(
      "POST", "/api/v1/convert", key: server.key, [("Content-Type", picture.contentType)], body: picture.body)
  }

  func testPlan_HasNoneUnlessAnOperatorSetsOne_AndItHoldsFromThenOn() throws {
    let clock = FixedClock()
    let server = try TestServer(clock: clock.counting, plan: "pro")
    let before = try convert(server)
    XCTAssertEqual(before.status, 202)
    XCTAssertEqual(before.header("X-RateLimit-Limit"), "120")
    XCTAssertNil(before.header("X-RateLimit-Limit-Day"))
    XCTAssertEqual(try server.admin("PATCH", "/plans/pro", #"{"submissions_per_day":"0"}"#).status, 422)
    let set = try server.admin("PATCH", "/plans/pro", #"{"submissions_per_day":"2","writes_per_minute":"30"}"#)
    XCTAssertEqual(set.json["plan"]?["submissions_per_day"]?.integer, 2, set.text)
    let first = try convert(server)
    XCTAssertEqual(first.header("X-RateLimit-Limit-Day"), "2")
    XCTAssertEqual(first.header("X-RateLimit-Remaining-Day"), "1")
    XCTAssertEqual(first.header("X-RateLimit-Limit-Minute"), "30")
    XCTAssertEqual(try convert(server).status, 202)
    let over = try convert(server)
    XCTAssertEqual(over.status, 429, over.text)
    XCTAssertTrue(over.json["error"]?.string?.contains("This key may make 2 submissions a day") ?? false, over.text)
    let wait = over.json["retry_after"]?.integer ?? 0
    XCTAssertTrue((43_000...43_200).contains(wait), over.text)
    XCTAssertEqual(over.header("X-RateLimit-Remaining-Day"), "0")
    let house = try server.submit(MultipartForm.conversion().file("files[]", "a.png", SamplePictures.photo))
    XCTAssertEqual(house.status, 429, "one day for all of a key's submissions")
    XCTAssertEqual(house.header("RateLimit-Limit"), "2")
    XCTAssertEqual(house.header("RateLimit-Remaining"), "0")
    XCTAssertEqual(try server.client.get("/api/v1/jobs", key: server.key).status, 200, "reads are not submissions")
    clock.advance(by: .seconds(43_200))
    XCTAssertEqual(try convert(server).status, 202)
    XCTAssertEqual(try server.admin("PATCH", "/plans/pro", #"{"submissions_per_day":"none"}"#).status, 200)
    XCTAssertNil(try convert(server).header("X-RateLimit-Limit-Day"))
  }

  func testPlanWithADayAndNoMinute_TellsTheDayAlone() throws {
    let server = try TestServer()
    XCTAssertEqual(try server.admin("PATCH", "/plans/enterprise", #"{"submissions_per_day":"1"}"#).status, 200)
    let first = try convert(server)
    XCTAssertEqual(first.status, 202)
    XCTAssertEqual(first.header("X-RateLimit-Limit"), "1")
    XCTAssertEqual(first.header("X-RateLimit-Limit-Day"), "1")
    XCTAssertNil(first.header("X-RateLimit-Limit-Minute"))
    XCTAssertEqual(try convert(server).status, 429)
  }
}
