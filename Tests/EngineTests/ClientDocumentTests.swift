import Basics
import Glibc
import XCTest

@testable import Engine

final class ClientDocumentTests: XCTestCase {
  func testRead_OfALongDocument_LeavesTheCallersThread() async throws {
    let blocking = Blocking(mostThreads: 1)
    defer { blocking.close() }
    let own = try await blocking.run { UInt(pthread_self()) }
    for (size, isAway) in [(10, false), (ClientDocument.mostAtOnce, false), (ClientDocument.mostAtOnce + 1, true)] {
      let bytes = Array((#"{"a":1}"# + String(repeating: " ", count: size - 7)).utf8)
      let thread = try await ClientDocument.read(bytes, on: blocking) { _ in UInt(pthread_self()) }
      XCTAssertEqual(thread == own, isAway, "\(size)")
    }
  }

  func testRead_OfWhatIsNoObjectOrHasAMemberTwice_Is400WithThePlace() async throws {
    let blocking = Blocking(mostThreads: 1)
    defer { blocking.close() }
    for (text, problem) in [
      ("[1]", nil), ("{", "at byte 1"), (#"{"a":1,"a":2}"#, "the member \"a\" comes twice at byte 10"),
    ] {
      do {
        try await ClientDocument.read(Array(text.utf8), on: blocking) { _ in }
        XCTFail(text)
      } catch let refusal as Refusal {
        XCTAssertEqual(refusal.code, "malformed_json")
        XCTAssertEqual(refusal.status, 400)
        if let problem { XCTAssertTrue(refusal.fields.first?.problem.hasSuffix(problem) ?? false, "\(refusal.fields)") }
      }
    }
  }
}
