import Formats
import XCTest

/// Files that hold the address of a page.
final class PageAddressTests: XCTestCase {
  func testFile_IsReadAgain() {
    XCTAssertEqual(PageAddress.read(PageAddress.file(of: "https://example.com/a?b#c")), "https://example.com/a?b#c")
  }

  func testAddress_IsFoundInShortcutsAndInALineAlone() {
    let rows: [(text: String, address: String?)] = [
      ("[internetshortcut]\nIconIndex=0\nURL = https://a/\n", nil),
      ("[InternetShortcut]\nurl=https://a/\n", "https://a/"),
      ("\u{FEFF}  https://a/  \n\n", "https://a/"), ("HTTP://A/", "HTTP://A/"), ("ftp://a/", nil), ("", nil),
      ("https://a/\nhttps://b/", nil), ("https://a b/", nil), ("javascript:alert(1)", nil),
      ("[InternetShortcut]\nURL=file:///etc/passwd", nil),
    ]
    for row in rows { XCTAssertEqual(PageAddress.read(Array(row.text.utf8)), row.address, row.text) }
    XCTAssertNil(PageAddress.read(Array("https://a/".utf8) + [0xFF]))
    XCTAssertNil(PageAddress.read([UInt8](repeating: 0x61, count: PageAddress.mostBytes + 1)))
  }

  func testShortcut_IsToldByItsBytes_AndATextByWhatIsSaid() {
    XCTAssertEqual(Sniffer.type(of: PageAddress.file(of: "https://a/")).certain, .url)
    let text = Sniffer.type(of: Array("https://a/\n".utf8))
    XCTAssertTrue(text.may(be: .url))
    XCTAssertNotEqual(text.best, .url)
  }
}
