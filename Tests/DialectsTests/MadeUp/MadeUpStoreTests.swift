import Basics
import Dialects
import Glibc
import Storage
import TestSupport
import XCTest

/// Stored files as a job's sources, and jobs whose files are stored, by a dialect that no vendor has.
final class MadeUpStoreTests: XCTestCase {
  private func served() throws -> TestServer {
    try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"],
      dialects: AllDialects.all + [AllDialects.Row { MadeUp(parts: $0) }])
  }

  private func turn(_ server: TestServer, _ fields: (String, String)..., body: [UInt8]) throws -> TestReply {
    try server.client.send("POST", "/made-up/turn/jpg", key: server.key, fields, body: body)
  }

  private func end(_ server: TestServer, _ reply: TestReply) throws -> String? {
    while true {
      let text = try server.client.get("/api/v1/jobs/\(reply.text)", key: server.key).text
      if text.hasSuffix("completed") || text.hasSuffix("failed") || !text.hasPrefix("made-up ") { return text }
      sched_yield()
    }
  }

  func testAJobsFiles_AreStored_StayAfterIt_AndAreToldInTwoStyles() throws {
    let server = try served()
    let receiver = try WebhookReceiver { _ in .status(202) }
    addTeardownBlock { receiver.close() }
    for (style, event) in [("made-up", "made-up.kept"), ("convertly", "file.uploaded")] {
      let made = try server.admin(
        "POST", "/endpoints",
        #"{"workspace":"api-workspace","url":"\#(receiver.url)","style":"\#(style)","events":"\#(event)"}"#)
      XCTAssertEqual(made.status, 201, made.text)
    }
    let reply = try turn(server, ("Made-Up-Keep", "none"), body: SamplePictures.photo)
    XCTAssertEqual(reply.status, 202, reply.text)
    // The original and the output, each in two styles; nothing else is told.
    let told = receiver.wait(for: 4)
    XCTAssertEqual(
      told.filter { $0.text.hasPrefix("body.jpg of req_") || $0.text.hasPrefix("body.png of req_") }.count, 2)
    let events = told.filter { $0["convertly-event"] == "file.uploaded" }.compactMap { try? JSONReader.parse($0.body) }
    XCTAssertEqual(Set(events.compactMap { $0["data"]?["filename"]?.string }), ["body.jpg", "body.png"])
    XCTAssertEqual(Set(events.compactMap { $0["id"]?.string }).count, 2)
    let client = StoreClient(server)
    let files = try client.send("GET", "/api/files").json["files"]?.array ?? []
    XCTAssertEqual(Set(files.compactMap { $0["filename"]?.string }), ["body.jpg", "body.png"])
    let made = try XCTUnwrap(files.first { $0["filename"]?.string == "body.jpg" })
    XCTAssertEqual(made["width"]?.integer, 320)
    let id = reply.text.split(separator: "req_").last.map { "req_\($0)" } ?? ""
    XCTAssertEqual(try server.admin("DELETE", "/jobs/\(id)").status, 200)
    let link = server.path(of: made["download_url"]?.string)
    XCTAssertEqual(Array(try server.client.get(link).body.prefix(2)), [0xFF, 0xD8])
    XCTAssertEqual(try server.files().count, 2)
    // What is stored can be converted again.
    let again = try turn(server, ("Made-Up-Kept", "1"), body: [])
    XCTAssertEqual(try end(server, again), "made-up completed")
    XCTAssertEqual(try turn(server, ("Made-Up-Kept", "77"), body: []).status, 404)
  }

  func testAFolder_OfNobody_IsRefusedBeforeAnythingIsTaken() throws {
    let server = try served()
    XCTAssertEqual(try turn(server, ("Made-Up-Keep", "5"), body: SamplePictures.photo).status, 404)
    XCTAssertEqual(try server.files(), [])
  }
}
