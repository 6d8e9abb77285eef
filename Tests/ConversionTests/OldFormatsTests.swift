import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// The formats that are read and written here without a library.
final class OldFormatsTests: XCTestCase {
  private static let formats: [Format] = [.bmp, .pnm, .pam, .qoi, .tga, .ico, .cur]

  /// Noise, runs and soft parts, so that every way of coding a pixel is taken.
  private func sample(_ channels: Int) -> Picture {
    Picture(67, 41, channels) { x, y, channel in
      if y < 10 { return 40 }
      if y < 20 { return x / 9 * 20 + channel }
      if y < 30 { return x + y * 2 + channel * 3 }
      return x * 7919 ^ y * 104_729 ^ channel * 331
    }
  }

  func testRoundTrip_KeepsEveryPixelThatTheFormatCanHold() throws {
    let kept: [(Format, [Int])] = [
      (.bmp, [1, 3, 4]), (.pnm, [1, 3]), (.pam, [1, 2, 3, 4]), (.qoi, [3, 4]), (.tga, [1, 3, 4]), (.ico, [4]),
      (.cur, [4]),
    ]
    for (format, channels) in kept {
      for count in channels {
        let picture = sample(count)
        let (_, file) = try convert(try picture.png(), from: .png, to: format)
        XCTAssertEqual(try Sniffer.type(ofFile: file.descriptor).best, format)
        XCTAssertEqual(try Picture(png: convert(file, from: format, to: .png).file), picture, "\(format) \(count)")
      }
    }
  }

  func testRead_CutAnywhere_IsDamagedAndNoMore() throws {
    for format in Self.formats {
      let whole = try convert(try sample(3).png(), from: .png, to: format).file.bytes
      // Nobody needs the marks at the end of QOI and TGA, an icon's mask beside 32 bits of colour, nor what fills a
      // bitmap's last row.
      let unneeded = [.bmp: 3, .qoi: 8, .tga: 26, .ico: 492, .cur: 492][format] ?? 0
      let needed = whole.count - unneeded
      for count in Array(stride(from: 3, to: needed, by: 157)) + [needed - 1] {
        let cut = try TestFile(Array(whole.prefix(count)))
        let failed = failure { _ = try open(format, cut) }
        XCTAssertEqual(failed?.code, .damagedFile, "\(format), \(count) of \(whole.count) bytes")
      }
    }
  }

  func testRead_ChangedAnywhere_NeverDoesMoreThanFail() throws {
    var random = SystemRandom(seed: 7)
    for format in Self.formats {
      let whole = try convert(try sample(4).png(), from: .png, to: format).file.bytes
      for _ in 0..<300 {
        var bytes = whole
        for _ in 0..<(1 + random.next() % 4) {
          // Mostly in the header, where it does the most.
          bytes[Int(random.next() % (random.next() % 3 == 0 ? UInt64(bytes.count) : 64))] = UInt8(random.next() & 255)
        }
        do {
          try open(format, try TestFile(bytes))
        } catch {
          XCTAssert(error is ConversionFailure, "\(format): \(error)")
        }
      }
    }
  }

  func testRead_HeadersOfHugePictures_AreRefused() throws {
    let ends: [(Format, String, Int)] = [
      (.bmp, "width at 18", 18), (.qoi, "width at 4", 4), (.tga, "width at 12", 12),
    ]
    for (format, _, place) in ends {
      var bytes = try convert(try sample(3).png(), from: .png, to: format).file.bytes
      for index in place..<place + (format == .tga ? 4 : 8) {
        bytes[index] = format == .bmp && index % 4 < 2 ? 0 : 0xFF
      }
      if format == .qoi { bytes[4] = 0; bytes[8] = 0 }
      XCTAssertEqual(failure { _ = try open(format, try TestFile(bytes)) }?.code, .tooManyPixels, "\(format)")
    }
    for text in [
      "P6 60000 60000 255\n", "P5 1 1000001 255\n", "P7\nWIDTH 1000001\nHEIGHT 9\nDEPTH 3\nMAXVAL 255\nENDHDR\n",
    ] {
      let format: Format = text.hasPrefix("P7") ? .pam : .pnm
      XCTAssertEqual(failure { _ = try open(format, try TestFile(Array(text.utf8))) }?.code, .tooManyPixels, text)
    }
  }

  func testRead_TextSamples_MayHaveCommentsAndNoSpaces() throws {
    let cases: [(String, Int, [UInt8])] = [
      ("P1 # a\n3 2\n1#b\n01\n0 1 0", 1, [0, 255, 0, 255, 0, 255]),
      ("P2\n2 1\n15\n0 15", 1, [0, 255]),
      ("P3 1 1 255 1 2 3", 3, [1, 2, 3]),
    ]
    for (text, channels, samples) in cases {
      let file = try TestFile(Array(text.utf8))
      let picture = try Picture(png: convert(file, from: .pnm, to: .png).file)
      XCTAssertEqual(picture.channels, channels)
      XCTAssertEqual(picture.samples, samples, text)
    }
    for text in [
      "P2 2 1 15 0 16", "P2 2 1 0 0 0", "P2 2 1 65536 0 0", "P1 2 1 2 2", "P3 1 1 255 1 2", "P2 2 1 15 -1 3",
    ] {
      XCTAssertEqual(
        failure { _ = try open(.pnm, try TestFile(Array(text.utf8))) }?.code, .damagedFile, text)
    }
  }

  func testConvert_DrawingWithRunsOfManyLengths_ReadsBackTheSame() throws {
    for channels in [1, 3, 4] {
      // Runs of 1, 2, 3 … pixels, longer than any that a format can tell in one piece.
      let picture = Picture(700, 9, channels) { x, y, channel in
        let run = Int(Double(2 * x).squareRoot())
        return run * (37 + y) * (channel + 1)
      }
      for format: Format in [.tga, .qoi, .bmp, .pam] {
        let file = try convert(try picture.png(), from: .png, to: format).file
        if format == .tga { XCTAssertEqual(file.bytes[2], channels == 1 ? 11 : 10) }
        let back = try Picture(png: convert(file, from: format, to: .png).file)
        // QOI has no grey: each sample comes three times.
        let step = back.samples.count / picture.samples.count
        let samples = stride(from: 0, to: back.samples.count, by: step).map { back.samples[$0] }
        XCTAssert(samples == picture.samples, "\(format.name), \(channels)")
      }
    }
  }

  func testIcon_OfALargePicture_HasSeveralSizesUpTo256() throws {
    let picture = Picture.gradient(400, 300, 3)
    let (outcome, file) = try convert(try picture.png(), from: .png, to: .ico)
    XCTAssertEqual([outcome.width, outcome.height], [256, 192])
    let bytes = file.bytes
    XCTAssertEqual(Int(bytes[4]), 7)
    XCTAssertEqual((0..<7).map { Int(bytes[6 + $0 * 16]) }, [16, 24, 32, 48, 64, 128, 0])
  }

  /// Reads the whole picture, whatever its first bytes say.
  private func open(_ format: Format, _ file: TestFile) throws {
    let source = try XCTUnwrap(PictureSource.all.first { $0.format == format })
    let reader = try source.open(file.descriptor, ConversionLimits(), ConversionOptions())
    try reader.header.check(ConversionLimits(), maxPixels: nil)
    let rows = try PixelRows(rows: 1, bytesPerRow: reader.header.bytesPerRow)
    for _ in 0..<reader.header.height { try reader.read(1, into: rows.bytes(1)) }
    try reader.finish()
    withExtendedLifetime(file) {}
  }

  /// The same numbers in every run.
  private struct SystemRandom {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
  }
}
