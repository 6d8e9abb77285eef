import Basics
@testable import Conversion
@testable import Formats
@testable import Pictures
import XCTest

/// Large pictures by one thread and by two, which must come to the same.
final class TwoThreadsTests: XCTestCase {
  /// Just over a megapixel: soft parts with noise, of which PNG makes a photograph.
  private static let photograph = Picture(1210, 830, 3) { x, y, channel in
    (x + y * 2 + channel * 30) / 9 + (x &* 7919 ^ y &* 104_729) >> 3 & 15
  }
  private static let withAlpha = Picture(1210, 830, 4) { x, y, channel in
    channel == 3 ? x & 255 : (x * channel + y) / 7 + (x &* 7919 ^ y) & 7
  }
  private static let drawing = Picture(1210, 830, 3) { x, y, _ in (x / 40 * 73) ^ (y / 30 * 151) }

  private struct Result: Equatable {
    var outcome: ConversionOutcome?
    var failure: ConversionFailure?
    var bytes: [UInt8] = []
  }

  private func run(
    _ input: TestFile, _ from: Format, _ to: Format, _ options: [String: String], _ thread: SecondThread?,
    overlay: TestFile? = nil
  ) throws -> Result {
    let output = try TestFile()
    var limits = ConversionLimits()
    limits.thread = thread
    var result = Result()
    do throws(ConversionFailure) {
      guard let options = try? ConversionOptions(options) else { throw ConversionFailure(.internalError, "options") }
      result.outcome = try Catalogue.standard.convert(
        Conversion(from: from, to: to, options: options), limits: limits,
        files: ConversionFiles(
          sources: [input.descriptor], overlay: overlay?.descriptor, output: output.descriptor))
      result.bytes = output.bytes
    } catch {
      result.failure = error
    }
    return result
  }

  /// Converts in both ways; what comes of it is the same, and is given back.
  @discardableResult
  private func runBoth(
    _ input: TestFile, _ from: Format, _ to: Format, _ options: [String: String] = [:], overlay: TestFile? = nil,
    line: UInt = #line
  ) throws -> Result {
    let one = try run(input, from, to, options, nil, overlay: overlay)
    let two = try run(input, from, to, options, SecondThread(), overlay: overlay)
    XCTAssertEqual(one.failure, two.failure, "\(from) to \(to) \(options)", line: line)
    XCTAssertEqual(one.outcome, two.outcome, "\(from) to \(to) \(options)", line: line)
    XCTAssert(one.bytes == two.bytes, "\(from) to \(to) \(options): other bytes", line: line)
    return two
  }

  func testEveryFormat_IsWrittenTheSame() throws {
    let jpeg = try Self.photograph.jpeg()
    let png = try Self.withAlpha.png()
    for target in PictureTarget.all.map(\.format) {
      for (input, format) in [(jpeg, Format.jpeg), (png, .png)] {
        let result = try runBoth(input, format, target)
        XCTAssertNil(result.failure)
        XCTAssertFalse(result.bytes.isEmpty)
      }
    }
  }

  func testEveryFormat_IsReadTheSame() throws {
    let png = try Self.withAlpha.png()
    for source in PictureSource.all.map(\.format) {
      let file = try TestFile(run(png, .png, source, [:], nil).bytes)
      XCTAssertNil(try runBoth(file, source, .jpeg).failure)
      XCTAssertNil(try runBoth(file, source, .png).failure)
    }
  }

  func testDrawingsAndPalettes_AreReadAndWrittenTheSame() throws {
    var palette = PNGBuilder(width: 1300, height: 800, bits: 8, colorType: 3)
    palette.chunk("PLTE", (0..<768).map { UInt8(truncatingIfNeeded: $0 &* 37) })
    palette.finish(
      raw: (0..<800).flatMap { y in [0] + (0..<1300).map { UInt8(truncatingIfNeeded: $0 / 9 ^ y / 5) } }, level: 3)
    for file in [try Self.drawing.png(), try TestFile(palette.bytes)] {
      XCTAssertNil(try runBoth(file, .png, .png).failure)
      XCTAssertNil(try runBoth(file, .png, .jpeg).failure)
    }
  }

