import Basics
import Glibc
import TestSupport
import XCTest

@testable import Conversion

/// What a browser says over its pipes, and what becomes of everybody when it says or takes something unusual.
final class DevToolsTests: XCTestCase {
  private var browser: (orders: Int32, answers: Int32) = (-1, -1)

  override func tearDown() {
    close(browser.orders)
    close(browser.answers)
  }

  private func tools(longest: Int = DevTools.longestMessage) throws -> DevTools {
    var (orders, answers): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
    try check("socketpair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &orders) }
    try check("socketpair") { socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &answers) }
    browser = (orders[0], answers[0])
    return try DevTools(orders: orders[1], answers: answers[1], longestMessage: longest, longestWrite: 10)
  }

  private func say(_ text: String) {
    let bytes = Array(text.utf8) + [0]
    XCTAssertEqual(write(browser.answers, bytes, bytes.count), bytes.count)
  }

  private func end(_ tools: DevTools) {
    shutdown(browser.answers, Int32(SHUT_RDWR))
    tools.close()
  }

  func testHalvesOfSurrogatePairs_EndNothing() throws {
    let tools = try tools()
    defer { end(tools) }
    let box = DevToolsBox()
    let number = tools.send("Runtime.evaluate", .object([]), for: box)
    say(#"{"id":\#(number),"result":{"a":"x\ud800y","b":"\udc00\ud83d\ude00\ud83d","c":"\ud83dA"}}"#)
    guard case .answer(number, let result) = box.take(longest: .seconds(30)) else { return XCTFail("no answer") }
    XCTAssertEqual(result["a"]?.string, "x\u{FFFD}y")
    XCTAssertEqual(result["b"]?.string, "\u{FFFD}😀\u{FFFD}")
    XCTAssertEqual(result["c"]?.string, "\u{FFFD}A")
  }

  func testTooLongAMessage_IsLostAlone() throws {
    let tools = try tools(longest: 1000)
    defer { end(tools) }
    let box = DevToolsBox()
    tools.open("page", box)
    let long = String(repeating: "x", count: 600_000)
    say(#"{"method":"Page.frameNavigated","sessionId":"page","params":{"name":"\#(long)"}}"#)
    say(#"{"method":"Page.loadEventFired","sessionId":"page","params":{}}"#)
    guard case .event(let method, _, _) = box.take(longest: .seconds(30)) else { return XCTFail("no event") }
    XCTAssertEqual(method, "Page.loadEventFired")
    XCTAssertTrue(tools.isOpen)
  }

  func testWhatIsNoDocument_IsTheEndOfAll() throws {
    let tools = try tools()
    defer { end(tools) }
    let (first, second) = (DevToolsBox(), DevToolsBox())
    tools.open("first", first)
    tools.open("second", second)
    say("{")
    for box in [first, second] {
      guard case .end = box.take(longest: .seconds(30)) else { return XCTFail("not ended") }
    }
    XCTAssertFalse(tools.isOpen)
  }

  /// Another command would go on where the half one ends.
  func testBrowserThatTakesHalfACommand_IsTheEndOfAll() throws {
    let tools = try tools()
    defer { end(tools) }
    let (first, second) = (DevToolsBox(), DevToolsBox())
    tools.open("second", second)
    tools.send("Page.navigate", .object([("url", .string(String(repeating: "x", count: 8 << 20)))]), for: first)
    for box in [first, second] {
      guard case .end = box.take(longest: .zero) else { return XCTFail("not ended") }
    }
    XCTAssertFalse(tools.isOpen)
  }
}
