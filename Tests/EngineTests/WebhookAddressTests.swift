import XCTest

@testable import Engine

final class WebhookAddressTests: XCTestCase {
  func testProblem_OfUsableAddresses_IsNil() {
    for url in [
      "https://client.example/webhooks/wonderconvert", "HTTP://x", "http://[::1]:8080/a?b=c", "https://h:443",
    ] {
      XCTAssertNil(WebhookAddress.problem(of: url), url)
    }
  }

  func testProblem_OfOthers_SaysWhatIsWrong() {
    let bad = [
      "", "client.example", "ftp://x/", "javascript:alert(1)", "http://", "http:///path", "https://user@host/",
      "http://host:0/", "http://host:99999/", "http://host:x/", "http://a b/", "http://ü/", "http://h/\r\nX: y",
      "http://h/" + String(repeating: "x", count: 2048),
    ]
    for url in bad { XCTAssertNotNil(WebhookAddress.problem(of: url), url) }
  }
}
