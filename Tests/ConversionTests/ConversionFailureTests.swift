import Basics
import Glibc
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

final class ConversionFailureTests: XCTestCase {
  func testInit_OfASystemFailure_HasItsOwnCode() {
    let cases: [(Int32, ConversionFailure.Code)] = [
      (ENOSPC, .diskFull), (EDQUOT, .diskFull), (EFBIG, .outputTooLarge), (EIO, .internalError),
    ]
    for (number, code) in cases {
      XCTAssertEqual(ConversionFailure(SystemFailure("pwrite", code: number)).code, code)
    }
  }

  func testWrite_OnAFullDisk_IsDiskFull() throws {
    let full = open("/dev/full", O_RDWR)
    defer { close(full) }
    let failed = failure {
      let writer = try JPEGWriter(full, PictureHeader(width: 8, height: 8, channels: 3), JPEGWriter.Settings())
      let rows = [UInt8](repeating: 0, count: 192)
      try rows.withUnsafeBytes { try writer.write(8, from: $0) }
      _ = try writer.finish()
    }
    XCTAssertEqual(failed?.code, .diskFull)
  }

  func testIsWorkerDeath_IsTrueForSignalMemoryAndTime() {
    let deaths = ConversionFailure.Code.allCases.filter { ConversionFailure($0, "").isWorkerDeath }
    XCTAssertEqual(deaths, [.timeLimit, .memoryLimit, .converterDied])
  }

  func testChildReport_FromAHostileChild_IsBounded() throws {
    let refused = [
      #"{"progress":101}"#, #"{"progress":-1}"#, #"{"failed":"no_such_code","message":"x"}"#,
      #"{"size":-1,"width":1,"height":1,"sha256":"00"}"#, #"{"size":1,"width":0,"height":1,"sha256":""}"#, "[]", "7",
    ]
    for text in refused { XCTAssertNil(ChildReport(try JSONReader.parse(text.utf8)), text) }
    let long = JSONValue.object([
      ("failed", .string("damaged_file")), ("message", .string("a\u{1B}[2J\n" + String(repeating: "é", count: 900))),
    ])
    guard case .failed(let failure) = ChildReport(long) else { return XCTFail("not a failure") }
    XCTAssertEqual(failure.message, "a[2J")
  }
}
