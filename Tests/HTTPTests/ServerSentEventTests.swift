import XCTest

@testable import HTTP

final class ServerSentEventTests: XCTestCase {
  func testWrite_WithAllFields_EndsWithAnEmptyLine() {
    let event = ServerSentEvent(id: "7", name: "job.completed", data: "{}")
    XCTAssertEqual(text(event), "id: 7\nevent: job.completed\ndata: {}\n\n")
    XCTAssertEqual(text(ServerSentEvent(data: "")), "data: \n\n")
  }

  func testWrite_WithLineEndsInData_WritesALineForEach() {
    let lines = "data: a\ndata: b\ndata: \ndata: c\ndata: \n\n"
    for data in ["a\nb\n\nc\n", "a\rb\r\rc\r", "a\r\nb\r\n\r\nc\r\n", "a\r\nb\n\rc\n"] {
      XCTAssertEqual(text(ServerSentEvent(data: data)), lines, data.debugDescription)
    }
  }

  func testWrite_WithLineEndsInIDAndName_StaysOneLineEach() {
    let event = ServerSentEvent(id: "1\ndata: x", name: "a\r\n\u{0}b", data: "d\u{0}")
    XCTAssertEqual(text(event), "id: 1 data: x\nevent: a   b\ndata: d\u{0}\n\n")
  }

  private func text(_ event: ServerSentEvent) -> String {
    var bytes: [UInt8] = []
    event.write(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
