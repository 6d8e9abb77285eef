import Formats
import XCTest

final class RobotsRulesTests: XCTestCase {
  private func rules(_ text: String, agent: String = "wonder") -> RobotsRules {
    RobotsRules(Array(text.utf8), agent: agent)
  }

  private func assert(
    _ rules: RobotsRules, allows: [String] = [], forbids: [String] = [], line: UInt = #line
  ) {
    for path in allows { XCTAssertTrue(rules.allows(path), path, line: line) }
    for path in forbids { XCTAssertFalse(rules.allows(path), path, line: line) }
  }

  func testAllows_EverythingWithoutARule() {
    assert(.allowing, allows: ["/", "/a?b", ""])
    assert(rules("User-agent: *\nDisallow:\n"), allows: ["/", "/a"])
    assert(rules("Disallow: /\nUser-agent: other\nDisallow: /"), allows: ["/"])
    assert(.forbidding, allows: ["/robots.txt", "/robots.txt?a"], forbids: ["/", "/a", "", "/robots.txts"])
  }

  /// RFC 9309 section 5.1.
  func testGroups_OfTheExampleOfTheStandard() {
    let text = """
      User-Agent: *
      Disallow: *.gif$
      Disallow: /example/
      Allow: /publications/

      User-Agent: foobot
      Disallow:/
      Allow:/example/page.html
      Allow:/example/allowed.gif

      User-Agent: barbot
      User-Agent: bazbot
      Disallow: /example/page.html

      User-Agent: quxbot
      """
    assert(
      rules(text), allows: ["/publications/a", "/a.gif?b", "/a.gifs"], forbids: ["/a.gif", "/example/", "/example/b"])
    assert(rules(text, agent: "FooBot"), allows: ["/example/page.html", "/example/allowed.gif"], forbids: ["/", "/a"])
    for agent in ["barbot", "bazbot"] {
      assert(rules(text, agent: agent), allows: ["/", "/example/"], forbids: ["/example/page.html"])
    }
    assert(rules(text, agent: "quxbot"), allows: ["/", "/example/"])
  }

  /// RFC 9309 section 5.2.
  func testLongestMatch_Decides_AndAllowWhereBothAreAsLong() {
    let text = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif"
    assert(
      rules(text, agent: "foobot"), allows: ["/example/page/", "/example/page/b"],
      forbids: ["/example/page/disallowed.gif"])
    assert(rules("User-agent: *\nDisallow: /a\nAllow: /a"), allows: ["/a"])
    assert(rules("User-agent: *\nAllow: /a\nDisallow: /a"), allows: ["/a"])
    assert(rules("User-agent: *\nAllow: /\nDisallow: /*.htm"), allows: ["/", "/a"], forbids: ["/a.htm", "/b/c.html"])
  }

  func testGroups_OfOneNameAreOne_AndTheLongestNameCounts() {
    let text = """
      User-agent: Wonder/1.0
      Disallow: /a
      User-agent: *
      Disallow: /b
      User-agent: WONDER
      Disallow: /c
      User-agent: wonderful
      Disallow: /d
      User-agent: won
      Disallow: /e
      """
    assert(rules(text), allows: ["/b", "/d", "/e"], forbids: ["/a", "/c"])
    assert(rules(text, agent: "wonder-pages"), allows: ["/b"], forbids: ["/a", "/c"])
    assert(
      rules(text + "\nUser-agent: wonder-pages\nDisallow: /f", agent: "wonder-pages"), allows: ["/a"], forbids: ["/f"])
    assert(rules(text, agent: "other"), allows: ["/a"], forbids: ["/b"])
    assert(rules("User-agent: *\nUser-agent: wonder\nDisallow: /a"), forbids: ["/a"])
    assert(rules("User-agent: wonder\nDisallow:\nUser-agent: *\nDisallow: /"), allows: ["/"])
  }

  func testOtherLines_EndNoListOfNames() {
    let text = "User-agent: wonder\nSitemap: http://a/s\nCrawl-delay: 5\nnonsense\n\nUser-agent: b\nDisallow: /"
    assert(rules(text), forbids: ["/a"])
  }

  /// RFC 9309 section 2.2.2 and 2.2.3.
  func testCharactersInHexadecimal_AreComparedAsOne() {
    func one(_ rule: String) -> RobotsRules { rules("User-agent: *\nDisallow: \(rule)") }
    assert(one("/foo/bar?baz=quz"), allows: ["/foo/bar?baz="], forbids: ["/foo/bar?baz=quz", "/foo/bar?baz=quz2"])
    assert(one("/foo/bar/ツ"), forbids: ["/foo/bar/%E3%83%84", "/foo/bar/ツ", "/foo/bar/%e3%83%84"])
    assert(one("/foo/bar/%E3%83%84"), forbids: ["/foo/bar/ツ"])
    assert(one("/foo/bar/%62%61%7A"), forbids: ["/foo/bar/baz"])
    assert(one("/foo/bar/baz"), forbids: ["/foo/bar/%62%61%7A"])
    assert(one("/a%2Fb"), allows: ["/a/b"], forbids: ["/a%2fb"])
    assert(
      one("/path/file-with-a-%2A.html"), allows: ["/path/file-with-a-b.html"], forbids: ["/path/file-with-a-*.html"])
    assert(one("/path/foo-%24"), allows: ["/path/foo-"], forbids: ["/path/foo-$", "/path/foo-%24"])
    assert(one("/a$b"), allows: ["/a"], forbids: ["/a$b", "/a$bc"])
  }

