import Appliance
import Basics
import TestSupport
import XCTest

final class RetentionTests: XCTestCase {
  func testSweep_RemovesFilesAfterRetentionAndTheJobAfterItsHistory() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h", "WONDER_HISTORY": "2h"], clock: clock.clock)
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    let link = server.path(of: try server.ended(id).json["outputs"]?[0]?["download_url"]?.string)
    XCTAssertEqual(try server.files().count, 2)
    clock.advance(by: .seconds(3500))
    try server.serve.sweep()
    XCTAssertEqual(try server.files().count, 2)
    clock.advance(by: .seconds(101))
    try server.serve.sweep()
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try server.client.get(link).status, 410)
    XCTAssertEqual(try server.ended(id).json["outputs"], .array([]))
    clock.advance(by: .seconds(7201))
    try server.serve.sweep()
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 404)
  }
}