  func testEachOption_IsDoneTheSame() throws {
    let (jpeg, png) = (try Self.photograph.jpeg(), try Self.withAlpha.png())
    let wishes: [[String: String]] = [
      ["width": "1150", "height": "900", "fit": "contain"], ["width": "1150", "filter": "box"], ["rotate": "90"],
      ["flip": "both"], ["grayscale": "true"], ["background": "#102030"], ["crop_y": "2", "crop_width": "1209"],
      ["progressive": "true", "subsampling": "444"], ["compression": "1"], ["target_size": "90000"],
      ["thumbnail": "300"], ["strip": "false", "dpi": "300"],
    ]
    for options in wishes {
      for target in [Format.jpeg, .png] {
        XCTAssertNil(try runBoth(jpeg, .jpeg, target, options).failure)
        XCTAssertNil(try runBoth(png, .png, target, options).failure)
      }
    }
  }

  func testWatermark_ThatIsLargeItself_IsLaidOnTheSame() throws {
    let mark = try Self.withAlpha.png()
    for (file, format) in [(try Self.photograph.png(), Format.png), (try Self.photograph.jpeg(), .jpeg)] {
      XCTAssertNil(try runBoth(file, format, .jpeg, ["watermark_opacity": "40"], overlay: mark).failure)
    }
  }

  func testFileThatIsCutOff_FailsTheSame() throws {
    for (file, format) in [
      (try Self.photograph.png(), Format.png), (try Self.photograph.jpeg(), .jpeg),
      (try TestFile(run(Self.photograph.png(), .png, .qoi, [:], nil).bytes), .qoi),
    ] {
      let whole = file.bytes
      for share in [1, 10, 50, 90, 99] {
        let cut = try TestFile(Array(whole.prefix(whole.count * share / 100)))
        for target in [Format.png, .jpeg] {
          // libjpeg fills up what is missing of a JPEG's end; both ways do.
          let result = try runBoth(cut, format, target)
          if format != .jpeg { XCTAssertNotNil(result.failure, "\(format) \(share) %") }
        }
      }
    }
  }

  func testFileWithWrongBytes_ComesToTheSame() throws {
    for (file, format) in [(try Self.photograph.png(), Format.png), (try Self.photograph.jpeg(), .jpeg)] {
      let whole = file.bytes
      for place in stride(from: whole.count / 20, to: whole.count, by: whole.count / 5) {
        var changed = whole
        changed[place] ^= 0x55
        try runBoth(try TestFile(changed), format, .jpeg)
        guard format == .png else { continue }
        // With right sums the fault is in the pixels' stream alone.
        PNGBuilder.repair(&changed)
        try runBoth(try TestFile(changed), format, .png)
      }
    }
  }

  func testOneThread_ServesManyPicturesInTurn() throws {
    let thread = try SecondThread()
    let jpeg = try Self.photograph.jpeg()
    let cut = try TestFile(Array(Self.photograph.png().bytes.dropLast(5000)))
    let expected = try run(jpeg, .jpeg, .png, [:], nil)
    for _ in 0..<3 {
      XCTAssertEqual(try run(jpeg, .jpeg, .png, [:], thread), expected)
      XCTAssertEqual(try run(cut, .png, .jpeg, [:], thread).failure?.code, .damagedFile)
    }
  }

  func testProgress_RisesAndIsToldOnTheCallersThread() throws {
    let jpeg = try Self.photograph.jpeg()
    let output = try TestFile()
    var limits = ConversionLimits()
    limits.thread = try SecondThread()
    let caller = pthread_self()
    var told: [Int] = []
    _ = try Catalogue.standard.convert(
      Conversion(from: .jpeg, to: .png), limits: limits,
      files: ConversionFiles(sources: [jpeg.descriptor], output: output.descriptor)
    ) { percent in
      XCTAssertEqual(pthread_self(), caller)
      told.append(percent)
    }
    XCTAssertEqual(told, told.sorted())
    XCTAssertEqual(told.last, 100)
    withExtendedLifetime(jpeg) {}
  }
}