  func testWildcards_StandForAnything() {
    func one(_ rule: String) -> RobotsRules { rules("User-agent: *\nDisallow: \(rule)") }
    assert(
      one("/fish"), allows: ["/Fish.asp", "/catfish", "/?id=fish"], forbids: ["/fish", "/fish.html", "/fishheads/y"])
    assert(one("/fish*"), allows: ["/Fish"], forbids: ["/fish", "/fish/a"])
    assert(one("/*.php"), allows: ["/windows.PHP", "/"], forbids: ["/index.php", "/a.php?b", "/a/b.php/"])
    assert(one("/*.php$"), allows: ["/a.php?b", "/a.php/", "/a.php5"], forbids: ["/a.php", "/a/b.php"])
    assert(one("/fish*.php"), allows: ["/Fish.PHP"], forbids: ["/fish.php", "/fishheads/catfish.php?parameters"])
    assert(one("/$"), allows: ["/a"], forbids: ["/"])
    assert(one("$"), allows: ["/", "/a"])
    assert(one("*"), forbids: ["/", "/a"])
    assert(one("**a*$"), allows: ["/"], forbids: ["/a", "/ba?c"])
    assert(one("/a*b*a"), allows: ["/aba".replacing("b", with: "c")], forbids: ["/aba", "/axbxa"])
  }

  func testManyWildcards_TakeNoLongTime() {
    let rule = "/" + String(repeating: "*a", count: 2000) + "$"
    let robots = rules("User-agent: *\nDisallow: \(rule)")
    assert(robots, allows: ["/" + String(repeating: "a", count: 100_000) + "b"])
    let other = rules("User-agent: *\nDisallow: /*" + String(repeating: "a", count: 20_000) + "b*")
    assert(other, allows: ["/" + String(repeating: "a", count: 100_000)])
  }

  func testLines_EndInAnyWay_WithCommentsAndBlanks() {
    for end in ["\n", "\r", "\r\n"] {
      let lines = [
        "# a", " user-AGENT \t: * # b", "DISALLOW\t:\t/a b # c", "", "Disallow :/c#d", "Allow", "Disallow /e",
      ]
      let robots = rules("\u{FEFF}" + lines.joined(separator: end))
      assert(robots, allows: ["/a", "/e"], forbids: ["/a%20b", "/c"])
    }
    XCTAssertFalse(rules("\u{FEFF}User-agent: *\nDisallow: /").allows("/"))
    XCTAssertFalse(RobotsRules([0xFF, 0x0A] + Array("User-agent: *\nDisallow: /".utf8)).allows("/"))
  }

  func testFile_BeyondTheLimit_IsReadUpToItsLastWholeLine() {
    let start = "User-agent: *\nDisallow: /first\n"
    let padding = String(repeating: "#", count: RobotsRules.mostBytes - start.utf8.count - 12) + "\n"
    let robots = rules(start + padding + "Disallow: /last\nDisallow: /later\n")
    assert(robots, allows: ["/", "/last", "/later", "/x"], forbids: ["/first"])
    XCTAssertEqual(rules(String(repeating: "#", count: RobotsRules.mostBytes + 1)).allows("/"), true)
  }

  func testSitemaps_AreThoseOfAllGroups() {
    let text = "Sitemap: http://a/1\nUser-agent: b\nsitemap:http://a/2 # c\nDisallow: /\nSITEMAP :  /3\nSitemap:\n"
    XCTAssertEqual(rules(text).sitemaps, ["http://a/1", "http://a/2", "/3"])
  }

  func testCrawlDelay_IsOfTheOwnGroup_AndBounded() {
    XCTAssertEqual(rules("User-agent: *\nCrawl-delay: 2.5").crawlDelay, 2.5)
    XCTAssertEqual(rules("User-agent: *\nCrawl-delay: 3600").crawlDelay, 60)
    XCTAssertNil(rules("Crawl-delay: 3\nUser-agent: *\nDisallow: /").crawlDelay)
    XCTAssertNil(rules("User-agent: other\nCrawl-delay: 3").crawlDelay)
    for word in ["-1", "nan", "inf", "soon", ""] {
      XCTAssertNil(rules("User-agent: *\nCrawl-delay: \(word)").crawlDelay, word)
    }
  }
}
