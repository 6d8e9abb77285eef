import Formats
import TestSupport
import XCTest

@testable import Engine
@testable import Storage

/// Which addresses are of a site.
final class SiteScopeTests: XCTestCase {
  private func scope(_ root: String, _ mode: Site.Mode = .crawl, origin: String? = nil) -> SiteScope {
    SiteScope(
      Site(
        batchID: 1, workspaceID: 1, keyID: nil, dialect: "d", mode: mode, root: root, origin: origin, depth: 1,
        pages: 1,
        include: [], exclude: [], heedsRobots: true, found: 0, template: nil))
  }

  func testOwn_IsTheSameHostAndPort_WithOrWithoutWWW() {
    let crawl = scope("https://www.example.com/start")
    for (text, own) in [
      ("https://www.example.com", "https://www.example.com/"), ("https://example.com/a#b", "https://www.example.com/a"),
      ("HTTPS://EXAMPLE.com:443/%7ea/../b", "https://www.example.com/b"), ("http://www.example.com/", nil),
      ("https://www.example.com:8443/", nil), ("https://sub.example.com/", nil), ("https://example.org/", nil),
      ("https://u:p@www.example.com/", nil), ("mailto:a@example.com", nil), ("/a", nil),
      ("https://example.com.evil.example/", nil), ("https://example.com/" + String(repeating: "a", count: 3000), nil),
    ] { XCTAssertEqual(crawl.own(text), own, text) }
    XCTAssertEqual(scope("http://a.example/", .sitemap).own("http://www.a.example/x"), "http://www.a.example/x")
    XCTAssertEqual(
      scope("http://a.example/", origin: "https://b.example").own("https://b.example"), "https://b.example/")
  }

  func testEndings_OfOtherFiles_AreNoPages() {
    for path in ["/a.png", "/b.PDF", "/c.tar.gz", "/d.js?x=1.html", "/e.css"] {
      XCTAssertFalse(SiteScope.mayBePage("http://a.example" + path), path)
    }
    for path in ["/", "/a", "/a.html", "/a.php?f=b.png", "/v1.2/", "/a.b/c"] {
      XCTAssertTrue(SiteScope.mayBePage("http://a.example" + path), path)
    }
  }

  func testDelay_OfRobots_IsHeededUpToTenSeconds() {
    for (line, milliseconds) in [("0.5", 500), ("3", 3000), ("99", 10_000), ("x", 0)] {
      let site = Site(
        batchID: 1, workspaceID: 1, keyID: nil, dialect: "d", mode: .crawl, root: "http://a.example/", origin: nil,
        depth: 1, pages: 9, include: [], exclude: [], heedsRobots: true, found: 0, template: nil)
      var run = SiteRun(site, deadline: 0)
      run.robots = .known(RobotsRules(Array("User-agent: *\nCrawl-delay: \(line)\nDisallow:\n".utf8)))
      XCTAssertEqual(run.delay, .milliseconds(milliseconds), line)
      XCTAssertEqual(run.mostAtOnce, milliseconds > 0 ? 1 : 2)
    }
  }
}
