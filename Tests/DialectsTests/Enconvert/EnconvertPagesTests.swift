import Basics
import Foundation
import Formats
import Glibc
import Storage
import TestSupport
import XCTest

@testable import Conversion
@testable import Dialects

/// Pages, batches and sites by Enconvert's API, with a made-up program in the place of the browser.
final class EnconvertPagesTests: XCTestCase {
  /// Understands what the browser does, and makes a file of a page's address; pages below /bad and /slow fail.
  private struct PageTool: Tool {
    let program = Program("sh", package: "made-up")
    let lane = Lane.page
    var name: String { "pages" }
    var offers: [Offer] { Chromium.all[0].offers.filter { $0.from == [.url] } }

    func call(_ task: ToolTask, after ends: [ToolEnd]) -> ToolCall? {
      guard ends.isEmpty else { return nil }
      let beginning = task.conversion.to == .pdf ? "%PDF-1.7" : "<!doctype html><h1>A heading</h1><p>"
      let script =
        "grep -q '/bad' \(task.sources[0]) && exit 1; grep -q '/slow' \(task.sources[0]) && exit 2; "
        + (task.conversion.to == .png ? "cat photo > out" : "(echo '\(beginning)'; cat \(task.sources[0])) > out")
      return ToolCall(
        arguments: ["./script"], files: ["script": Array(script.utf8), "photo": SamplePictures.photo])
    }

    func results(of task: ToolTask, _ ends: [ToolEnd]) throws(ConversionFailure) -> [ToolResult] {
      switch ends.last?.code {
      case 0: return [ToolResult("out")]
      case 2: throw ConversionFailure(.pageTimeout, "the page did not finish loading in 30 seconds")
      default: throw ConversionFailure(.pageStatus, "the page's server answered with status 500")
      }
    }
  }

  private func server(
    plan: String = "enterprise", _ settings: [String: String] = [:],
    prepare: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) throws -> TestServer {
    try TestServer(
      settings: ["WONDER_ALLOW_PRIVATE_TARGETS": "127.0.0.0/8"].merging(settings) { $1 }, plan: plan,
      makers: Makers.builtIn + [PageTool()], toolbox: Toolbox(paths: ["sh": "/bin/sh"]), prepare: prepare)
  }

  private func convert(_ server: TestServer, _ conversion: String, _ body: String) throws -> TestReply {
    try server.client.send(
      "POST", "/v1/convert/" + conversion, key: server.key, [("Content-Type", "application/json")],
      body: Array(body.utf8))
  }

  private func ended(_ server: TestServer, _ receipt: TestReply) throws -> TestReply {
    XCTAssertEqual(receipt.status, 202, receipt.text)
    let path = "/v1/convert/batch/" + (receipt.json["batch_id"]?.string ?? "")
    while true {
      let reply = try server.client.get(path, key: server.key)
      if reply.json["status"]?.string != "processing" { return reply }
      sched_yield()
    }
  }

