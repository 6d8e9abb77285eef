import Basics
import Storage
import TestSupport
import XCTest

/// The pages behind a proxy that shows them below a path of a larger site.
final class PagesBelowAPathTests: XCTestCase {
  private static let public_ = "https://example.com/tools/wonder"

  func testFiles_NameNothingAtTheRootOfTheHost() throws {
    for file in EmbeddedFile.all where file.path.hasPrefix("web/") && !file.path.contains("/examples/") {
      let text = String(decoding: file.bytes, as: UTF8.self)
      let isRooted = text.contains(/(src|href)(=|: ?)["`]\/|from "\/|import\([`"]\/|fetch\([`"]\/|EventSource\([`"]\//)
      XCTAssertFalse(isRooted, file.path)
    }
  }

  func testPages_AreThereWhetherTheProxyTakesThePathAwayOrNot() throws {
    let server = try TestServer(settings: ["WONDER_PUBLIC_URL": PagesBelowAPathTests.public_])
    for path in ["/admin", "/docs", "/", "/web/shell.js", "/openapi.json", "/healthz"] {
      for prefix in ["", "/tools/wonder"] {
        XCTAssertEqual(try server.client.get(prefix + path).status, 200, prefix + path)
      }
    }
    XCTAssertEqual(
      try server.client.get("/openapi.json").json["servers"]?[0]?["url"]?.string, PagesBelowAPathTests.public_)
  }

  func testForwardedPrefix_OfATrustedProxyIsInLinks() throws {
    let server = try TestServer(settings: ["WONDER_TRUSTED_PROXIES": "127.0.0.1"])
    let fields = [
      ("X-Forwarded-Prefix", "/wonder"), ("X-Forwarded-Host", "example.com"), ("X-Forwarded-Proto", "https"),
    ]
    let described = try server.client.get("/openapi.json", fields).json
    XCTAssertEqual(described["servers"]?[0]?["url"]?.string, "https://example.com/wonder")
    let receipt = try server.submit(.conversion().file("files[]", "a.png", SamplePictures.photo), fields).json
    XCTAssertTrue(
      receipt["job_status_url"]?.string?.hasPrefix("https://example.com/wonder/api/v1/jobs/") == true, receipt.text)
    let other = try TestServer()
    XCTAssertEqual(try other.client.get("/openapi.json", fields).json["servers"]?[0]?["url"]?.string, "/")
  }

  func testSlashBehindAPage_LeadsToThePage() throws {
    let server = try TestServer()
    for page in ["/admin", "/docs"] {
      let reply = try server.client.get(page + "/")
      XCTAssertEqual(reply.status, 308)
      XCTAssertEqual(reply.header("Location"), ".." + page)
    }
  }
}
