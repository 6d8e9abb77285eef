import Basics
import XCTest

/// Which word was meant by one that there is not.
final class SpellingTests: XCTestCase {
  func testNearest_IsFewEditsAway_AndNeverAnotherWordAltogether() {
    let cases: [(said: String, among: [String], meant: String?)] = [
      ("pgn", ["jpeg", "pgm", "png"], "pgm"), ("pfd", ["pdf", "png"], "pdf"),
      ("qualty", ["quality", "qualify"], "quality"),
      ("--hlep", ["--help", "--version"], "--help"), ("bogus", ["jobs", "job"], nil), ("-V", ["-o", "-n"], nil),
      ("x", ["y"], nil), (String(repeating: "a", count: 65), [String(repeating: "a", count: 64)], nil),
    ]
    for (said, among, meant) in cases { XCTAssertEqual(Spelling.nearest(said, among: among), meant, said) }
  }

  func testNear_ComparesWordByWord() {
    XCTAssertTrue(Spelling.isNear(["admin", "workspce", "create"], ["admin", "workspace", "create"]))
    XCTAssertFalse(Spelling.isNear(["admin", "bogus"], ["admin", "jobs"]))
    XCTAssertFalse(Spelling.isNear(["admin"], ["admin", "jobs"]))
  }
}
