import TestSupport
import XCTest

@testable import Engine

final class FileNamesTests: XCTestCase {
  func testClean_MakesNastyNamesHarmless() {
    let cases = [
      ("photo.png", "photo.png"), ("../../etc/passwd", "passwd"), ("C:\\Users\\me\\a.png", "a.png"), ("", "file"),
      (".", "file"), ("..", "file"), (".hidden", "hidden"), (" a .png ", "a .png"), ("a\0b\r\nc.png", "abc.png"),
      ("CON.png", "_CON.png"), ("lpt1", "_lpt1"), ("a\"b<c>|d?.png", "abcd.png"), ("trailing.", "trailing"),
      ("\u{202E}gnp.exe", "gnp.exe"), ("Ünï 文.png", "Ünï 文.png"), ("/", "file"),
    ]
    for (name, expected) in cases { XCTAssertEqual(FileNames.clean(name), expected, name) }
  }

  func testClean_CutsAtTheLimitBetweenCharacters() {
    let name = FileNames.clean(String(repeating: "文", count: 200))
    XCTAssertLessThanOrEqual(name.utf8.count, 255)
    XCTAssertTrue(name.allSatisfy { $0 == "文" })
    let marks = FileNames.clean("a" + String(repeating: "\u{301}", count: 200))
    XCTAssertTrue(marks.unicodeScalars.first == "a" && marks.utf8.count <= 255)
  }

  func testClean_OfALongName_KeepsItsEnding() {
    let long = String(repeating: "x", count: 5000)
    XCTAssertEqual(FileNames.clean(long + ".png"), String(repeating: "x", count: 251) + ".png")
    XCTAssertEqual(FileNames.clean(long + ".tar.jpeg").suffix(6), "x.jpeg")
    // What is no ending is cut like the rest, and nothing ends with a dot or a space.
    XCTAssertEqual(FileNames.clean(long + ".a b"), String(repeating: "x", count: 255))
    XCTAssertEqual(
      FileNames.clean(String(repeating: "x", count: 250) + " . ." + long + ".png"),
      String(repeating: "x", count: 250) + ".png")
    XCTAssertEqual(
      FileNames.clean(String(repeating: "x", count: 249) + " . . " + long),
      String(repeating: "x", count: 249) + " . . x")
    XCTAssertEqual(
      FileNames.clean(String(repeating: "x", count: 250) + " . . " + long), String(repeating: "x", count: 250))
  }

  func testClean_LeavesNothingHidden() {
    XCTAssertEqual(FileNames.clean("a\u{AD}\u{61C}\u{180E}\u{2060}\u{206A}\u{FFF9}\u{E0041}\u{FFFF}\u{FFFE}b"), "ab")
    XCTAssertEqual(FileNames.clean("CON .txt"), "_CON .txt")
    XCTAssertEqual(FileNames.clean("lpt\u{B2}"), "_lpt\u{B2}")
  }

  func testOutput_GetsTheNewEnding() {
    XCTAssertEqual(FileNames.output(for: "a.b.png", fileExtension: "jpg"), "a.b.jpg")
    XCTAssertEqual(FileNames.output(for: "noending", fileExtension: "jpg"), "noending.jpg")
    let long = FileNames.output(for: String(repeating: "x", count: 255), fileExtension: "jpg")
    XCTAssertEqual(long.utf8.count, 255)
  }

  func testNumbered_KeepsNamesApartWhateverTheCase() {
    XCTAssertEqual(
      FileNames.numbered(["a.jpg", "A.jpg", "a-2.jpg", "b.jpg", "a.jpg"]),
      ["a.jpg", "A-2.jpg", "a-2-2.jpg", "b.jpg", "a-3.jpg"])
  }

  func testNumbered_OfNamesPreparedAgainstIt_IsLinearAndKeepsThemApart() {
    let long = String(repeating: "x", count: 247)
    let shapes: [(String, (Int) -> [String])] = [
      ("equal", { Array(repeating: "a.png", count: $0) }),
      ("taken", { count in (2..<count / 2).map { "a-\($0).png" } + Array(repeating: "a.png", count: count / 2) }),
      ("taken later", { count in Array(repeating: "a.png", count: count / 2) + (2..<count / 2).map { "a-\($0).png" } }),
      ("nested", { count in (0..<count).map { "a" + String(repeating: "-2", count: $0 % 20) + ".png" } }),
      // Each comes twice, and all of them look alike when room is made for the number.
      ("cut", { count in (0..<count).map { "\(long)\(1000 + $0 / 2).png".replacing(".png", with: "") } }),
      ("case", { count in (0..<count).map { $0 % 2 == 0 ? "PhoTo.PNG" : "photo.png" } }),
    ]
    for (name, shape) in shapes {
      let numbered = FileNames.numbered(shape(1000))
      XCTAssertEqual(Set(numbered.map { $0.lowercased() }).count, numbered.count, name)
      XCTAssertTrue(numbered.allSatisfy { $0.utf8.count <= 255 }, name)
      let ratio = Growth.ratio(of: 500) { _ = FileNames.numbered(shape($0)) }
      XCTAssertLessThan(ratio, Growth.mostForLinear, name)
    }
  }

  func testClean_OfALongName_LooksAtItsEndAndNoMoreThanFits() {
    XCTAssertEqual(FileNames.clean(String(repeating: "a/", count: 4000) + "b.png//"), "b.png")
    XCTAssertEqual(FileNames.clean(String(repeating: "a", count: 100_000)).utf8.count, 255)
    let ratio = Growth.ratio(of: 50_000) { _ = FileNames.clean(String(repeating: "\u{1F1E6}. ", count: $0)) }
    XCTAssertLessThan(ratio, Growth.mostForLinear)
  }
}
