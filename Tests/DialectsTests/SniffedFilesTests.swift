import Basics
import TestSupport
import XCTest

/// What a client declares or names its file decides between what the file may be, and nothing else does.
final class SniffedFilesTests: XCTestCase {
  private func submit(_ server: TestServer, _ from: String, _ name: String, _ text: String) throws -> TestReply {
    try server.submit(.conversion(from: from, to: "sha256", type: "other").file("files[]", name, Array(text.utf8)))
  }

  func testSubmit_WhenTextMayBeTheDeclaredFormat_TakesIt() throws {
    let server = try TestServer()
    for (from, text) in [("csv", "a,b\n"), ("json", "{}"), ("md", "# a"), ("yaml", "a: 1"), ("xml", "<a/>")] {
      let reply = try submit(server, from, "a", text)
      XCTAssertEqual(reply.status, 202, reply.text)
      let id = try XCTUnwrap(reply.json["request_id"]?.string)
      XCTAssertEqual(try server.ended(id).json["job"]?["status"]?.string, "completed", from)
    }
  }

  func testSubmit_WhenFileCannotBeTheDeclaredFormat_SaysWhatItIs() throws {
    let server = try TestServer()
    let cases = [
      ("json", "hello", "was declared as JSON but is text"), ("xml", "a", "was declared as XML but is text"),
      ("csv", "<html>", "was declared as CSV but is an HTML page"), ("docx", "a", "was declared as Word but is text"),
      ("png", "a", "was declared as PNG but is text"),
      ("zip", "{\"a\":1}", "was declared as ZIP but is a JSON document"),
    ]
    for (from, text, words) in cases {
      let reply = try submit(server, from, "a", text)
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.text.contains(words), reply.text)
    }
  }

  func testSubmit_WithoutFormat_RecordsWhatTheNameDecides() throws {
    let server = try TestServer()
    for (name, format) in [("a.csv", "csv"), ("a.md", "md"), ("a", "txt"), ("a.png", "txt")] {
      let id = try XCTUnwrap(submit(server, "auto", name, "a,b\n").json["request_id"]?.string)
      XCTAssertEqual(try server.ended(id).json["job"]?["source_format"]?.string, format, name)
    }
  }
}
