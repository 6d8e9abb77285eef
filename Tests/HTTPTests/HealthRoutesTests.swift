import Synchronization
import XCTest

@testable import HTTP

final class HealthRoutesTests: XCTestCase {
  func testHealthz_AnswersWithoutAsking() async {
    let response = await ask("/healthz", problems: ["the disk is gone"])
    XCTAssertEqual(response.status, .ok)
    XCTAssertEqual(response.headers[.cacheControl], "no-store")
  }

  func testReadyz_TellsWhatIsWrong() async {
    let ready = await ask("/readyz", problems: [])
    XCTAssertEqual(ready.status, .ok)
    let response = await ask("/readyz", problems: ["the database cannot be written", "no worker process runs"])
    XCTAssertEqual(response.status, .serviceUnavailable)
    XCTAssertEqual(response.headers[.retryAfter], "5")
    guard case .bytes(let bytes) = response.body else { return XCTFail("no text") }
    XCTAssertEqual(
      String(decoding: bytes, as: UTF8.self), "the database cannot be written\nno worker process runs\n")
  }

  private func ask(_ path: String, problems: [String]) async -> Response {
    let group = HealthRoutes.group(probe: { problems }, refuse: refusal("health"))
    var request = Request(.get, path)
    return await Router(groups: [group], fallback: refusal("fallback")).respond(to: &request)
  }
}
