import XCTest

@testable import Formats

/// Regular expressions for addresses, as Python's `re.search` has them.
final class AddressExpressionTests: XCTestCase {
  private func isFound(_ expression: String, _ text: String) throws -> Bool {
    try AddressExpression(expression).isFound(in: Array(text.utf8))
  }

  func testExpressions_AreFoundAsElsewhere() throws {
    for (expression, text, expected) in [
      ("/blog/", "https://a.example/blog/x", true), ("/blog/", "https://a.example/news", false),
      ("^https://a\\.example/$", "https://a.example/", true), ("^/blog", "https://a.example/blog", false),
      ("\\.(pdf|zip)$", "https://a.example/x.zip", true), ("\\.(pdf|zip)$", "https://a.example/x.zip?y", false),
      ("page=[0-9]{2,3}\\b", "x?page=7", false), ("page=[0-9]{2,3}\\b", "x?page=77", true),
      ("page=\\d{2,}&", "x?page=1234&a", true), ("/[^/]+/edit", "/a/edit", true), ("/[^/]+/edit", "//edit", false),
      ("(?i)/LOGIN", "/login", true), ("/LOGIN", "/login", false), ("a.*?b+c", "xa12bbbc", true),
      ("(?:ab)+$", "ababab", true), ("^(?:ab)+$", "ababa", false), ("colou?r", "color", true), ("", "x", true),
      ("a{,2}b", "aab", true), ("{", "a{b", true), ("[]x]", "a]", true), ("[a\\-z]", "-", true),
      ("[\\w.]+@", "a.b@", true),
    ] {
      XCTAssertEqual(try isFound(expression, text), expected, "\(expression) in \(text)")
    }
  }

  func testWhatNeedsToGoBack_AndWhatIsNoExpression_IsRefused() {
    for text in ["(", "a)", "[a", "*a", "(?=a)", "(a)\\1", "\\", "a{9999}", "((((((((((((((((((((((a", "(a{100}){100}"]
    {
      XCTAssertThrowsError(try AddressExpression(text), text)
    }
  }

  func testTime_IsLinear_WhereOthersNeedYears() throws {
    let text = String(repeating: "a", count: 2000)
    XCTAssertFalse(try isFound("(a*)*(a|a)*(a+)+b$", text))
    XCTAssertFalse(try isFound("()*b", text))
  }

  func testPattern_WithATilde_IsOne() {
    let pattern = AddressPattern("~/docs/\\d+$")
    XCTAssertTrue(pattern.matches(WebAddress("https://A.example/docs/12#x")))
    XCTAssertFalse(pattern.matches(WebAddress("https://a.example/docs/12/x")))
  }
}
