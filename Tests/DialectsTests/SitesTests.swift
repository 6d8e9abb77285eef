import Basics
import Conversion
import Foundation
import Formats
import Glibc
import Storage
import TestSupport
import XCTest

/// Batches of web sites from end to end: pages and sitemaps are read in a child, and a made-up program takes the place of
/// a browser.
final class SitesTests: XCTestCase {
  /// Makes a text of a page's address, unless it is one that fails.
  private struct PageTool: Tool {
    let program = Program("sh", package: "made-up")
    let lane = Lane.page
    var name: String { "pages" }
    var offers: [Offer] { [Offer(from: [.url], to: [.txt], cost: 10)] }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      guard ends.isEmpty else { return nil }
      let script = "grep -q '/bad' \(task.sources[0]) && exit 1; cat \(task.sources[0]) > out"
      return ToolCall(arguments: ["./script"], files: ["script": Array(script.utf8)])
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
      if ends.last?.code != 0 { throw ConversionFailure(.damagedFile, "the page is broken") }
      return [ToolResult("out")]
    }
  }

  private func server() throws -> TestServer {
    try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"], makers: Makers.builtIn + [PageTool()],
      toolbox: Toolbox(paths: ["sh": "/bin/sh"]))
  }

  /// It answers when `gate` is open.
  private func site(_ pages: [String: WebhookReceiver.Answer], behind gate: Gate? = nil) throws -> WebhookReceiver {
    let site = try WebhookReceiver { request in
      gate?.wait()
      return pages[request.path] ?? .status(404)
    }
    addTeardownBlock { site.close() }
    return site
  }

  private static func page(_ body: String) -> WebhookReceiver.Answer {
    .status(200, headers: [("Content-Type", "text/html")], body: "<!doctype html><title>t</title>" + body)
  }

  private func submit(_ server: TestServer, _ url: String, _ fields: String) throws -> TestReply {
    let text = #"{"from":"url","to":"txt",\#(fields),"inputs":[{"url":"\#(url)"}]}"#
    return try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", "application/json")], body: Array(text.utf8))
  }

  /// Asks until the batch has ended.
  private func ended(_ server: TestServer, _ receipt: TestReply) throws -> TestReply {
    XCTAssertEqual(receipt.status, 202, receipt.text)
    while true {
      let reply = try server.client.get(
        "/api/v1/batches/\(receipt.json["batch_id"]?.string ?? "")", key: server.key)
      if reply.json["batch"]?["status"]?.string != "processing" { return reply }
      sched_yield()
    }
  }

  func testCrawl_MakesOneArchiveOfAllPages() throws {
    let gate = Gate()
    let pages: [String: WebhookReceiver.Answer] = [
      "/robots.txt": .status(200, body: "User-agent: *\nDisallow: /secret\n"),
      "/": Self.page("<a href=a>A</a> <area href=/b?x=1&amp;y=2> <a href='/secret/x'>S</a><img src=/i.png>"),
      "/a": Self.page("<a href=/>up</a><a rel=nofollow href=/never>n</a><a href=/c>c</a>"),
      "/b?x=1&y=2": Self.page("<link rel=canonical href=/b><a href=/bad>bad</a>"),
      "/c": Self.page("<base href=/deep/><a href=d>d</a>"), "/deep/d": Self.page("end"),
      "/bad": Self.page("bad"), "/never": Self.page(""), "/secret/x": Self.page(""),
    ]
    let site = try site(pages, behind: gate)
    let server = try server()
    let root = "http://127.0.0.1:\(site.port)"
    let receipt = try submit(server, root, #""site":"crawl","mode":"zip","site_depth":5"#)
    XCTAssertEqual(receipt.json["total"]?.integer, 0)
    gate.open()
    let reply = try ended(server, receipt)
    let batch = reply.json["batch"]
    XCTAssertEqual(batch?["status"]?.string, "partial", reply.text)
    XCTAssertEqual(batch?["total"]?.integer, 6)
    XCTAssertEqual(batch?["failed"]?.integer, 1)
    XCTAssertEqual(
      batch?["site"]?.text,
      #"{"mode":"crawl","root":"\#(root)/","depth":5,"pages":100,"found":6,"is_open":false}"#)
    let archive = try server.client.get(server.path(of: batch?["download_url"]?.string))
    let path = server.directory.path + "/site.zip"
    try Data(archive.body).write(to: URL(filePath: path))
    let script =
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(*sorted(z.read(n).decode() for n in z.namelist()))"
    let texts = try Shell.run(["python3", "-c", script, path]).text
    for page in ["/", "/a", "/b", "/c", "/deep/d"] { XCTAssertTrue(texts.contains("URL=\(root)\(page)\r\n"), texts) }
  }

  func testSitemaps_OfAnyForm_AreReadInAChild() throws {
    let folder = try TemporaryDirectory()
    @Sendable func urlset(_ host: String, _ paths: [String]) -> String {
      "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">"
        + paths.map { "<url><loc>\(host)\($0)</loc></url>" }.joined() + "</urlset>"
    }
    @Sendable func host(_ request: ReceivedRequest) -> String { "http://" + (request["host"] ?? "") }
    let site = try WebhookReceiver { request in
      let host = host(request)
      switch request.path {
      case "/robots.txt": return .status(200, body: "Sitemap: \(host)/index.xml\nSitemap: \(host)/list.txt\n")
      case "/index.xml":
        let maps = ["/one.xml", "/two.xml.gz", "/gone.xml"].map { "<sitemap><loc>\(host)\($0)</loc></sitemap>" }
        return .status(
          200,
          body: "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\(maps.joined())</sitemapindex>")
      case "/one.xml": return .status(200, body: urlset(host, ["/a", "/b?x=1&amp;y=2", "/a#again"]))
      case "/two.xml.gz":
        let path = folder.path + "/two.xml"
        try? Data(urlset(host, ["/c", "/a", "http://other.example/x"]).utf8).write(to: URL(filePath: path))
        _ = try? Shell.run("gzip", "-kf", path)
        let bytes = (try? Array(Data(contentsOf: URL(filePath: path + ".gz")))) ?? []
        return .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\r\n".utf8) + bytes)
      case "/list.txt": return .status(200, body: "\(host)/d\n\(host)/e\n")
      default: return .status(404)
      }
    }
    addTeardownBlock { site.close() }
    let server = try server()
    let receipt = try submit(server, "http://127.0.0.1:\(site.port)/", #""site":"sitemap","site_exclude":"/e, *.bak""#)
    let reply = try ended(server, receipt)
    XCTAssertEqual(reply.json["batch"]?["status"]?.string, "completed", reply.text)
    let names = (reply.json["jobs"]?.array ?? []).compactMap { $0["file_name"]?.string }
    XCTAssertEqual(names.count, 4, reply.text)
    for job in reply.json["jobs"]?.array ?? [] {
      let link = job["outputs"]?[0]?["download_url"]?.string
      XCTAssertEqual(try server.client.get(server.path(of: link)).status, 200)
    }
    let usage = try server.client.get("/api/v1/usage", key: server.key).json
    XCTAssertEqual(usage["api_jobs"]?["submitted"]?.integer, 4)
    XCTAssertEqual(usage["usage"]?["api"]?["files"]?.integer, 4)
  }

  func testWebhook_TellsTheEndOfASiteThatWasNotThere() throws {
    let receiver = try WebhookReceiver { _ in .status(200) }
    addTeardownBlock { receiver.close() }
    let site = try site([:])
    let server = try server()
    let receipt = try submit(
      server, "http://127.0.0.1:\(site.port)/", #""site":"crawl","webhook_url":"\#(receiver.url)""#)
    let reply = try ended(server, receipt)
    XCTAssertEqual(reply.json["batch"]?["status"]?.string, "failed")
    let body = try XCTUnwrap(receiver.wait(for: 1).first).json
    XCTAssertEqual(body["event"]?.string, "conversion.batch.failed")
    XCTAssertEqual(body["batch"]?["site"]?["is_open"], .boolean(false))
    XCTAssertTrue(body["batch"]?["error_message"]?.string?.contains("status 404") ?? false, "\(body)")
  }

  func testFields_AreCheckedByName() throws {
    let server = try server()
    let cases = [
      (#""site":"all""#, "site", "valid: crawl, sitemap"),
      (#""site":"crawl","site_depth":11"#, "site_depth", "from 0 to 10"),
      (#""site":"crawl","site_pages":0"#, "site_pages", "from 1 to 1000"),
      (#""site":"crawl","site_robots":"maybe""#, "site_robots", "true or false"),
      (#""site":"crawl","site_include":"docs""#, "site_include", "begins with /"),
      (#""site_depth":1"#, "site_depth", "means nothing without site"),
    ]
    for (fields, name, words) in cases {
      let reply = try submit(server, "http://127.0.0.1:9/", fields)
      XCTAssertEqual(reply.status, 422, reply.text)
      XCTAssertTrue(reply.json["errors"]?[name]?[0]?.string?.contains(words) ?? false, reply.text)
    }
    let file = MultipartForm().field("from", "url").field("to", "txt").field("site", "crawl")
      .file("files[]", "a.url", PageAddress.file(of: "http://127.0.0.1:9/x"))
    let taken = try server.client.send(
      "POST", "/api/v1/batches", key: server.key, [("Content-Type", file.contentType)], body: file.body)
    XCTAssertTrue(
      try ended(server, taken).json["batch"]?["error_message"]?.string?.contains("http://127.0.0.1:9/") ?? false)
    let list = try server.client.get("/api/v1/batches", key: server.key)
    XCTAssertEqual(list.json["batches"]?[0]?["status"]?.string, "failed", list.text)
  }
}
