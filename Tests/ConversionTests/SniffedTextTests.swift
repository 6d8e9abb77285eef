import Formats
import Conversion
import XCTest

/// Text may be many things; who declares a format or names the file decides between them.
final class SniffedTextTests: XCTestCase {
  func testType_OfText_MayBeWhatItsBeginningAllows() {
    let cases: [(text: String, best: Format, may: [Format], mayNot: [Format])] = [
      ("a,b\n1,2\n", .txt, [.csv, .tsv, .md, .yaml, .html, .eml], [.json, .xml, .svg, .png]),
      ("{\"a\": 1}", .json, [.txt, .yaml, .csv], [.html, .xml]),
      (" [ {\"a\": 1} ]", .json, [.txt], [.xml]),
      ("[true]", .json, [.txt], []),
      ("[a link](b)\n", .txt, [.md, .json], [.xml]),
      ("12", .txt, [.json, .csv], [.xml]),
      ("\u{FEFF}\n<!DOCTYPE html><p>", .html, [.xml, .md], [.svg, .json, .csv]),
      ("<?xml version='1.0'?><a/>", .xml, [.svg, .html, .txt], [.json, .csv]),
      ("<?xml version='1.0'?><svg/>", .svg, [.xml], [.csv]),
      ("<svg/>", .svg, [.xml, .html], [.csv]),
      ("<p>Hello</p>", .txt, [.html, .xml, .md, .csv], [.json]),
      ("# Title\n", .txt, [.md, .yaml], [.json]),
      ("<!DOCTYPE html>\0<p>", .html, [.md], [.json]),
      ("<!doctype a\u{1F}>", .txt, [.html, .xml], [.json]),
    ]
    for (text, best, may, mayNot) in cases {
      let found = Sniffer.type(of: Array(text.utf8))
      XCTAssertEqual(found.best, best, text)
      XCTAssertTrue(may.allSatisfy(found.may(be:)), text)
      XCTAssertFalse(mayNot.contains(where: found.may(be:)), text)
    }
  }

  func testBest_WhenNameSaysWhatItMayBe_FollowsTheName() {
    let table = Sniffer.type(of: Array("a,b\n1,2\n".utf8))
    let names: [(String, Format)] = [
      ("a.csv", .csv), ("A.CSV", .csv), ("a.yml", .yaml), ("a", .txt), ("a.", .txt), ("a.png", .txt), ("a.json", .txt),
      (".md", .md), ("a.csv.md", .md), ("", .txt), ("a.html", .html), ("a.eml", .eml),
    ]
    for (name, format) in names { XCTAssertEqual(table.best(named: name), format, name) }
    XCTAssertEqual(Sniffer.type(of: [0xFF, 0xD8, 0xFF]).best(named: "a.png"), .jpeg)
  }
}
