import Basics
import XCTest

@testable import Engine

/// Codes of an app, by the published vectors (RFC 6238, appendix B, of whose eight digits these are the last six).
final class OneTimeCodeTests: XCTestCase {
  private let secret = Array("12345678901234567890".utf8)

  private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

  func testCodes_AreThoseOfTheStandard() throws {
    let vectors: [(Int64, String)] = [
      (59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"),
      (2_000_000_000, "279037"), (20_000_000_000, "353130"),
    ]
    for (seconds, code) in vectors {
      XCTAssertEqual(OneTimeCode.code(secret, step: OneTimeCode.step(at: at(seconds))), code)
    }
  }

  func testACode_IsGoodInItsOwnSpanAndTheOnesBesideIt() throws {
    let now: Int64 = 1_234_567_890
    let step = now / 30
    for drift in -2...2 as ClosedRange<Int64> {
      let found = OneTimeCode.step(of: OneTimeCode.code(secret, step: step + drift), secret, at: at(now))
      XCTAssertEqual(found, abs(drift) <= 1 ? step + drift : nil, "\(drift)")
    }
    for wrong in ["", "00592", "0059244", "０05924", "00592a"] {
      XCTAssertNil(OneTimeCode.step(of: wrong, secret, at: at(now)), wrong)
    }
  }
}
