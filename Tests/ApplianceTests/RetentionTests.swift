import Appliance
import Basics
import Engine
import Glibc
import Storage
import TestSupport
import XCTest

final class RetentionTests: XCTestCase {
  func testInspection_RemovesOnlyOldFilesWithoutARow() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let blobs = try store.blobs.place([directory.file("a", [1])])
    let clock = FixedClock(Clock.system.now())
    let inspection = Inspection(store: store, clock: clock.clock)
    XCTAssertEqual(try inspection.removeOrphans(), 0)
    XCTAssertEqual(try inspection.check().orphanFiles, blobs)
    clock.advance(by: .seconds(3700))
    XCTAssertEqual(try inspection.removeOrphans(), 1)
    XCTAssertEqual(try store.blobs.names(), [])
  }

  func testInspection_LeavesAFileThatIsAboutToBeRecorded() throws {
    let directory = try TemporaryDirectory()
    let store = try Store(path: directory.path + "/data")
    defer { store.close() }
    let clock = FixedClock(Clock.system.now() + .seconds(7200))
    let inspection = Inspection(store: store, clock: clock.clock)
    try store.blobs.place([directory.file("a", [1])]) { _ in XCTAssertEqual(try inspection.removeOrphans(), 0) }
    XCTAssertEqual(try inspection.removeOrphans(), 1)
  }

  func testSweep_KeepsAWorkspacesFilesAsLongAsItSays_AndCountsTheirBytes() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h"], clock: clock.clock)
    let form = MultipartForm.conversion().file("files[]", "p.png", SamplePictures.photo)
    let id = try server.submit(form).json["request_id"]?.string ?? ""
    let output = try XCTUnwrap(try server.ended(id).json["outputs"]?[0])
    let bytes = Int64(SamplePictures.photo.count) + (output["size"]?.integer ?? 0)
    func stored() throws -> Int64? {
      try server.admin("GET", "/workspaces/api-workspace").json["workspace"]?["stored_bytes"]?.integer
    }
    XCTAssertEqual(try stored(), bytes)
    XCTAssertEqual(
      try server.admin("PATCH", "/workspaces/api-workspace", #"{"retention":"2h"}"#).json["workspace"]?["retention"],
      .string("2h"))
    clock.advance(by: .seconds(3700))
    try server.serve.sweep()
    XCTAssertEqual(try server.files().count, 2)
    let link = server.path(of: try server.ended(id).json["outputs"]?[0]?["download_url"]?.string)
    XCTAssertEqual(try server.client.get(link).status, 200)
    clock.advance(by: .seconds(3600))
    XCTAssertEqual(try server.client.get(link).status, 410)
    try server.serve.sweep()
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try stored(), 0)
    let bad = try server.admin("PATCH", "/workspaces/api-workspace", #"{"retention":"soon"}"#)
    XCTAssertEqual(bad.status, 422)
    XCTAssertTrue(bad.text.contains("1m to 365d"), bad.text)
  }

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
    // Its events went with its files, and a stream that is asked for now ends at once.
    let events = try server.client.get("/api/v1/jobs/\(id)/events", key: server.key)
    XCTAssertEqual(events.status, 204)
    XCTAssertFalse(events.text.contains("completed"), events.text)
    clock.advance(by: .seconds(7201))
    try server.serve.sweep()
    XCTAssertEqual(try server.client.get("/api/v1/jobs/\(id)", key: server.key).status, 404)
  }

  func testSweep_RemovesABatchWithItsArchiveAndItsHistory() throws {
    let clock = FixedClock()
    let server = try TestServer(settings: ["WONDER_RETENTION": "1h", "WONDER_HISTORY": "2h"], clock: clock.clock)
    let form = MultipartForm().field("to", "jpg").field("mode", "zip").file("files[]", "p.png", SamplePictures.photo)
    let receipt = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", form.contentType)], body: form.body)
    let path = "/api/v1/batches/\(receipt.json["batch_id"]?.string ?? "")"
    var batch = try server.client.get(path, key: server.key).json["batch"]
    while batch?["status"]?.string == "processing" {
      sched_yield()
      batch = try server.client.get(path, key: server.key).json["batch"]
    }
    XCTAssertEqual(batch?["status"]?.string, "completed")
    XCTAssertEqual(try server.files().count, 2)
    clock.advance(by: .seconds(3700))
    try server.serve.sweep()
    XCTAssertEqual(try server.files(), [])
    XCTAssertEqual(try server.client.get(path, key: server.key).json["batch"]?["download_url"], .null)
    clock.advance(by: .seconds(7300))
    try server.serve.sweep()
    XCTAssertEqual(try server.client.get(path, key: server.key).status, 404)
  }
}
