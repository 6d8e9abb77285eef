import Basics
import Glibc
import TestSupport
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// What an output may have: known beforehand where pixels decide, else kept by the kernel.
final class OutputLimitTests: XCTestCase {
  /// The header of a QOI picture of 7000 x 7000 pixels, none of which follow.
  private static let promise = Array("qoif".utf8) + [0, 0, 0x1B, 0x58, 0, 0, 0x1B, 0x58, 3, 0]

  private func failure(_ input: TestFile, _ to: Format, _ options: [String: String] = [:], most: Int64)
    -> ConversionFailure?
  {
    ConversionTests.failure {
      var limits = ConversionLimits()
      limits.maxOutputBytes = most
      let output = try TestFile()
      _ = try Catalogue.standard.convert(
        Conversion(from: nil, to: to, options: try ConversionOptions(options)), limits: limits,
        files: ConversionFiles(sources: [input.descriptor], output: output.descriptor))
    }
  }

  func testFormatWhosePixelsDecide_IsRefusedBeforeAnyIsDecoded() throws {
    let input = try TestFile(Self.promise)
    let sizes: [(Format, Int64)] = [(.bmp, 147_000_054), (.pnm, 147_000_017), (.pam, 147_000_065)]
    for (format, size) in sizes {
      let failed = failure(input, format, most: size - 1)
      XCTAssertEqual(failed?.code, .outputTooLarge, "\(format)")
      XCTAssertEqual(failed?.excess, .known(size), "\(format)")
      XCTAssertEqual(failed?.message, "the output would have \(size) bytes, and may have \(size - 1)")
      // With room the missing pixels are what is wrong.
      XCTAssertEqual(failure(input, format, most: size)?.code, .damagedFile, "\(format)")
      // What counts is the picture that is written.
      XCTAssertEqual(failure(input, format, ["width": "70"], most: 15_000)?.code, .damagedFile, "\(format)")
    }
  }

  func testSizes_AreThoseOfTheFiles() throws {
    for (width, channels) in [(1, 1), (3, 1), (5, 2), (7, 3), (8, 3), (9, 4)] {
      let input = try Picture.gradient(width, 5, channels).png()
      for format in [Format.bmp, .pnm, .pam] {
        let size = try convert(input, from: .png, to: format).outcome.size
        let failed = failure(input, format, most: size - 1)
        XCTAssertEqual(failed?.excess, .known(size), "\(format) \(width) x 5 x \(channels)")
      }
    }
  }

  func testPlainTGA_IsRefusedBeforeItIsWritten() throws {
    let header = PictureHeader(width: 9, height: 5, channels: 3)
    let rows = [UInt8](repeating: 1, count: header.bytesPerRow * 5)
    let output = try TestFile()
    let size = try {
      let writer = try TGAWriter(output.descriptor, header)
      try rows.withUnsafeBytes { try writer.write(5, from: $0) }
      return try writer.finish()
    }()
    let refused = ConversionTests.failure {
      _ = try TGAWriter(output.descriptor, header, .photograph, mostBytes: size - 1)
    }
    XCTAssertEqual(refused?.excess, .known(size))
  }

  func testLimitOfOneJob_IsKeptByTheKernel_AndHoldsNoOtherJob() throws {
    let pool = WorkerPool(executable: BuiltProgram.path, workers: 1, jobsPerChild: 100, log: .silent)
    defer { pool.close() }
    let input = try Picture.gradient(200, 200, 3).png()
    func size(most: Int64) throws -> Int64 {
      let output = try TestFile()
      return try pool.convert(
        Conversion(from: .png, to: .jpeg),
        files: ConversionFiles(sources: [input.descriptor], output: output.descriptor), owner: 7,
        timeLimit: .seconds(60), mostBytes: most
      ).size
    }
    let usual = try size(most: .max)
    for _ in 0..<2 {
      let failed = ConversionTests.failure { _ = try size(most: usual - 1) }
      XCTAssertEqual(failed?.code, .outputTooLarge)
      XCTAssertEqual(failed?.excess, .unknown)
      // A child that was kept for less is no reason to fail.
      XCTAssertEqual(try size(most: usual), usual)
      XCTAssertEqual(try size(most: .max), usual)
    }
  }

  func testArchive_AsksBeforeItGrows() throws {
    let source = try TestFile([UInt8](repeating: 7, count: 1 << 20) + Array("end".utf8))
    let output = try TestFile()
    var left: Int64 = 1000
    let writer = ZIPWriter(output.descriptor) { (bytes) throws(ConversionFailure) in
      left -= bytes
      if left < 0 { throw ConversionFailure.overLimit }
    }
    let failed = ConversionTests.failure {
      try writer.add("a", from: source.descriptor, at: Timestamp(milliseconds: 0))
      _ = try writer.finish()
    }
    XCTAssertEqual(failed?.excess, .unknown)
    XCTAssertLessThanOrEqual(output.bytes.count, 1000)
  }
}
