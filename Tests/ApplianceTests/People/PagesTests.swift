import TestSupport
import XCTest

/// The pages as a browser gets them: only our own files, and nothing inside them that the policy would have to allow.
final class PagesTests: XCTestCase {
  func testPages_AreOursAloneUnderAStrictPolicy() throws {
    let server = try TestServer()
    for (path, type) in [
      ("/admin", "text/html"), ("/admin/admin.css", "text/css"), ("/admin/admin.js", "text/javascript"),
    ] {
      let reply = try server.client.get(path)
      XCTAssertEqual(reply.status, 200, path)
      XCTAssertEqual(reply.header("Content-Type"), "\(type); charset=utf-8")
      XCTAssertEqual(reply.header("X-Content-Type-Options"), "nosniff")
      XCTAssertEqual(reply.header("Referrer-Policy"), "no-referrer")
      let policy = reply.header("Content-Security-Policy") ?? ""
      XCTAssertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy)
      XCTAssertFalse(policy.contains("unsafe"), policy)
      XCTAssertFalse(reply.text.contains("http://") || reply.text.contains("https://"), "\(path) asks somebody else")
      XCTAssertNil(reply.text.firstMatch(of: /<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|innerHTML/), path)
    }
  }
}
