import Appliance
import Basics
import Storage
import TestSupport
import XCTest

/// The pages as a browser gets them: only our own files, and nothing inside them that the policy would have to allow.
final class PagesTests: XCTestCase {
  func testPages_AreOursAloneUnderAStrictPolicy() throws {
    let server = try TestServer()
    for (path, type) in [
      ("/", "text/html"), ("/docs", "text/html"), ("/admin", "text/html"), ("/web/wonder.css", "text/css"),
      ("/web/shell.js", "text/javascript"), ("/web/pages/overview.js", "text/javascript"),
    ] {
      let reply = try server.client.get(path)
      XCTAssertEqual(reply.status, 200, path)
      XCTAssertEqual(reply.header("Content-Type"), "\(type); charset=utf-8")
      XCTAssertEqual(reply.header("X-Content-Type-Options"), "nosniff")
      XCTAssertEqual(reply.header("Referrer-Policy"), "no-referrer")
      let policy = reply.header("Content-Security-Policy") ?? ""
      XCTAssertTrue(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy)
      XCTAssertFalse(policy.contains("unsafe"), policy)
    }
  }

  /// Whatever a browser could load from elsewhere or run from a text; an address that a reader types is none of it.
  func testFiles_AskNobodyElseAndRunNoText() throws {
    let files = EmbeddedFile.all.filter { $0.path.hasPrefix("web/") && !$0.path.contains("/examples/") }
    XCTAssertGreaterThan(files.count, 30)
    for file in files {
      let text = String(decoding: file.bytes, as: UTF8.self)
      XCTAssertNil(
        text.firstMatch(of: /(src|href)="(https?:)?\/\/|\burl\(|@import|import\("?http|fetch\("http/), file.path)
      XCTAssertNil(
        text.firstMatch(
          of: /<script(?![^>]* src=)|<style|\son\w+="|\sstyle="|innerHTML|outerHTML|insertAdjacentHTML|eval\(/),
        file.path)
    }
    let bytes = EmbeddedFile.all.filter { $0.path.hasPrefix("web/") || $0.path == "openapi.json" }
    XCTAssertLessThan(bytes.reduce(0) { $0 + $1.bytes.count }, 400_000)
  }

  func testFile_ThatTheBrowserHas_IsNotSentAgain() throws {
    let server = try TestServer()
    let first = try server.client.get("/web/wonder.css")
    let tag = try XCTUnwrap(first.header("ETag"))
    let second = try server.client.get("/web/wonder.css", [("If-None-Match", tag)])
    XCTAssertEqual(second.status, 304)
    XCTAssertEqual(second.body, [])
  }

  /// Each row of the house's tables is described, and nothing is described that is not there; what speaks as a vendor does
  /// is described by the vendor.
  func testDescription_HasEveryRouteAndNoOther() throws {
    let server = try TestServer()
    let document = try server.client.get("/openapi.json").json
    var described: Set<String> = []
    for (path, methods) in document["paths"]?.members ?? [] {
      for (method, operation) in methods.members ?? [] {
        described.insert("\(method.uppercased()) \(path)")
        let row = server.serve.needs.first { $0.method == method.uppercased() && $0.path == path }
        let needsKey = operation["security"]?.array?.isEmpty == false
        if let row { XCTAssertEqual(needsKey, row.need != "anyone", "\(method) \(path)") }
      }
    }
    let own = ["GET /healthz", "GET /readyz", "GET /openapi.json"]
    XCTAssertEqual(described.sorted(), (server.serve.described + own).sorted())
  }

  /// The samples of the API page are those of docs/webhooks.md, which are run against real deliveries.
  func testWebhookSamples_AreThoseOfTheDocumentation() throws {
    let file = try XCTUnwrap(EmbeddedFile.find("web/examples/webhooks.json"))
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let page = String(decoding: try FileBytes.read("/\(root)/docs/webhooks.md", atMost: 1 << 20), as: UTF8.self)
    let styles = try JSONReader.parse(file.bytes).members ?? []
    XCTAssertEqual(styles.map(\.name).sorted(), ["convertly", "koalapic", "standard", "wonder"])
    for (style, languages) in styles {
      for (language, sample) in languages.members ?? [] {
        XCTAssertTrue(page.contains("```\(language) \(style)\n\(sample.string ?? "?")```"), "\(language) \(style)")
      }
    }
  }
}
