import Basics
import Formats
import XCTest

@testable import Conversion

/// What is known of a page without a browser.
final class PagePiecesTests: XCTestCase {
  func testHost_IsNameAndPort_OfTheWebAlone() {
    let rows: [(address: String, name: String?, port: String?)] = [
      ("http://Example.com", "example.com", "80"), ("https://example.com:8443/a:b", "example.com", "8443"),
      ("https://u:p@example.com/", "example.com", "443"), ("http://[::1]:81/x", "::1", "81"),
      ("wss://example.com?x", "example.com", "443"), ("file:///etc/passwd", nil, nil), ("example.com", nil, nil),
      ("http:///x", nil, nil), ("data:text/html,x", nil, nil),
    ]
    for row in rows {
      let host = PageHost(of: row.address)
      XCTAssertEqual(host?.name, row.name, row.address)
      XCTAssertEqual(host?.port, row.port, row.address)
    }
  }

  func testCookies_AreReadInBothForms() throws {
    func text(_ cookies: String) throws -> String {
      JSONValue.array(try PageCookies.read(cookies, for: "http://a/")).text
    }
    XCTAssertEqual(
      try text(" a=1; b = two=2 "),
      #"[{"name":"a","value":"1","url":"http://a/"},{"name":"b","value":"two=2","url":"http://a/"}]"#)
    XCTAssertEqual(
      try text(#"[{"name":"a","value":"1","domain":"b","same_site":"lax","http_only":true}]"#),
      #"[{"name":"a","value":"1","domain":"b","httpOnly":true,"sameSite":"Lax"}]"#)
    for wrong in [
      "nothing", "=1", "[]", "[1]", #"[{"value":"1"}]"#, "[", #"[{"name":"a","value":"1","same_site":"x"}]"#,
    ] {
      XCTAssertThrowsError(try text(wrong), wrong)
    }
  }

  /// A document counts as loaded by its own marks alone, and one that leads to another one not at all.
  func testState_BelongsToTheLastDocument() throws {
    var state = PageState()
    state.frame = "F"
    func take(_ event: String, _ parameters: String) throws {
      state.take(event, try JSONReader.parse(parameters.utf8))
    }
    func begin(_ request: String) throws {
      try take(
        "Network.requestWillBeSent",
        #"{"requestId":"\#(request)","type":"Document","frameId":"F","request":{"url":"http://a/\#(request)"}}"#)
    }
    try take("Page.lifecycleEvent", #"{"frameId":"F","loaderId":"blank","name":"load"}"#)
    XCTAssertEqual(state.marks, [])
    try begin("1")
    try take("Network.responseReceived", #"{"requestId":"1","response":{"status":200,"mimeType":"text/html"}}"#)
    try take("Page.lifecycleEvent", #"{"frameId":"F","loaderId":"blank","name":"load"}"#)
    XCTAssertEqual(state.marks, [])
    try take("Page.lifecycleEvent", #"{"frameId":"F","loaderId":"1","name":"load"}"#)
    XCTAssertEqual(state.marks, ["load"])
    XCTAssertEqual([state.status, state.documents], [200, 1])
    try begin("2")
    XCTAssertEqual(state.marks, [])
    XCTAssertNil(state.status)
    XCTAssertEqual(state.address, "http://a/2")
    // What belongs to a frame within the page says nothing of the page.
    try take(
      "Network.requestWillBeSent",
      #"{"requestId":"3","type":"Document","frameId":"G","request":{"url":"http://b/"}}"#)
    XCTAssertEqual(state.document, "2")
    try take("Network.loadingFailed", #"{"requestId":"3","errorText":"net::ERR_FAILED"}"#)
    XCTAssertNil(state.error)
    try take("Network.loadingFailed", #"{"requestId":"2","errorText":"net::ERR_CERT_DATE_INVALID"}"#)
    XCTAssertEqual(state.error, "net::ERR_CERT_DATE_INVALID")
  }

  func testCatalogue_MakesOfPagesWhatABrowserAndTheRestMake() throws {
    let catalogue = Catalogue(found: Toolbox(having: Chromium.all))
    for target in [Format.pdf, .png, .jpeg, .webp, .html, .mhtml, .md, .txt] {
      XCTAssertTrue(catalogue.formats(from: .url).contains(target), target.name)
    }
    let steps = catalogue.steps(of: Conversion(from: .url, to: .md))
    XCTAssertEqual(steps?.map(\.to), [.html, .md])
    let links = Conversion(from: .url, to: .json, options: try ConversionOptions(["links": "true"]))
    XCTAssertEqual(catalogue.steps(of: links)?.map(\.to), [.json])
    XCTAssertEqual(catalogue.steps(of: Conversion(from: .url, to: .pdf))?.first?.maker.lane, .page)
    // The small browser goes before the whole one.
    XCTAssertEqual(
      catalogue.steps(of: Conversion(from: .html, to: .png))?.first?.maker.name, "chromium-headless-shell")
    XCTAssertEqual(
      Catalogue().absent(from: .url, to: .pdf)?.words,
      "chromium-headless-shell, of the Debian package chromium-headless-shell, which is not here")
  }

  func testScriptsAndLists_AreInTheProgram() {
    for script in [
      PageScript.begin, .look, .await, .settle, .banners, .unstick, .place, .source, .style, .scroll,
    ] {
      XCTAssertFalse(script.text.isEmpty, script.rawValue)
    }
    XCTAssertTrue(PageScript.lines("ads.txt").contains("doubleclick.net"))
    XCTAssertTrue(PageScript.lines("banners.txt").contains("#onetrust-banner-sdk"))
  }
}
