import Basics
import XCTest

@testable import Storage

final class DiskSamplesTests: XCTestCase {
  private func samples(_ free: [Int64]) -> [DiskSamples.Sample] {
    free.enumerated().map { hour, free in
      .init(at: Timestamp(milliseconds: Int64(hour) * 3_600_000), free: free, total: 1000)
    }
  }

  func testEnd_IsWhereTheLineMeetsNothing() {
    XCTAssertEqual(
      DiskSamples.end(of: samples([500, 490, 480, 470])), Timestamp(milliseconds: (3 + 47) * 3_600_000))
  }

  func testEnd_OfADiskThatDoesNotFill_IsNone() {
    XCTAssertNil(DiskSamples.end(of: samples([500, 500, 500])))
    XCTAssertNil(DiskSamples.end(of: samples([400, 450, 500])))
  }

  func testEnd_OfTooLittle_IsNone() {
    XCTAssertNil(DiskSamples.end(of: []))
    XCTAssertNil(DiskSamples.end(of: samples([500, 400])))
  }

  func testEnd_FurtherThanAYear_IsNone() {
    XCTAssertNil(DiskSamples.end(of: samples([900_000_000, 899_999_999, 899_999_998])))
  }
}
