import Basics
import Formats
import TestSupport
import XCTest

@testable import Conversion

/// What is made of a page, and what its options do.
final class BrowserPageTests: XCTestCase {
  private static let long =
    "<body style='margin:0'>"
    + (0..<30).map { "<div style='height:100px;background:rgb(\($0 * 8),0,0)'></div>" }.joined()

  private func trial() throws -> BrowserTrial {
    try BrowserTrial { request in
      switch request.path.prefix(while: { $0 != "?" }) {
      case "/": .page("<title>T</title><h1>Hello</h1><p>again</p><a href='/x'>there</a>")
      case "/long": .page(Self.long)
      case "/script": .page("<p id=a>before</p><script>document.getElementById('a').textContent='after'</script>")
      case "/late":
        .page("<p>first</p><script>setTimeout(()=>{document.body.innerHTML+='<b id=late>late</b>'},300)</script>")
      case "/lazy": .page("<div style='height:9000px'></div><img loading=lazy src=/seen width=1 height=1>")
      case "/fields": .page("<p>\(request["x-own"] ?? "none") \(request["cookie"] ?? "none")</p>")
      case "/login":
        request["authorization"] == nil
          ? .status(401, headers: [("WWW-Authenticate", "Basic realm=\"here\"")]) : .page("<p>inside</p>")
      case "/media": .page("<style>@media print{p::before{content:'on paper'}}</style><p></p><p>x</p>")
      default: .page("<p>\(request.path)</p>")
      }
    }
  }

  func testPage_BecomesEachFormat() throws {
    let trial = try trial()
    defer { trial.end() }
    XCTAssertTrue(try trial.make("/", .pdf).bytes.starts(with: Array("%PDF-".utf8)))
    let picture = try trial.make("/", .png)
    XCTAssertEqual([picture.outcome.width, picture.outcome.height], [1280, 800])
    XCTAssertEqual(picture.outcome.size, Int64(picture.bytes.count))
    XCTAssertEqual(picture.outcome.sha256, SHA256.digest(picture.bytes))
    XCTAssertTrue(try trial.make("/", .jpeg).bytes.starts(with: [0xFF, 0xD8]))
    XCTAssertTrue(try trial.make("/", .webp).bytes.starts(with: Array("RIFF".utf8)))
    XCTAssertTrue(try trial.make("/", .mhtml).text.contains("multipart/related"))
    let html = try trial.make("/script", .html).text
    XCTAssertTrue(html.contains("after") && !html.contains("before"), html)
    let links = try trial.make("/", .json, ["links": "true"]).text
    let there = try JSONReader.parse(links.utf8)["links"]?[0]
    XCTAssertEqual(there?["address"]?.string, trial.address("/x"), links)
    XCTAssertEqual(there?["text"]?.string, "there", links)
    XCTAssertTrue(html.contains("<base href=\"\(trial.address("/script"))\">"), html)
  }

  func testPicture_IsOfTheWholePageOrTheWindowOrAnElement() throws {
    let trial = try trial()
    defer { trial.end() }
    let whole = try trial.make("/long", .png, ["viewport_width": "200", "viewport_height": "150"])
    XCTAssertEqual([whole.outcome.width, whole.outcome.height], [200, 3000])
    let pixels = try Picture(png: TestFile(whole.bytes))
    for band in 0..<30 { XCTAssertEqual(pixels.samples[(band * 100 + 50) * 200 * pixels.channels], UInt8(band * 8)) }
    let window = try trial.make(
      "/long", .png, ["viewport_width": "200", "viewport_height": "150", "full_page": "false", "device_scale": "2"])
    XCTAssertEqual([window.outcome.width, window.outcome.height], [400, 300])
    let element = try trial.make("/long", .png, ["viewport_width": "200", "element": "div:nth-child(3)"])
    XCTAssertEqual([element.outcome.width, element.outcome.height], [200, 100])
  }