  func testOnePage_IsAnsweredWithItsFile_NamedAfterItsHost() throws {
    let server = try server()
    let reply = try convert(server, "url-to-markdown", #"{"url":"http://127.0.0.1:9/a/b.html","job_id":"mine"}"#)
    XCTAssertEqual(reply.status, 200, reply.text)
    XCTAssertNotNil(
      reply.json["filename"]?.string?.wholeMatch(of: /127-0-0-1-9-a-b-html_\d{8}_\d{9}\.md/), reply.text)
    XCTAssertEqual(
      try server.client.get("/v1/convert/status/mine", key: server.key).json["status"]?.string, "success")
    let bytes = try convert(
      server, "url-to-pdf", #"{"url":"http://127.0.0.1:9/a","direct_download":true,"output_filename":"page.pdf"}"#)
    XCTAssertTrue(bytes.text.contains("URL=http://127.0.0.1:9/a"), bytes.text)
    XCTAssertTrue(bytes.header("Content-Disposition")?.contains("page_") ?? false)
  }

  func testFailures_HaveTheSeedsWords_AndTheVendorsStatuses() throws {
    let server = try server()
    let slow = try convert(server, "url-to-pdf", #"{"url":"http://127.0.0.1:9/slow","job_id":"slow"}"#)
    XCTAssertEqual(slow.status, 504)
    XCTAssertEqual(slow.json["code"]?.string, "upstream_timeout")
    let state = try server.client.get("/v1/convert/status/slow", key: server.key)
    XCTAssertEqual(state.text, #"{"status":"failed","error":"Page load timeout"}"#)
    XCTAssertEqual(try convert(server, "url-to-pdf", #"{"url":"http://127.0.0.1:9/bad"}"#).status, 422)
  }

  func testFields_BecomeOptions_AndAreRefusedByName() throws {
    let server = try server()
    let all = #"""
      {"url":"http://127.0.0.1:9/x","viewport_width":800,"viewport_height":600,"load_media":false,"enable_scroll":false,
       "handle_sticky_header":false,"handle_cookies":false,"wait_for_images":true,"single_page":false,"block_ads":true,
       "block_media":true,"wait_for_selector":"main","wait_for_selector_timeout":5000,"output_format":false,
       "auth":{"username":"u","password":"secretword"},"headers":{"X-A":"headervalue"},
       "cookies":[{"name":"a","value":"cookievalue","domain":"a.example","httpOnly":true,"sameSite":"Lax"}],
       "pdf_options":{"page_size":"Letter","orientation":"landscape","margins":{"top":5},"scale":0.5,
         "header":{"content":"A & B"},"footer":{"content":"<b>x</b>","height":20}},"async_mode":true}
      """#
    let done = try ended(server, try convert(server, "url-to-pdf", all))
    XCTAssertEqual(done.json["status"]?.string, "completed", done.text)
    let jobs = try server.admin("GET", "/jobs?workspace=api-workspace")
    let id = try XCTUnwrap(jobs.json["jobs"]?[0]?["request_id"]?.string, jobs.text)
    let options = try server.admin("GET", "/jobs/" + id).text
    for part in [
      #""viewport_width":800"#, #""load_lazy":false"#, #""unstick":false"#, #""wait_selector":"main""#,
      #""wait_selector_time":5"#, #""page_size":"letter""#, #""page_orientation":"landscape""#, #""margin_top":15"#,
      #""margin_bottom":20"#, "A &amp; B",
    ] {
      XCTAssertTrue(options.contains(part), "\(part): \(options)")
    }
    XCTAssertFalse(options.contains("secretword") || options.contains("cookievalue") || options.contains("headervalue"))
    for (fields, status, words) in [
      (#""viewport_width":9"#, 422, "viewport_width must be"),
      (#""pdf_options":{"scale":9}"#, 422, "pdf_options.scale"),
      (#""auth":{"username":"u","password":"p"},"headers":{"authorization":"x"}"#, 400, "cannot go together"),
      (#""headers":{"Host":"x"}"#, 422, "headers.Host cannot be set"),
      (#""cookies":[{"name":"a","value":"b"}]"#, 422, "domain or url"),
      (#""output_format":true"#, 400, "more than one URL"), (#""output_format":"rar""#, 422, "output_format must be"),
      (#""direct_download":true,"async_mode":true"#, 400, "direct_download"),
      (#""callback_url":"nowhere","async_mode":true"#, 422, "callback_url must begin"),
      (#""notification_email":"nobody""#, 422, "notification_email"),
      (#""wait_for_selector_timeout":60001"#, 422, "wait_for_selector_timeout"),
    ] {
      let reply = try convert(server, "url-to-pdf", "{\"url\":\"http://127.0.0.1:9/x\",\(fields)}")
      XCTAssertEqual(reply.status, status, "\(fields): \(reply.text)")
      XCTAssertTrue(reply.text.contains(words), "\(words): \(reply.text)")
    }
  }

  func testAddressThatMayNotBeReached_Is400_ForTheWholeRequest() throws {
    let server = try TestServer(makers: Makers.builtIn + [PageTool()], toolbox: Toolbox(paths: ["sh": "/bin/sh"]))
    for url in [
      #""http://127.0.0.1/""#, #""http://localhost/""#, #""http://[::ffff:127.0.0.1]/""#, #""http://0x7f.1/""#,
      #"["http://169.254.169.254/x"]"#, #""http://nowhere.invalid/""#,
    ] {
      let reply = try convert(server, "url-to-pdf", "{\"url\":\(url)}")
      XCTAssertEqual(reply.status, 400, reply.text)
      XCTAssertTrue(reply.json["detail"]?.string?.contains("leads to no host that can be reached") ?? false, reply.text)
    }
    let list = try server.admin("GET", "/jobs?workspace=api-workspace")
    XCTAssertEqual(list.json["jobs"]?.array?.count, 0, list.text)
  }

  func testIndividualBatch_TellsEachAddress_AndIsPolledAsTheSeedShows() throws {
    let receiver = try WebhookReceiver { _ in .status(200) }
    addTeardownBlock { receiver.close() }
    let server = try server()
    let receipt = try convert(
      server, "url-to-screenshot",
      #"{"url":["http://127.0.0.1:9/a","http://127.0.0.1:9/bad"],"callback_url":"\#(receiver.url)"}"#)
    XCTAssertEqual(
      receipt.text,
      #"{"status":"processing","batch_id":"\#(receipt.json["batch_id"]?.string ?? "")","url_count":2,"output_format":"individual"}"#
    )
    let done = try ended(server, receipt)
    XCTAssertEqual(done.json["status"]?.string, "partial", done.text)
    XCTAssertEqual(done.json["zip_download_url"], .null)
    let items = done.json["items"]?.array ?? []
    XCTAssertEqual(items.map { $0["source_url"]?.string }, ["http://127.0.0.1:9/a", "http://127.0.0.1:9/bad"])
    XCTAssertEqual(items.map { $0["status"]?.string }, ["Success", "Failed"])
    XCTAssertNotNil(items.first?["duration"]?.string?.wholeMatch(of: /\d+\.\d\d/))
    XCTAssertEqual(
      try server.client.get(server.path(of: items.first?["download_url"]?.string)).status, 200)
    let bodies = receiver.wait(for: 2).map(\.json).sorted { $0["status"]?.string ?? "" > $1["status"]?.string ?? "" }
    XCTAssertEqual(bodies.count, 2)
    let batch = receipt.json["batch_id"]?.string
    XCTAssertEqual(
      bodies.first?.members?.map(\.name), ["job_id", "status", "batch_id", "gcs_uri", "filename", "file_size"])
    XCTAssertEqual(bodies.last?.members?.map(\.name), ["job_id", "status", "batch_id"])
    XCTAssertEqual(bodies.map { $0["batch_id"]?.string }, [batch, batch])
    for body in bodies {
      let state = try server.client.get(
        "/v1/convert/status/" + (body["job_id"]?.string ?? ""), key: server.key)
      XCTAssertEqual(state.json["status"], body["status"], state.text)
    }
  }

  func testArchive_IsToldOnce_WithEachTask_AndLeavesProcessingWithItsLink() throws {
    let receiver = try WebhookReceiver { _ in .status(203) }
    addTeardownBlock { receiver.close() }
    let server = try server()
    let receipt = try convert(
      server, "url-to-pdf",
      #"{"url":["http://127.0.0.1:9/a","http://127.0.0.1:9/slow","http://127.0.0.1:9/b"],"output_format":true,"job_id":"all","callback_url":"\#(receiver.url)"}"#
    )
    XCTAssertEqual(receipt.json["output_format"]?.string, "zip")
    let done = try ended(server, receipt)
    XCTAssertEqual(done.json["status"]?.string, "partial", done.text)
    XCTAssertNotNil(done.json["zip_download_url"]?.string)
    XCTAssertEqual(done.json["completed"]?.integer, 2)
    XCTAssertGreaterThan(done.json["items"]?[0]?["output_file_size"]?.integer ?? 0, 0, done.text)
    let body = try XCTUnwrap(receiver.wait(for: 1).first).json
    XCTAssertEqual(body["status"]?.string, "success")
    XCTAssertEqual(body["job_id"], body["batch_id"])
    XCTAssertEqual(
      [body["total_tasks"]?.integer, body["successful_tasks"]?.integer, body["failed_tasks"]?.integer], [3, 2, 1])
    XCTAssertEqual(
      body["tasks"]?[1]?.text, #"{"url":"http://127.0.0.1:9/slow","status":"failed","error":"Page load timeout"}"#)
    XCTAssertNotNil(body["tasks"]?[2]?["filename"]?.string)
    XCTAssertNotNil(body["filename"]?.string?.wholeMatch(of: /batch_\d{8}_\d{9}\.zip/), "\(body)")
    XCTAssertTrue(body["gcs_uri"]?.string?.hasPrefix("live/files/api-workspace/") ?? false, "\(body)")
    XCTAssertEqual(
      try server.client.get("/v1/convert/status/all", key: server.key).json["status"]?.string, "success")
    while true {
      let row = try server.admin("GET", "/deliveries?workspace=api-workspace").json["deliveries"]?[0]
      if row?["state"]?.string == "waiting" || row?["status"]?.string == "waiting" {
        sched_yield()
        continue
      }
      XCTAssertEqual(row?["attempts"]?.integer, 1, "\(String(describing: row))")
      break
    }
    XCTAssertEqual(receiver.requests.count, 1, "203 is no success, and is not tried again")
  }

  func testGates_NameTheFeature() throws {
    for (plan, fields, words) in [
      ("free", #""async_mode":true"#, "Async processing is not available on your current plan"),
      ("free", #""async_mode":true,"notification_email":"a@b.example""#, "Async processing"),
      ("starter", #""async_mode":true,"callback_url":"http://127.0.0.1:9/""#, "Webhook callbacks is not available"),
    ] {
      let server = try server(plan: plan)
      let reply = try convert(server, "url-to-pdf", "{\"url\":\"http://127.0.0.1:9/x\",\(fields)}")
      XCTAssertEqual(reply.status, 403, reply.text)
      XCTAssertTrue(reply.json["detail"]?.string?.hasPrefix(words) ?? false, reply.text)
      XCTAssertEqual(try convert(server, "url-to-pdf", #"{"url":"http://127.0.0.1:9/x"}"#).status, 200)
    }
  }

  func testSite_IsSearchedBeforeTheAnswer_ByExpressions() throws {
    let site = try WebhookReceiver { request in
      let pages = ["/": "<a href=/docs/1>1</a><a href=/docs/2>2</a><a href=/docs/22>3</a><a href=/x>x</a>"]
      guard let body = pages[request.path] ?? (request.path == "/robots.txt" ? nil : "<p>page</p>") else {
        return .status(404)
      }
      return .status(200, headers: [("Content-Type", "text/html")], body: "<!doctype html><title>t</title>" + body)
    }
    addTeardownBlock { site.close() }
    let server = try server()
    let root = "http://127.0.0.1:\(site.port)/"
    let receipt = try convert(
      server, "website-to-pdf",
      #"{"url":"\#(root)","crawl_mode":"full","include_patterns":["/docs/\\d"],"exclude_patterns":["/docs/2$"]}"#)
    XCTAssertEqual(receipt.json["url_count"]?.integer, 2, receipt.text)
    XCTAssertEqual(receipt.json["total_discovered"]?.integer, 2)
    XCTAssertEqual(receipt.json["discovery_method"]?.string, "full_crawl")
    XCTAssertEqual(receipt.json["output_format"]?.string, "zip")
    let done = try ended(server, receipt)
    XCTAssertEqual(done.json["status"]?.string, "completed", done.text)
    XCTAssertEqual(
      Set((done.json["items"]?.array ?? []).compactMap { $0["source_url"]?.string }),
      [root + "docs/1", root + "docs/22"])
    XCTAssertNotNil(done.json["zip_download_url"]?.string)
    let wrong = try convert(server, "website-to-pdf", #"{"url":"\#(root)","include_patterns":["(a"]}"#)
    XCTAssertEqual(wrong.status, 422)
    XCTAssertTrue(wrong.text.contains("lacks a )"), wrong.text)
  }

  func testSiteWithoutPages_Is400_AndItsOwnerHasMail() throws {
    let mail = try MailReceiver()
    addTeardownBlock { mail.close() }
    let site = try WebhookReceiver { _ in .status(404) }
    addTeardownBlock { site.close() }
    let server = try server(
      ["WONDER_SMTP_URL": mail.url, "WONDER_MAIL_FROM": "wonder@example.com"],
      prepare: { try $0.run("UPDATE workspaces SET owner = 'owner@example.com'") })
    let reply = try convert(server, "website-to-screenshot", #"{"url":"http://127.0.0.1:\#(site.port)/"}"#)
    XCTAssertEqual(reply.status, 400, reply.text)
    XCTAssertTrue(reply.json["detail"]?.string?.hasPrefix("No URLs were discovered") ?? false, reply.text)
    let sent = try XCTUnwrap(mail.wait(for: 1).first)
    XCTAssertEqual(sent.to, ["owner@example.com"])
    XCTAssertTrue(String(decoding: sent.message, as: UTF8.self).contains("Subject: Job Completion: FAILED"))
  }
}
