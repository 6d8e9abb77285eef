import Glibc
import XCTest

@testable import Pictures
@testable import Formats
@testable import Conversion

/// Profiles where the output has no place for them; the right values are LittleCMS's.
final class ProfileColoursTests: XCTestCase {
  private func big(_ value: Int, _ count: Int = 4) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> ((count - 1 - $0) * 8)) }
  }

  private func fixed(_ value: Double) -> [UInt8] { big(Int((value * 65_536).rounded())) }

  private func place(_ x: Double, _ y: Double, _ z: Double) -> [UInt8] {
    Array("XYZ \0\0\0\0".utf8) + fixed(x) + fixed(y) + fixed(z)
  }

  private func parametric(_ kind: Int, _ numbers: Double...) -> [UInt8] {
    Array("para\0\0\0\0".utf8) + big(kind, 2) + [0, 0] + numbers.flatMap(fixed)
  }

  private func profile(
    _ space: String, _ tags: [(name: String, data: [UInt8])], connection: String = "XYZ "
  ) throws -> ColourProfile {
    var (table, data): ([UInt8], [UInt8]) = (big(tags.count), [])
    for tag in tags {
      table += Array(tag.name.utf8) + big(132 + tags.count * 12 + data.count) + big(tag.data.count)
      data += tag.data + [UInt8](repeating: 0, count: (4 - tag.data.count % 4) % 4)
    }
    var head = [UInt8](repeating: 0, count: 128)
    head.replaceSubrange(8..<9, with: [2])
    head.replaceSubrange(12..<24, with: Array("mntr\(space)\(connection)".utf8))
    head.replaceSubrange(36..<40, with: Array("acsp".utf8))
    head.replaceSubrange(68..<80, with: [0, 0, 0xF6, 0xD6, 0, 1, 0, 0, 0, 0, 0xD3, 0x2D])
    var bytes = head + table + data
    bytes.replaceSubrange(0..<4, with: big(bytes.count))
    return try XCTUnwrap(bytes.withUnsafeBufferPointer { ColourProfile($0.baseAddress, count: $0.count) })
  }

  private var sRGBCurve: [UInt8] { parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045) }

  private func rgb(_ places: [[UInt8]], _ curve: [UInt8]) -> [(name: String, data: [UInt8])] {
    zip(["rXYZ", "gXYZ", "bXYZ"], places).map { ($0, $1) } + ["rTRC", "gTRC", "bTRC"].map { ($0, curve) }
  }

  private var wide: [[UInt8]] {
    [place(0.51512, 0.2412, -0.00105), place(0.29198, 0.69225, 0.04189), place(0.1571, 0.06657, 0.78407)]
  }

  private var usual: [[UInt8]] {
    [
      place(0.4360747, 0.2225045, 0.0139322), place(0.3850649, 0.7168786, 0.0971045),
      place(0.1430804, 0.0606169, 0.7141733),
    ]
  }

  private func png(_ profile: ColourProfile, _ samples: [UInt8], channels: Int) throws -> TestFile {
    let file = try TestFile()
    let header = PictureHeader(width: samples.count / channels, height: 1, channels: channels)
    let writer = try PNGWriter(file.descriptor, header, .drawing, PictureAttachments(profile: profile))
    try samples.withUnsafeBytes { try writer.write(1, from: $0) }
    _ = try writer.finish()
    XCTAssertNotNil(try PNGReader(file.descriptor).profile)
    return file
  }

  /// The samples of what a target without profiles holds, read back.
  private func through(
    _ format: Format, _ file: TestFile, _ options: [String: String] = [:]
  ) throws -> (samples: [UInt8], warnings: [ConversionWarning]) {
    let (outcome, output) = try convert(file, from: .png, to: format, options)
    return (try Picture(png: convert(output, from: format, to: .png).file).samples, outcome.warnings)
  }

  private let samples: [UInt8] = [200, 100, 50, 128, 128, 128, 30, 160, 90]

  private func assertNear(_ found: [UInt8], _ expected: [UInt8], line: UInt = #line) {
    XCTAssertEqual(found.count, expected.count, line: line)
    XCTAssert(zip(found, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(found)", line: line)
  }

  func testCurvesAndMatrix_BecomeSRGB_WhereNoProfileCanStand() throws {
    let file = try png(profile("RGB ", rgb(wide, sRGBCurve)), samples, channels: 3)
    for format: Format in [.bmp, .tga, .qoi, .pnm, .pam] {
      let (found, warnings) = try through(format, file)
      assertNear(found, [215, 93, 31, 128, 128, 128, 0, 163, 82])
      XCTAssertEqual(warnings, [])
    }
    let kept = try convert(file, from: .png, to: .png).file
    XCTAssertEqual(try Picture(png: kept).samples, samples)
    XCTAssertNotNil(try PNGReader(kept.descriptor).profile)
  }

  func testCurvesOfEveryKind_AreWorkedOut() throws {
    let table =
      Array("curv\0\0\0\0".utf8) + big(257) + (0..<257).flatMap { big(Int(pow(Double($0) / 256, 1.8) * 65_535), 2) }
    let curves = [
      Array("curv\0\0\0\0".utf8) + big(1) + big(461, 2), table, parametric(0, 1.8), parametric(1, 1.8, 1, 0),
      parametric(2, 1.8, 1, 0, 0), parametric(4, 1.8, 1, 0, 1, 0, 0, 0),
    ]
    for curve in curves {
      let file = try png(profile("RGB ", rgb(usual, curve)), samples, channels: 3)
      assertNear(try through(.bmp, file).samples, [210, 119, 65, 146, 146, 146, 40, 176, 109])
    }
  }

  func testGrey_ByItsOwnCurve_AndOfColour_BecomesSRGB() throws {
    let grey = try TestFile()
    let writer = try JPEGWriter(
      grey.descriptor, PictureHeader(width: 8, height: 8, channels: 1), JPEGWriter.Settings(quality: 100),
      PictureAttachments(profile: profile("GRAY", [("kTRC", parametric(0, 1.8))])))
    try [UInt8](repeating: 128, count: 64).withUnsafeBytes { try writer.write(8, from: $0) }
    _ = try writer.finish()
    let tga = try convert(grey, from: .jpeg, to: .tga).file
    assertNear(
      try Picture(png: convert(tga, from: .tga, to: .png).file).samples, [UInt8](repeating: 146, count: 64))
    let colour = try png(profile("RGB ", rgb(usual, parametric(0, 1.8))), samples, channels: 3)
    assertNear(Array(try through(.png, colour, ["grayscale": "true"]).samples[1...1]), [146])
  }

  func testGreyInLab_TellsOfLightness() throws {
    let grey = try TestFile()
    let writer = try JPEGWriter(
      grey.descriptor, PictureHeader(width: 8, height: 8, channels: 1), JPEGWriter.Settings(quality: 100),
      PictureAttachments(profile: profile("GRAY", [("kTRC", parametric(0, 1))], connection: "Lab ")))
    try [UInt8](repeating: 128, count: 64).withUnsafeBytes { try writer.write(8, from: $0) }
    _ = try writer.finish()
    let tga = try convert(grey, from: .jpeg, to: .tga).file
    assertNear(
      try Picture(png: convert(tga, from: .tga, to: .png).file).samples, [UInt8](repeating: 119, count: 64))
  }

  /// A picture with another laid over all of it, as PNG.
  private func laid(_ mark: TestFile, over base: TestFile, to target: Format = .png) throws -> (
    file: TestFile, warnings: [ConversionWarning]
  ) {
    let output = try TestFile()
    let files = ConversionFiles(sources: [base.descriptor], overlay: mark.descriptor, output: output.descriptor)
    let outcome = try Catalogue.standard.convert(
      Conversion(from: .png, to: target, options: ConversionOptions(["watermark_margin": "0"])),
      limits: ConversionLimits(), files: files)
    withExtendedLifetime((mark, base)) {}
    return (output, outcome.warnings)
  }

  func testWatermark_LooksAsItDidAlone_WhateverThePictureIs() throws {
    let wideProfile = try profile("RGB ", rgb(wide, sRGBCurve))
    let plain = try Picture(2, 1, 3) { _, _, _ in 7 }.png()
    let inWide = try png(wideProfile, Array(samples[..<6]), channels: 3)
    // Profile over none, none over a profile that stays, over one that does not, and over the same.
    let (converted, warnings) = try laid(inWide, over: plain)
    assertNear(try Picture(png: converted).samples, [215, 93, 31, 128, 128, 128])
    XCTAssertEqual(warnings, [])
    let mark = try Picture(2, 1, 3) { column, _, channel in [[215, 93, 31], [128, 128, 128]][column][channel] }.png()
    let base = try png(wideProfile, [1, 2, 3, 4, 5, 6], channels: 3)
    let kept = try laid(mark, over: base).file
    assertNear(try Picture(png: kept).samples, [200, 100, 50, 128, 128, 128])
    XCTAssertNotNil(try PNGReader(kept.descriptor).profile)
    let bitmap = try laid(mark, over: base, to: .bmp).file
    XCTAssertEqual(
      try Picture(png: convert(bitmap, from: .bmp, to: .png).file).samples, [215, 93, 31, 128, 128, 128])
    assertNear(try Picture(png: laid(inWide, over: base).file).samples, Array(samples[..<6]))
    let tables = try png(
      profile("RGB ", rgb(wide, sRGBCurve) + [("A2B0", Array("mft2".utf8))]), Array(samples[..<6]), channels: 3)
    XCTAssertEqual(try laid(tables, over: plain).warnings, [.profileLeftOut])
  }

  func testWatermark_OverGreyWithACurve_KeepsTheCurveOrTheColour() throws {
    let curve =
      Array("curv\0\0\0\0".utf8) + big(257) + (0..<257).flatMap { big(Int(pow(Double($0) / 256, 1.8) * 65_535), 2) }
    let base = try png(profile("GRAY", [("kTRC", curve)]), [128, 128], channels: 1)
    let grey = try laid(Picture(1, 1, 1) { _, _, _ in 146 }.png(), over: base).file
    assertNear(try Picture(png: grey).samples, [128, 128])
    XCTAssertNotNil(try PNGReader(grey.descriptor).profile)
    let (colour, warnings) = try laid(Picture(1, 1, 3) { _, _, channel in [200, 100, 50][channel] }.png(), over: base)
    assertNear(try Picture(png: colour).samples, [146, 146, 146, 200, 100, 50])
    XCTAssertNil(try PNGReader(colour.descriptor).profile)
    XCTAssertEqual(warnings, [])
  }

  func testProfileOfSRGB_ChangesNoPixel() throws {
    let file = try png(profile("RGB ", rgb(usual, sRGBCurve)), samples, channels: 3)
    XCTAssertEqual(try through(.bmp, file).samples, samples)
  }

  func testTables_AndWhatCannotBeRead_GiveAWarning() throws {
    let broken: [[(name: String, data: [UInt8])]] = [
      rgb(wide, sRGBCurve) + [("A2B0", Array("mft2".utf8) + [UInt8](repeating: 0, count: 40))],
      rgb(wide, Array("curv\0\0\0\0".utf8) + big(1000)), rgb(wide, parametric(9)),
      Array(rgb(wide, sRGBCurve).dropLast()),
      rgb(wide, parametric(1, 2, 0, 1)),
    ]
    for tags in broken.prefix(4) {
      let file = try png(profile("RGB ", tags), samples, channels: 3)
      let (found, warnings) = try through(.bmp, file)
      XCTAssertEqual(found, samples)
      XCTAssertEqual(warnings, [.profileLeftOut])
      XCTAssertEqual(try convert(file, from: .png, to: .png).outcome.warnings, [])
    }
    for tags in broken { _ = try profile("RGB ", tags).meaning(channels: 3) }
    let ink = try profile("CMYK", [("A2B0", [1, 2, 3, 4])])
    XCTAssertEqual(ink.meaning(channels: 3), .unknown)
  }

  func testTags_AnywhereElse_AreNotRead() throws {
    let whole = try profile("RGB ", rgb(wide, sRGBCurve)).bytes
    for place in 128..<132 + 7 * 12 {
      for value: UInt8 in [0, 0x7F, 0xFF] {
        var bytes = whole
        bytes[place] = value
        let changed = bytes.withUnsafeBufferPointer { ColourProfile($0.baseAddress, count: $0.count) }
        _ = changed?.meaning(channels: 3)
      }
    }
  }
}
