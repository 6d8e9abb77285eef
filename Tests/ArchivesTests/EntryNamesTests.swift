import XCTest

@testable import Archives

/// Which names of archives are unpacked, and what they are then.
final class EntryNamesTests: XCTestCase {
  func testTake_GivesWhatIsLeftOfAName() throws {
    var names = EntryNames()
    for (name, left) in [
      ("a", "a"), ("./b/c", "b/c"), ("d//e/./f", "d/e/f"), ("g\\h.txt", "g/h.txt"), ("ä ö/🙂", "ä ö/🙂"),
      ("..a/b..", "..a/b.."),
    ] {
      XCTAssertEqual(try names.take(name), left)
    }
    XCTAssertEqual(try names.take("d/e/", isFolder: true), "d/e")
    XCTAssertEqual(try names.take("./", isFolder: true), "")
  }

  func testTake_RefusesWhatLeadsElsewhere() {
    for name in [
      "/etc/passwd", "../a", "a/../b", "a/..", "..\\a", "C:\\a", "c:a", "\\a", "a\nb", "a\u{1B}[0m", "a\u{0}",
      "a\u{85}", "",
      ".", "a\u{2028}b",
    ] {
      var names = EntryNames()
      XCTAssertNotNil(fault { _ = try names.take(name) }, name)
    }
  }

  func testTake_RefusesWhatIsThereAlready() throws {
    var names = EntryNames()
    _ = try names.take("a/b")
    for name in ["a/b", "./a//b", "a", "a/b/c"] { XCTAssertNotNil(fault { _ = try names.take(name) }, name) }
    XCTAssertNotNil(fault { _ = try names.take("a/b/", isFolder: true) })
    XCTAssertEqual(try names.take("A/b"), "A/b")
  }

  func testTake_BoundsHowDeepANameIs() {
    var names = EntryNames()
    XCTAssertNotNil(fault { _ = try names.take(String(repeating: "a/", count: 300) + "a") })
  }
}