  func testFileAndArchive_AreServedFromAPlaceOfTheirOwn() throws {
    let trial = try trial()
    defer { trial.end() }
    let page = Array("<p>own</p><script>document.body.append(location.protocol+location.pathname)</script>".utf8)
    let own = try trial.make(page, .html, .mhtml).text
    XCTAssertTrue(own.contains(".invalid"), own)
    let archive = try TestFile()
    let writer = ZIPWriter(archive.descriptor) { (_) throws(ConversionFailure) in }
    for (name, text) in [
      ("site/index.html", "<link rel=stylesheet href='css/a.css'><div id=a></div>"),
      ("site/css/a.css", "body{margin:0}#a{width:64px;height:32px;background:#0f0}"),
    ] {
      let file = try TestFile(Array(text.utf8))
      try withExtendedLifetime(file) {
        try writer.add(name, from: file.descriptor, at: Timestamp(milliseconds: 1_700_000_000_000))
      }
    }
    _ = try writer.finish()
    let made = try trial.make(archive.bytes, .zip, .png, ["element": "#a"])
    XCTAssertEqual([made.outcome.width, made.outcome.height], [64, 32])
    XCTAssertEqual(try Array(Picture(png: TestFile(made.bytes)).samples.prefix(3)), [0, 255, 0])
    XCTAssertEqual(trial.server.requests.map(\.path), [])
  }

  func testWaits_AreForWhatTheyAreAskedFor() throws {
    let trial = try trial()
    defer { trial.end() }
    XCTAssertTrue(try trial.make("/late", .html, ["wait_selector": "#late"]).text.contains("id=\"late\""))
    XCTAssertTrue(try trial.make("/late", .html, ["delay": "0.6"]).text.contains("id=\"late\""))
    let failure = trial.failure("/late", .html, ["wait_selector": "#never", "wait_selector_time": "0.5"])
    XCTAssertEqual(failure?.code, .pageTimeout)
    XCTAssertEqual(failure?.message, "nothing on the page was found by wait_selector in 0.5 seconds")
    XCTAssertEqual(trial.failure("/late", .html, ["wait_selector": "]["])?.code, .pageFailed)
  }

  func testWhatIsLoadedWhenItIsSeen_IsThere_UnlessItIsNotWanted() throws {
    let trial = try trial()
    defer { trial.end() }
    _ = try trial.make("/lazy", .png, ["load_lazy": "false", "full_page": "false"])
    XCTAssertFalse(trial.server.requests.contains { $0.path == "/seen" })
    _ = try trial.make("/lazy", .pdf)
    XCTAssertTrue(trial.server.requests.contains { $0.path == "/seen" })
  }

  func testFieldsCookiesAndPasswords_AreSent() throws {
    let trial = try trial()
    defer { trial.end() }
    let options = ["headers": #"{"X-Own":"mine"}"#, "cookies": "a=1; b=2"]
    let text = try trial.make("/fields", .html, options).text
    XCTAssertTrue(text.contains("<p>mine a=1; b=2</p>"), text)
    // Another page has none of them.
    XCTAssertTrue(try trial.make("/fields", .html).text.contains("<p>none none</p>"))
    XCTAssertTrue(
      try trial.make("/login", .html, ["page_user": "u", "page_password": "p"]).text.contains("inside"))
    XCTAssertEqual(trial.failure("/login")?.code, .pageStatus)
    XCTAssertEqual(trial.failure("/fields", .html, ["headers": "{\"Host\":\"x\"}"])?.code, .pageFailed)
    XCTAssertEqual(
      trial.failure("/fields", .html, ["headers": #"{"X-HTTP-Method-Override":"TRACE"}"#])?.message,
      "the browser does not send one of the fields in headers")
    XCTAssertEqual(trial.failure("/fields", .html, ["cookies": "nothing"])?.code, .pageFailed)
  }

  func testPageOfStrangers_CallsNobody() throws {
    let trial = try trial()
    defer { trial.end() }
    let page = Array("<p>own</p><img src='\(trial.address("/picture"))'>".utf8)
    _ = try trial.make(page, .html, .png, isOffline: true)
    XCTAssertEqual(trial.server.requests.map(\.path), [])
    _ = try trial.make(page, .html, .png)
    XCTAssertEqual(trial.server.requests.map(\.path), ["/picture"])
  }

  func testPages_BesideEachOther_AreEachTheirOwn() throws {
    let trial = try trial()
    defer { trial.end() }
    let made = try TwoAtATime.map(Array(0..<6)) { try trial.make("/page-\($0)", .html).text }
    for (number, text) in made.enumerated() { XCTAssertTrue(text.contains("<p>/page-\(number)</p>"), text) }
  }
}
