import XCTest

@testable import HTTP

final class ListenAddressTests: XCTestCase {
  func testText_IsReadAsPeopleWriteIt() {
    let right: [(String, String)] = [
      ("127.0.0.1:8080", "127.0.0.1:8080"), ("[::1]:80", "[::1]:80"), ("localhost:8080", "127.0.0.1:8080"),
      (":8080", "0.0.0.0:8080"), ("*:8080", "0.0.0.0:8080"), ("/run/wonder.sock", "/run/wonder.sock"),
    ]
    for (text, address) in right { XCTAssertEqual(ListenAddress(text)?.description, address, text) }
    for text in [
      "8080", "localhost", "::1:80", "[]:80", "[127.0.0.1]:80", "example.com:80", "127.0.0.1:99999", "a:b:c",
    ] {
      XCTAssertNil(ListenAddress(text), text)
    }
  }

  func testPrintedAddress_CanBeOpened() {
    let cases = [
      ("0.0.0.0:8080", "127.0.0.1:8080"), ("[::]:8080", "[::1]:8080"), ("[0:0:0:0:0:0:0:0]:1", "[::1]:1"),
      (":9", "127.0.0.1:9"), ("192.0.2.7:80", "192.0.2.7:80"), ("[2001:db8::1]:80", "[2001:db8::1]:80"),
    ]
    for (listening, opened) in cases { XCTAssertEqual(ListenAddress.openable(listening), opened) }
  }
}
