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
}
