import DataFormats
import XCTest

final class CSVDialectTests: XCTestCase {
  /// Text, and the delimiter that is found in it.
  func testFinding_TakesWhatCutsRowsAlike() throws {
    let cases = [
      ("a,b\n1,2\n", ","), ("a;b\n1;2\n", ";"), ("a\tb\n1\t2\n", "\t"), ("a|b\n1|2\n", "|"), ("", ","), ("a\nb\n", ","),
      ("name;price\nx;1,50\ny;2,75\n", ";"), ("1,5;2,5\n1,6;2,7\n", ";"), ("\"a\";\"b,c\"\n\"1\";\"2,3\"\n", ";"),
      ("# a comment\na,b\n1,2\n", ","), ("a,b\n1,x;y\n2,z\n", ","), ("a,b\n\"x|y|z\",2\n\"u|v\",3\n", ","),
      ("1,x,y,a;b\n2,x,y,a;b\n", ","), ("1\tSmith, John\n2\tDoe, Jane\n", "\t"), ("x,\"a;b\",y\nx,\"c;d\",y\n", ","),
      ("when,what\n1,\"a\tb\"\n", ","),
    ]
    for (text, delimiter) in cases {
      let found = try CSVDialect.find(ByteFeed(Array(text.utf8)), quote: 0x22).delimiter
      XCTAssertEqual(String(UnicodeScalar(found)), delimiter, text)
    }
  }

  func testFinding_LooksAtTheBeginningAlone() throws {
    let text = "a;b\n" + String(repeating: "1;2\n", count: 30_000) + String(repeating: "1,2,3\n", count: 90_000)
    XCTAssertEqual(try CSVDialect.find(ByteFeed(Array(text.utf8)), quote: 0x22).delimiter, UInt8(ascii: ";"))
  }

  func testDelimiter_IsNotLookedForWhereGiven() {
    let made = converted("a;b\n1;2\n", .csv, .ndjson) { $0.delimiter = UInt8(ascii: ",") }
    XCTAssertEqual(made, "{\"a;b\":\"1;2\"}\n")
    XCTAssertEqual(converted("a,b\n1,2\n", .tsv, .ndjson), "{\"a,b\":\"1,2\"}\n")
  }

  func testRows_BecomeThoseOfAnotherDialect() {
    XCTAssertEqual(converted("a;a\n1\n\"x\ty\";2;3\n", .csv, .tsv), "a\ta\r\n1\r\n\"x\ty\"\t2\t3\r\n")
    XCTAssertEqual(converted("a\tb\n1,5\t\"\"\n", .tsv, .csv), "a,b\r\n\"1,5\",\r\n")
  }
}
