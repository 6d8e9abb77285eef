import Basics
import Dialects
import Outbound
import Storage
import TestSupport
import XCTest

@testable import Outbox

/// The golden table of each style: when every attempt comes, and what every answer means.
final class DeliveryPolicyTests: XCTestCase {
  private let start = Timestamp(milliseconds: 1_773_302_400_000)

  /// Seconds from the first attempt to each one, when every attempt is answered at once with `reply`.
  private func offsets(_ style: DeliveryStyle, _ reply: OutboundReply) -> [Int64] {
    let clock = FixedClock(start)
    var offsets: [Int64] = []
    for number in 1... {
      offsets.append((clock.now - start).milliseconds / 1000)
      guard case .retry(let next) = DeliveryPolicy.of(style).judge(reply, attempt: number, endedAt: clock.now)
      else { return offsets }
      clock.advance(by: next - clock.now)
    }
    return offsets
  }

  private let wonder: [Int64] = [0, 30, 150, 750, 4350, 25_950]
  private let api2convert: [Int64] = [0, 10, 30, 70, 150, 310, 630, 1270, 2170, 3070, 3970]
  private let convertly: [Int64] = [0, 5, 30]
  private let koalapic: [Int64] = [0, 30, 150, 750]
  private let mail: [Int64] = [0, 60, 300, 900, 1800, 3600]
  private let standard: [Int64] = [0, 5, 305, 2105, 9305, 27_305, 63_305, 99_305]

  func testServerErrorsAndNoAnswer_AreRetriedOnSchedule() {
    let lost = OutboundReply(status: 0, failure: OutboundFailure(.timeout))
    for reply in [OutboundReply(status: 500), OutboundReply(status: 502), OutboundReply(status: 301), lost] {
      XCTAssertEqual(offsets(.wonder, reply), wonder)
      XCTAssertEqual(offsets(.api2convert, reply), api2convert)
      XCTAssertEqual(offsets(.convertly, reply), convertly)
      XCTAssertEqual(offsets(.enconvert, reply), [0])
      XCTAssertEqual(offsets(.koalapic, reply), koalapic)
      XCTAssertEqual(offsets(.standard, reply), standard)
    }
    for reply in [OutboundReply(status: 421), OutboundReply(status: 451), lost] {
      XCTAssertEqual(offsets(.mail, reply), mail)
    }
    XCTAssertEqual(offsets(.mail, OutboundReply(status: 550)), [0])
  }

  func testEveryStatus_HasItsMeaning() {
    for status in 200...599 {
      let reply = OutboundReply(status: status)
      func verdict(_ style: DeliveryStyle) -> String {
        switch DeliveryPolicy.of(style).judge(reply, attempt: 1, endedAt: start) {
        case .delivered: "delivered"
        case .retry: "retry"
        case .failed: "failed"
        case .gone: "gone"
        }
      }
      let isSuccess = status < 300
      XCTAssertEqual(verdict(.wonder), isSuccess ? "delivered" : status == 410 ? "gone" : "retry", "\(status)")
      XCTAssertEqual(verdict(.standard), isSuccess ? "delivered" : status == 410 ? "gone" : "retry", "\(status)")
      XCTAssertEqual(
        verdict(.api2convert), isSuccess ? "delivered" : (400...499).contains(status) ? "failed" : "retry", "\(status)")
      XCTAssertEqual(verdict(.convertly), isSuccess ? "delivered" : "retry", "\(status)")
      XCTAssertEqual(verdict(.koalapic), isSuccess ? "delivered" : "retry", "\(status)")
      XCTAssertEqual(verdict(.enconvert), [200, 201, 202, 204].contains(status) ? "delivered" : "failed", "\(status)")
      XCTAssertEqual(verdict(.mail), isSuccess ? "delivered" : status < 500 ? "retry" : "failed", "\(status)")
    }
  }

  func testRetryAfter_CountsInWonderAndStandardOnly() {
    for status in [429, 503] {
      let hour = OutboundReply(status: status, retryAfter: .seconds(3600))
      XCTAssertEqual(offsets(.wonder, hour), [0, 3600, 7200, 10_800, 14_400, 36_000])
      XCTAssertEqual(offsets(.standard, hour).prefix(3), [0, 3600, 7200])
      XCTAssertEqual(offsets(.convertly, hour), convertly)
      XCTAssertEqual(offsets(.koalapic, hour), koalapic)
      XCTAssertEqual(offsets(.api2convert, hour), status == 429 ? [0] : api2convert)
    }
    XCTAssertEqual(offsets(.wonder, OutboundReply(status: 500, retryAfter: .seconds(3600))), wonder)
    let long = OutboundReply(status: 429, retryAfter: .seconds(1_000_000_000))
    XCTAssertEqual(offsets(.standard, long).prefix(2), [0, 86_400])
    XCTAssertEqual(offsets(.wonder, OutboundReply(status: 429, retryAfter: .seconds(1))), wonder)
  }

  func testTimeLimits() {
    let limits = DeliveryStyle.allCases.map { style in
      (1...3).map { Int(DeliveryPolicy.of(style).timeLimit(attempt: $0) / .seconds(1)) }
    }
    XCTAssertEqual(
      limits, [[10, 10, 10], [3, 10, 10], [10, 10, 10], [30, 30, 30], [10, 10, 10], [20, 20, 20], [60, 60, 60]])
    XCTAssertEqual(DeliveryStyle.allCases.map(DeliveryPolicy.of).map(\.style), DeliveryStyle.allCases)
  }
}
