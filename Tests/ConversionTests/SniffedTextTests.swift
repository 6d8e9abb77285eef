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

  /// HTML and Markdown say what such a character is; whoever calls no name gets no guess.
  func testType_OfTextWithAFewControls_IsTextWhenSomebodySaysSo() {
    for text in ["<p>a\0b</p>", "# a\0b", "\0", "a\u{1}b", "<a a='\0'>", String(repeating: "\0abc", count: 9)] {
      let found = Sniffer.type(of: Array(text.utf8))
      XCTAssertNil(found.best, text.debugDescription)
      for format: Format in [.html, .md, .txt] { XCTAssertTrue(found.may(be: format), text.debugDescription) }
      for format: Format in [.json, .csv, .yaml, .eml, .xml] { XCTAssertFalse(found.may(be: format), text) }
      XCTAssertEqual(found.best(named: "a.html"), .html, text.debugDescription)
      XCTAssertNil(found.best(named: "a.csv"), text.debugDescription)
    }
    let others: [[UInt8]] = [Array("a\0b\0c\0".utf8), Array("a\0\0b".utf8), [0x61, 0xFE, 0x63, 0x64, 0x65, 0]]
    for bytes in others { XCTAssertFalse(Sniffer.type(of: bytes).isOpen, "\(bytes)") }
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
